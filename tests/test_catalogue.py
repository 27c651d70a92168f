"""The scenarios that can be chosen now: files that change, files that break, and scenarios that are no files."""

import os
import shutil
from pathlib import Path

import pytest

from mockserver import MockServerError
from mockserver.contract import Contract
from mockserver.samples.sampler import Sampler
from mockserver.scenarios import Catalogue, Compiler

GOOD = "description: One.\n"
WITH_STUB = "description: Two.\nstubs:\n  - operation: authorizePaymentSession\n    reply: {status: 409}\n"


@pytest.fixture
def compiler(contract: Contract) -> Compiler:
    """Return a compiler for the contract."""
    return Compiler(contract, Sampler(contract))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one scenario, `mine`."""
    (tmp_path / "mine.yaml").write_text(GOOD)
    return tmp_path


@pytest.fixture
def catalogue(compiler: Compiler, folder: Path) -> Catalogue:
    """Return a catalogue of the folder."""
    return Catalogue(compiler, [folder])


def save(path: Path, text: str) -> None:
    """Write a file whose time is another one than before, as an editor would a moment later."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    os.utime(path, ns=(before + 10**9, before + 10**9))


class TestFiles:
    """Scenarios of files follow their files."""

    def test_a_pipe_is_not_read(self, catalogue: Catalogue, folder: Path) -> None:
        """It would never end: it is named, and the files beside it are read."""
        os.mkfifo(folder / "pipe.yaml")
        (folder / "other.yaml").write_text(GOOD)
        catalogue.reload()

        assert [f"{folder}/pipe.yaml:1: is no file that could be read to its end"] == list(map(str, catalogue.problems))
        assert ["mine", "other"] == list(catalogue)

    def test_a_file_that_cannot_be_used_is_named_to_who_asks_for_it(self, catalogue: Catalogue, folder: Path) -> None:
        """With what is wrong with it; a last good version is said to be kept only where there is one."""
        (folder / "new.yaml").write_text("stubs: []")
        save(folder / "mine.yaml", "stubs: []")
        catalogue.reload()
        kept = {Path(problem.path).stem: catalogue.has_kept(problem) for problem in catalogue.problems}

        assert {"mine": True, "new": False} == kept
        with pytest.raises(
            MockServerError, match=r"no scenario 'new'; known: mine; .*new\.yaml:1: 'description' is missing"
        ):
            catalogue.scenario("new")

    def test_what_editors_leave_behind_is_no_scenario(self, catalogue: Catalogue, folder: Path) -> None:
        """Hidden files and links that lead nowhere, as Emacs makes them: not read, and not looked at again and again."""
        (folder / ".#mine.yaml").symlink_to("nobody@nowhere")
        (folder / ".mine.yaml").write_text("half-writ")
        (folder / "mine.yaml~").write_text("what it was before")

        assert not catalogue.is_stale()
        assert not catalogue.reload()
        assert ["mine"] == list(catalogue)

    def test_json_and_any_case_are_read(self, catalogue: Catalogue, folder: Path) -> None:
        """As a JSON library writes it, with escapes in pairs; the scenario's name is the file's in lower case."""
        (folder / "two.json").write_text('{\n\t"description": "\\ud83d\\ude00 \\\\ud83d\\\\ude00"\n}')
        (folder / "THREE.YAML").write_text(GOOD)
        assert catalogue.is_stale()
        catalogue.reload()

        assert ["mine", "three", "two"] == list(catalogue)
        assert "\U0001f600 \\ud83d\\ude00" == catalogue["two"].description
        assert not catalogue.is_stale()

    def test_a_single_file_is_followed_alone(self, compiler: Compiler, folder: Path) -> None:
        """Its changes are seen; what lies beside it is not read; while it is gone its scenario stays."""
        (folder / "broken.yaml").write_text("x: 1")
        catalogue = Catalogue(compiler, [folder / "mine.yaml"])
        assert not catalogue.is_stale()
        save(folder / "mine.yaml", WITH_STUB)
        assert catalogue.is_stale()
        assert catalogue.reload()
        assert ["Two."] == [scenario.description for scenario in catalogue.values()]
        (folder / "mine.yaml").unlink()
        assert catalogue.reload()

        assert ["mine"] == list(catalogue)
        assert {str(folder / "mine.yaml")} == {problem.path for problem in catalogue.problems}

    def test_a_changed_file_is_another_scenario(self, catalogue: Catalogue, folder: Path) -> None:
        """Its stubs are there, its sequences start anew, and what did not change is the same as before."""
        (folder / "other.yaml").write_text(GOOD)
        assert catalogue.reload()
        before, other = catalogue["mine"], catalogue["other"]
        save(folder / "mine.yaml", WITH_STUB)

        assert catalogue.reload()
        assert before.revision != catalogue["mine"].revision
        assert 1 == len(list(catalogue["mine"]))
        assert other is catalogue["other"]

    def test_nothing_changed_is_no_change(self, catalogue: Catalogue, folder: Path) -> None:
        """Not even where a file was saved as it was."""
        before = catalogue["mine"]
        assert not catalogue.reload()
        save(folder / "mine.yaml", GOOD)

        assert not catalogue.reload()
        assert before is catalogue["mine"]

    def test_new_files_and_files_that_go(self, catalogue: Catalogue, folder: Path) -> None:
        """They are scenarios from then on, or no more."""
        (folder / "new.yaml").write_text(GOOD)
        (folder / "mine.yaml").unlink()

        assert catalogue.reload()
        assert ["new"] == list(catalogue)

    def test_a_broken_file_leaves_its_last_good_version(self, catalogue: Catalogue, folder: Path) -> None:
        """The problem names file and line; other files change meanwhile; mended, the problem is gone."""
        good = catalogue["mine"]
        save(folder / "mine.yaml", "description: One.\nstub: []\n")
        (folder / "new.yaml").write_text(GOOD)

        assert catalogue.reload()
        assert good is catalogue["mine"]
        assert "new" in catalogue
        (problem,) = catalogue.problems
        assert (str(folder / "mine.yaml"), 2) == (problem.path, problem.line)
        assert problem.message.startswith("no key 'stub'; did you mean 'stubs'?")
        assert not catalogue.reload()

        save(folder / "mine.yaml", WITH_STUB)
        assert catalogue.reload()
        assert [] == catalogue.problems
        assert good is not catalogue["mine"]

    def test_a_new_file_that_is_broken_is_no_scenario(self, catalogue: Catalogue, folder: Path) -> None:
        """There is no good version of it."""
        (folder / "new.yaml").write_text("stubs: 7")
        (folder / "gone.yaml").symlink_to(folder / "nowhere")
        catalogue.reload()

        assert ["mine"] == list(catalogue)
        assert {"new.yaml", "gone.yaml"} == {Path(problem.path).name for problem in catalogue.problems}

    def test_a_folder_that_is_gone_for_a_moment_keeps_its_scenarios(self, catalogue: Catalogue, folder: Path) -> None:
        """A problem says so, and it is over when the folder is there again."""
        away = folder.with_name("away")
        assert not catalogue.is_stale()
        shutil.move(folder, away)
        assert catalogue.is_stale()
        assert catalogue.reload()

        assert ["mine"] == list(catalogue)
        said = f"{folder}: cannot be read as a folder of scenarios: No such file or directory"
        assert said in list(map(str, catalogue.problems))
        shutil.move(away, folder)
        assert catalogue.reload()
        assert [] == catalogue.problems

    def test_a_file_that_is_being_written_counts_as_it_was(self, catalogue: Catalogue, folder: Path) -> None:
        """A moment later it is read; whoever asks for it now gets it now."""
        (folder / "mine.yaml").write_text("")
        (folder / "new.yaml").write_text("")

        assert not catalogue.take(catalogue.read(settled=60))
        assert ["mine"] == list(catalogue)
        assert catalogue.reload()
        assert 2 == len(catalogue.problems)

    def test_two_files_of_one_name(self, catalogue: Catalogue, folder: Path, compiler: Compiler) -> None:
        """The first stays; the second is a problem, and at the start it is an error."""
        (folder / "mine.yml").write_text(WITH_STUB)
        catalogue.reload()

        assert "One." == catalogue["mine"].description
        assert [f"{folder}/mine.yml:1: 'mine' is already the name of {folder}/mine.yaml"] == list(
            map(str, catalogue.problems)
        )
        with pytest.raises(MockServerError, match="is already the name of"):
            Catalogue(compiler, [folder])


