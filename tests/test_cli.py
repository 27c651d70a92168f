"""The command line: what each command prints, and that every setting is a flag and an environment variable."""

import json
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import click
import jsonschema_rs
import pytest
import yaml

from mockserver import Settings
from mockserver.cli import cli, main
from mockserver.contract import Contract
from mockserver.scenarios import shipped_scenarios

SHIPPED = sorted(shipped_scenarios().glob("*.yaml"))
SAID: dict[str, tuple[str, Any]] = {  # each setting as people write it, and what it then is
    "host": ("0.0.0.0", "0.0.0.0"),  # noqa: S104
    "port": ("9100", 9100),
    "scenario": ("busy", "busy"),
    "scenarios": ("folder", (Path("folder"),)),
    "data": ("shop.json", Path("shop.json")),
    "seed": ("7", "7"),
    "clock": ("2024-01-06T03:57:20Z", "2024-01-06T03:57:20Z"),
    "sandboxes": ("5", 5),
    "state": ("6", 6),
    "journal": ("7", 7),
    "control_token": ("a secret that is long enough", "a secret that is long enough"),
    "compress": ("", True),
    "cors": ("http://shop.test", ("http://shop.test",)),
}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an environment without any setting, on a wide terminal."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MOCKSERVER_{name.upper()}", raising=False)
    monkeypatch.setenv("COLUMNS", "300")