class TestAdded:
    """Scenarios that are no files."""

    @pytest.mark.parametrize("name", ["mine\n", "x" * 65, "a/b", "A", ""])
    def test_a_name_can_stand_in_a_url_and_a_header(self, catalogue: Catalogue, name: str) -> None:
        """No line break, not too long."""
        with pytest.raises(MockServerError, match="cannot stand in a URL"):
            catalogue.add(name, GOOD)

    def test_what_is_added_has_a_bound(self, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that does not fit in is refused; one that takes another's place, or comes after it is gone, is not."""
        monkeypatch.setattr("mockserver.scenarios.catalogue.MOST_ADDED", 2 * (2000 + 20 * len(GOOD)))
        catalogue.add("one", GOOD)
        catalogue.add("two", GOOD)
        with pytest.raises(MockServerError, match="2 scenarios were added already, and no more fit in; remove some"):
            catalogue.add("three", GOOD)
        with pytest.raises(MockServerError, match="no more fit in"):
            catalogue.add("two", WITH_STUB)
        assert ["mine", "one", "two"] == list(catalogue)
        assert not catalogue.add("two", GOOD)[1]
        catalogue.remove("one")

        assert catalogue.add("three", GOOD)[1]

    def test_one_is_added_changed_and_removed(self, catalogue: Catalogue) -> None:
        """It is chosen like any other, and files do not mind."""
        scenario, is_new = catalogue.add("extra", WITH_STUB)
        assert is_new
        assert catalogue.is_inline("extra")
        assert ["(inline)/extra:3"] == [stub.where for stub in scenario]
        assert not catalogue.add("extra", GOOD)[1]
        catalogue.reload()
        assert "One." == catalogue.scenario("extra").description
        catalogue.remove("extra")

        assert ["mine"] == list(catalogue)
        assert 1 == len(catalogue)

    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            ("mine", GOOD, "scenario 'mine' is a file, .*mine.yaml; change that, or take a name of your own"),
            ("extra", "description: x\nstubz: []", r"\(inline\)/extra:2: no key 'stubz'; did you mean 'stubs'\?"),
            ("extra", "a: [", r"\(inline\)/extra:2: is not YAML"),
            ("extra", "", r"\(inline\)/extra:1: is empty"),
            ("Ex tra", GOOD, r"'Ex tra' cannot stand in a URL"),
            ("extra", WITH_STUB.replace("409", "418"), r"\(inline\)/extra:4: .*status 418 is not documented"),
        ],
    )
    def test_what_is_wrong_adds_nothing(self, catalogue: Catalogue, name: str, text: str, message: str) -> None:
        """The error names the line, and all is as it was."""
        with pytest.raises(MockServerError, match=message):
            catalogue.add(name, text)

        assert ["mine"] == list(catalogue)

    def test_only_what_was_added_can_be_removed(self, catalogue: Catalogue) -> None:
        """A file is removed by removing the file."""
        with pytest.raises(MockServerError, match=r"scenario 'mine' is a file, .*; only what was added can be removed"):
            catalogue.remove("mine")
        with pytest.raises(MockServerError, match="no scenario 'nine'; did you mean 'mine'\\?"):
            catalogue.remove("nine")

    def test_a_file_of_the_same_name_comes_first(self, catalogue: Catalogue, folder: Path) -> None:
        """As long as it is there."""
        catalogue.add("extra", WITH_STUB)
        (folder / "extra.yaml").write_text(GOOD)
        catalogue.reload()
        assert "One." == catalogue["extra"].description
        (folder / "extra.yaml").unlink()
        catalogue.reload()

        assert "Two." == catalogue["extra"].description