def says(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    """Run a command; return what it wrote to standard output and to standard error."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert status == (end.value.code or 0)
    written = capsys.readouterr()
    return written.out, written.err


def settings_of(*arguments: str) -> Settings:
    """Return the settings with which `serve` would start."""
    said = cli.commands["serve"].make_context("serve", list(arguments)).params
    return Settings(**{name: value for name, value in said.items() if value is not None and value != ()})


def test_every_setting_is_tried() -> None:
    """The table of this test names every setting that there is."""
    assert list(Settings.model_fields) == list(SAID)


@pytest.mark.parametrize("name", SAID)
def test_setting_by_flag(name: str) -> None:
    """Every setting is a flag of `serve`."""
    text, expected = SAID[name]
    flag = f"--{name.replace('_', '-')}"
    arguments = [flag, text] if text else [flag]

    assert {name: expected} == settings_of(*arguments).model_dump(include={name})


@pytest.mark.parametrize("name", SAID)
def test_setting_by_environment(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Every setting is an environment variable, MOCKSERVER_ and its name; a flag wins over it."""
    text, expected = SAID[name]
    monkeypatch.setenv(f"MOCKSERVER_{name.upper()}", text or "1")

    assert {name: expected} == settings_of().model_dump(include={name})
    if text:
        monkeypatch.setenv(f"MOCKSERVER_{name.upper()}", "1")
        assert {name: expected} == settings_of(f"--{name.replace('_', '-')}", text).model_dump(include={name})


def test_defaults() -> None:
    """Without flags and variables the settings are their own defaults."""
    assert Settings() == settings_of()


@pytest.mark.parametrize("name", ["scenarios", "cors"])
def test_setting_given_twice(name: str) -> None:
    """Folders and origins can be given several times."""
    assert ["a", "b"] == [str(value) for value in getattr(settings_of(f"--{name}", "a", f"--{name}", "b"), name)]


def test_help_of_serve_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    """`serve --help` names each flag, its variable and what it is for."""
    out, _ = says(capsys, "serve", "--help")

    for name, field in Settings.model_fields.items():
        assert f"--{name.replace('_', '-')}" in out
        assert f"MOCKSERVER_{name.upper()}" in out
        assert str(field.description) in " ".join(out.split())


def test_what_kubernetes_sets_is_no_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a namespace with a service `mockserver`: its address is passed over with a line, the other variables are nobody's."""
    address = "tcp://10.43.0.1:9000"
    others = ("SERVICE_HOST", "SERVICE_PORT", "PORT_9000_TCP", "PORT_9000_TCP_PROTO", "PORT_9000_TCP_ADDR")
    for name in ("PORT", *others):
        monkeypatch.setenv(f"MOCKSERVER_{name}", address)

    assert Settings() == settings_of()
    assert f"mockserver: MOCKSERVER_PORT={address} is an address that Kubernetes sets, no port; passed over\n" == (
        capsys.readouterr().err
    )
    monkeypatch.setenv("MOCKSERVER_PORT", "x9000")
    with pytest.raises(click.BadParameter, match="'x9000' is not a valid integer"):
        settings_of()


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help(capsys: pytest.CaptureFixture[str], flag: str) -> None:
    """The help names every command with one line, and says which of them needs no name."""
    out, _ = says(capsys, flag)

    assert "Without a command: serve." in out
    for name, command in cli.commands.items():
        assert f"  {name} " in out
        assert str(command.help) in out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` is the version of the distribution."""
    assert f"mockserver, version {metadata.version('medusa-mockserver')}\n" == says(capsys, "--version")[0]


@pytest.mark.parametrize(("arguments", "complaint"), [(("lst",), "No such command 'lst'"), (("--prt", "1"), "'--prt'")])
def test_unknown_words(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], complaint: str) -> None:
    """An unknown command or flag is exit status 2, with the nearest known one."""
    _, err = says(capsys, *arguments, status=2)

    assert complaint in err
    assert "Did you mean" in err


def test_list(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`list` shows each scenario with its description and the statuses that it answers, ours beside the shipped ones."""
    (tmp_path / "late.yaml").write_text("description: Too late.\nproviders: {'*': {authorize: {status: canceled}}}")
    out, _ = says(capsys, "list", "--scenarios", str(tmp_path))
    rows = {line.split()[0]: line for line in out.splitlines()}

    assert ["scenario", *sorted([*(path.stem for path in SHIPPED), "late"])] == list(rows)
    assert rows["busy"].rstrip().endswith("409 200")
    assert yaml.safe_load((shipped_scenarios() / "busy.yaml").read_text("utf-8"))["description"] in rows["busy"]
    assert ["late", "Too", "late.", "422"] == rows["late"].split()


def test_list_takes_folders_from_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """MOCKSERVER_SCENARIOS is heard by `list` too."""
    (tmp_path / "late.yaml").write_text("description: Too late.")
    monkeypatch.setenv("MOCKSERVER_SCENARIOS", str(tmp_path))

    assert "Too late." in says(capsys, "list")[0]


def test_check_of_what_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    """`check` finds nothing wrong with the scenarios that come with the package, and counts them."""
    assert says(capsys, "check")[0].startswith(f"{len(SHIPPED)} scenarios, ")


def test_check_of_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`check DIR` looks at that folder alone."""
    stub = "stubs: [{operation: paymentCollections.retrieve, reply: {status: 404}}]"
    (tmp_path / "gone.yaml").write_text(f"description: Gone.\n{stub}")

    assert says(capsys, "check", str(tmp_path))[0].startswith("1 scenario, 1 stub:")


def test_check_of_a_folder_that_could_not_be_served(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Another scenario with the name of a shipped one is a mistake; a copy of a shipped one is not."""
    text = (shipped_scenarios() / "declined.yaml").read_text()
    (tmp_path / "declined.yaml").write_text(text)
    assert says(capsys, "check", str(tmp_path))[0].startswith("1 scenario, ")
    (tmp_path / "declined.yaml").write_text(text + "unknown_ids: not_found\n")

    assert "declined.yaml:1: 'declined' is already the name of " in says(capsys, "check", str(tmp_path), status=1)[1]


def test_check_names_every_mistake(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`check` names all that is wrong in all files, a line each, with file and line; exit status 1."""
    (tmp_path / "one.yaml").write_text("description: x\nstubz: []\n")
    (tmp_path / "two.yaml").write_text(
        "description: x\nstubs:\n  - operation: paymentCollections.retreive\n    reply: {status: 404}\n"
    )
    out, err = says(capsys, "check", str(tmp_path), status=1)
    first, second = err.splitlines()

    assert not out
    assert first.startswith(f"mockserver: {tmp_path}/one.yaml:2: ")
    assert "did you mean 'stubs'?" in first
    assert second.startswith(f"mockserver: {tmp_path}/two.yaml:3: ")
    assert "did you mean 'paymentCollections.retrieve'?" in second


def test_check_of_a_folder_without_scenarios(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`check` of a folder without scenario files says so: a mistyped path must not look like a success."""
    assert (
        f"mockserver: {tmp_path}: holds no scenario files (*.yaml, *.yml, *.json)\n"
        == says(capsys, "check", str(tmp_path), status=2)[1]
    )


def test_check_of_single_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`check FILE...` looks at those alone, whatever lies beside them."""
    for name in ("one.yaml", "two.YML"):
        (tmp_path / name).write_text("description: x\n")
    (tmp_path / "broken.yaml").write_text("x: 1\n")

    assert says(capsys, "check", *(str(tmp_path / name) for name in ("one.yaml", "two.YML")))[0].startswith("2 scen")
    assert "broken.yaml:1: no key 'x'" in says(capsys, "check", str(tmp_path / "broken.yaml"), status=1)[1]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("nowhere", "nowhere: cannot be read as a folder of scenarios: No such"), ("notes.txt", "is no scenario file")],
)
def test_check_of_what_cannot_be_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, complaint: str
) -> None:
    """That nothing was checked is exit status 2; a mistake that was found is 1."""
    (tmp_path / "notes.txt").write_text("description: x\n")

    assert complaint in says(capsys, "check", str(tmp_path / name), status=2)[1]


def test_check_names_what_it_passes_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Folders inside a folder, and an editor's JSON Schema; hidden ones and a file that is named itself are none."""
    (tmp_path / "one.yaml").write_text("description: x\n")
    (tmp_path / ".git").mkdir()
    (tmp_path / "scenario.schema.json").write_text("{}")
    for number in range(22):
        (tmp_path / f"part{number:02}").mkdir()
    out, err = says(capsys, "check", str(tmp_path))

    assert out.startswith("1 scenario, ")
    parts = ", ".join(f"part{number:02}" for number in range(20))
    assert [
        f"mockserver: {tmp_path}: folders inside it are passed over, name each by itself: {parts} and 2 more",
        f"mockserver: {tmp_path}: is passed over, as a JSON Schema: scenario.schema.json",
    ] == err.splitlines()
    assert not says(capsys, "check", str(tmp_path / "one.yaml"))[1]


def test_serve_names_what_it_passes_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder inside a folder of scenarios is named at start, and the rest is served."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "two.json").write_text('{"description": "x"}')
    monkeypatch.setattr(
        "mockserver.edge.server.run", lambda _app, listeners, _parent: [one.close() for one in listeners]
    )
    out, err = says(capsys, "serve", "--port", "0", "--scenarios", str(tmp_path))

    assert " two," in out
    assert f"mockserver: {tmp_path}: folders inside it are passed over, name each by itself: inner\n" == err


@pytest.mark.parametrize(
    ("format_", "read"),
    [("json", json.loads), ("yaml", partial(yaml.load, Loader=yaml.CSafeLoader))],
    ids=["json", "yaml"],
)
def test_openapi(capsys: pytest.CaptureFixture[str], format_: str, read: Any) -> None:
    """`openapi` prints the whole contract in either format."""
    document = read(says(capsys, "openapi", "--format", format_)[0])

    assert document["openapi"].startswith("3.1.")
    assert Contract().document == document


def test_openapi_is_json_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a format it is JSON."""
    assert says(capsys, "openapi", "--format", "json") == says(capsys, "openapi")


@pytest.fixture
def schema(capsys: pytest.CaptureFixture[str]) -> jsonschema_rs.Validator:
    """Return a validator of what `schema` prints."""
    return jsonschema_rs.validator_for(json.loads(says(capsys, "schema")[0]))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_schema_takes_shipped_scenarios(schema: jsonschema_rs.Validator, path: Path) -> None:
    """Every shipped scenario fits the JSON Schema that editors are given."""
    assert [] == [error.message for error in schema.iter_errors(yaml.safe_load(path.read_text("utf-8")))]


@pytest.mark.parametrize(
    "scenario",
    [
        {"description": "x", "stubz": []},
        {
            "description": "x",
            "stubs": [{"operation": "paymentCollections.retrieve", "when": {"pth": {}}, "reply": {"status": 404}}],
        },
        {"description": "x", "stubs": [{"operation": "paymentCollections.retrieve", "reply": {"stats": 404}}]},
        {"description": "x", "stubs": [{"operation": "retreive", "reply": {"status": 404}}]},
        {"description": "x", "providers": {"*": {"authorise": {"status": "error"}}}},
        {"stubs": []},
    ],
    ids=["key", "key of when", "key of a reply", "operation", "key of a provider", "no description"],
)
def test_schema_refuses(schema: jsonschema_rs.Validator, scenario: dict[str, Any]) -> None:
    """An unknown key anywhere, an unknown operation or a missing description does not fit."""
    assert not schema.is_valid(scenario)


def test_every_command_has_been_run() -> None:
    """The commands of this test are all that there are."""
    assert {"serve", "check", "list", "openapi", "schema", "wait"} <= set(cli.commands)
    assert isinstance(cli, click.Group)
