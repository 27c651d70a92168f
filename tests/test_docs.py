"""The README keeps its word: its commands run, its examples load, its tables are complete."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from asking import Ask, header, recorded
from processes import Server, environment, free_port, listens, run, running

from mockserver import Settings
from mockserver.cli import cli
from mockserver.contract import Contract
from mockserver.edge.mock import Mock
from mockserver.operations import behaviours
from mockserver.realserver.supply import from_file
from mockserver.scenarios import scenarios_of
from mockserver.verify.unreachable import unreachable

TOP = Path(__file__).parent.parent
AUTHORIZE = "/store/payment-collections/paycol_1/sessions/ps_1/authorize"
README = (TOP / "README.md").read_text("utf-8")
SHIPPED = scenarios_of([])


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def rows(first: str) -> list[list[str]]:
    """Return the rows of the table whose head begins with a word, without backticks."""
    table = README[README.index(f"\n| {first} |") :].strip().partition("\n\n")[0]
    lines = table.replace("\\|", "/").replace("`", "").splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def curls() -> list[str]:
    """Return every curl line of the README's first screen."""
    return [line for line in blocks("sh")[0].splitlines() if line.startswith("curl ")]


@pytest.mark.parametrize("line", curls())
def test_curl_lines_are_answered(plain: Server, line: str) -> None:
    """Each curl line has the status that the sentence below it gives."""
    expected = "422" if "/@declined/" in line else "200"
    command = shlex.split(line.replace("localhost:9000", f"127.0.0.1:{plain.port}"))
    done = subprocess.run(
        [*command, "-s", "-o", "/dev/null", "-w", "%{http_code}"], capture_output=True, text=True, check=True
    )

    assert expected == done.stdout


def test_there_are_curl_lines() -> None:
    """The first screen shows one that succeeds and one that fails."""
    assert 2 <= len(curls())
    assert README.index(curls()[0]) < 1000


def test_the_api_is_called_as_the_readme_says(plain: Server) -> None:
    """Every call of the block succeeds in a shell, and does what its comment says."""
    (block,) = [block for block in blocks("sh") if "api=" in block]
    block = re.sub(r"curl (?=.*\$api)", "curl -f ", block).replace("curl ", "curl -sS ")
    script = "set -e\n" + block.replace("localhost:9000", f"127.0.0.1:{plain.port}")
    done = subprocess.run(["bash", "-c", script], cwd=TOP, capture_output=True, text=True, check=False)
    seen = [plain.ask("POST", f"/~me{AUTHORIZE}").status, plain.ask("POST", f"/@mine{AUTHORIZE}").status]

    assert "" == done.stderr
    assert '"now":"2030-01-01T00:10:00.000Z","frozen":true' in done.stdout
    assert '"code":"invalid_state_error"' in done.stdout
    assert '{"met":true,"entries":[{' in done.stdout
    assert [200, 422] == seen  # the sandbox was reset at the end


def test_ci_is_as_the_readme_says(tmp_path: Path) -> None:
    """Started in the background, waited for, used, ended."""
    (block,) = [block for block in blocks("sh") if "trap" in block]
    port = free_port()
    (tmp_path / "mockserver").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mockserver "$@"\n')
    (tmp_path / "npx").write_text(f"#!/bin/sh\nexec curl -sSf -X POST 127.0.0.1:{port}{AUTHORIZE}\n")
    for name in ("mockserver", "npx"):
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", block.replace("localhost:9000", f"127.0.0.1:{port}")],
        env=environment({"PATH": path, "MOCKSERVER_PORT": str(port)}),
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    assert '"payment_authorized_at":"2024-01-06T03:57:20.000Z"' in done.stdout
    assert not listens(port)


def test_the_compose_file_is_that_of_the_image() -> None:
    """Its port, its folder and its setting are those of the image; this machine alone reaches it, and no token is everybody's."""
    (text,) = [text for text in blocks("yaml") if text.startswith("services:")]
    (service,) = yaml.safe_load(text)["services"].values()
    steps = (TOP / "Dockerfile").read_text("utf-8")

    assert ["127.0.0.1:9000:9000"] == service["ports"]
    assert "EXPOSE 9000" in steps
    assert "VOLUME " + service["volumes"][0].split(":")[1] in steps
    (variable,) = service["environment"]
    assert "control_token" == variable.removeprefix("MOCKSERVER_").lower()
    assert "${MOCK_TOKEN:?16 characters at least}" == service["environment"][variable]


@pytest.mark.slow
def test_the_python_example_passes(tmp_path: Path) -> None:
    """As it stands, in a project of its own."""
    (text,) = blocks("python")
    (tmp_path / "test_example.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)

    assert "1 passed" in done.stdout, done.stdout


def test_threats_are_tested_where_the_readme_says() -> None:
    """Every row of the table names files with tests."""
    for threat, done, tested in rows("threat"):
        assert threat
        assert done
        assert all((TOP / path).is_file() for path in tested.split(", ")), tested


SCENARIOS = [text for text in blocks("yaml") if text.startswith("description:")]


def example(begin: str) -> str:
    """Return the scenario whose description begins so."""
    (text,) = [text for text in SCENARIOS if text.startswith(f"description: {begin}")]
    return text


def test_turns_and_comparisons_do_what_their_description_says(ask: Ask, mock: Mock) -> None:
    """Each session's second try collides, a session of 100.01 is refused and one of 100.00 is not, each fifth GET fails."""
    mock.scenarios.add("turns", example("The second try"))
    collection = "/@turns/store/payment-collections/paycol_1"
    tries = [ask("POST", f"{collection}/sessions/{one}/authorize").status for one in ("ps_1", "ps_2", "ps_1", "ps_2")]
    bodies = [f'{{"sessions": [{{"provider_id": "manual", "amount": {one}}}]}}' for one in (10001, 10000)]
    batches = [
        ask(
            "POST",
            f"/@turns/store/payment-collections/{body[-7:-3]}/sessions/batch",
            body.encode(),
            Content_Type="application/json",
        )
        for body in bodies
    ]
    reads = [ask("GET", collection).status for _ in range(10)]

    assert [200, 200, 409, 409] == tries
    assert [422, 200] == [answer.status for answer in batches]
    assert ([200] * 4 + [500]) * 2 == reads


def test_providers_answer_by_amount_and_data_as_their_description_says(mock: Mock) -> None:
    """100.01 is declined, 100.00 is not; a slow card, what is paid, and one collection with all of its operations take their time."""
    sessions = [
        {"id": "ps_large", "amount": 10001},
        {"id": "ps_fair", "amount": 10000},
        {"id": "ps_slow", "amount": 10000, "data": {"mode": "slow"}},
    ]
    mock.scenarios.add("amounts", example("Payments over 100.00"))
    mock.engine.give(
        mock.sandboxes["shared"], {"payment_collections": [{"id": "paycol_1", "payment_sessions": sessions}]}
    )
    path = "/@amounts/store/payment-collections/paycol_1/sessions"
    answers = [recorded(mock, "POST", f"{path}/{one['id']}/authorize").response for one in sessions]

    assert [(422, 0), (200, 0), (200, 2)] == [(answer.status, answer.delay) for answer in answers]

    one = {"payment_sessions": [{"id": "ps_paid", "amount": 500}]}
    mock.engine.give(mock.sandboxes["shared"], {"payment_collections": [{"id": "paycol_2", **one}]})
    steps = [("GET", ""), ("POST", "/sessions/ps_paid/authorize"), ("GET", "")]
    path = "/@amounts/store/payment-collections/paycol_2"
    assert [0, 0, 2] == [recorded(mock, method, path + rest).response.delay for method, rest in steps]

    others = [path.replace("paycol_2", name) for name in ("paycol_slow", "paycol_slower", "paycol_3")]
    steps = [("GET", ""), ("POST", "/sessions/ps_any/authorize"), ("POST", "/sessions/batch/authorize")]
    delays = [[recorded(mock, method, one + rest).response.delay for method, rest in steps] for one in others]
    assert [[2, 2, 2], [0, 0, 0], [0, 0, 0]] == delays


def test_paths_of_ones_own_answer_as_their_description_says(mock: Mock) -> None:
    """Gold members wait, every third reading of all others fails, and in other scenarios there is no such path."""
    mock.scenarios.add("loyal", example("A loyalty programme"))
    gold = recorded(mock, "GET", "/@loyal/store/loyalty/gold_1").response
    others = [recorded(mock, "GET", f"/@loyal/store/loyalty/{one}").response for one in "abcdef"]
    elsewhere = recorded(mock, "GET", "/store/loyalty/gold_1").response

    assert (200, 0.3, {"id": "gold_1", "points": 1200}) == (gold.status, gold.delay, gold.document)
    assert [200, 200, 503] * 2 == [one.status for one in others]
    assert {"id": "b", "points": 0} == others[1].document
    assert (404, True) == (elsewhere.status, "Cannot GET /store/loyalty/gold_1" in elsewhere.document)


@pytest.mark.parametrize("text", SCENARIOS)
def test_yaml_examples_are_scenarios(tmp_path: Path, text: str) -> None:
    """`mockserver check` accepts every example as it stands."""
    (tmp_path / "example.yaml").write_text(text)
    done = run("check", str(tmp_path))

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith("1 scenario, ")


def test_examples_do_what_their_descriptions_say(tmp_path: Path) -> None:
    """Visa is declined once; 3-D Secure is wanted once, everybody else refused; two conflicts come first in an afternoon."""
    first, second, third, *_ = SCENARIOS
    (tmp_path / "visa.yaml").write_text(first)
    (tmp_path / "split.yaml").write_text(second)
    (tmp_path / "slow-afternoon.yaml").write_text(third)
    visa = "/@visa/store/payment-collections/paycol_1/sessions/ps_visa_7/authorize"
    split = "/@split/store/payment-collections/paycol_split/sessions"
    with running("--scenarios", str(tmp_path)) as server:
        tries = [server.ask("POST", visa) for _ in range(2)]
        cards = [server.ask("POST", f"{split}/{session}/authorize") for session in ("ps_card", "ps_card", "ps_rest")]
        afternoon = [server.ask("POST", f"/@slow-afternoon{AUTHORIZE}").status for _ in range(4)]
        other = server.ask("POST", visa.replace("ps_visa_7", "ps_other"))

    assert [409, 409, 200, 200] == afternoon
    assert [422, 200] == [answer.status for answer in tries]
    assert b'"amount":4200' in tries[1].body
    assert [422, 200, 400] == [answer.status for answer in cards]
    assert b"card_declined" in cards[2].body
    assert "paycol_1" == header(other, "x-shop")


def test_ids_are_given_as_the_readme_says(tmp_path: Path) -> None:
    """The example of `--given` is read, and its second set serves for the scenario that it names."""
    (text,) = [text for text in blocks("yaml") if "session_id:" in text and text not in SCENARIOS]
    given = tmp_path / "ids.yaml"
    given.write_text(text)
    supply = from_file(given, lambda: ["declined"])

    assert "paycol_01HK3CQKJ5S2Q7TGDGGK4V8K2M" == supply.next()["id"]
    assert supply.labelled("declined")


def commands() -> list[str]:
    """Return every `mockserver ...` line of the README's shell blocks, without its comment."""
    lines = [re.split("[#&]", line)[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("mockserver ")]


@pytest.mark.parametrize("line", commands())
def test_commands_take_what_they_are_given(line: str) -> None:
    """Every command line of the README has flags that there are, with values that they take."""
    name, *arguments = shlex.split(line)[1:]
    if name.startswith("-"):
        name, arguments = "serve", [name, *arguments]

    cli.commands[name].make_context(name, arguments)


def test_every_scenario_has_its_row() -> None:
    """The scenario table names each shipped scenario, with the statuses that it leads to."""
    table = {name: answers for name, _, answers in rows("scenario")}
    said = {name: sorted({int(status) for status in answers.split(", ")}) for name, answers in table.items()}
    magic = said.pop("default")

    assert list(SHIPPED) == sorted(table)
    assert {name: sorted(set(scenario.statuses())) for name, scenario in SHIPPED.items() if name != "default"} == said
    assert [200] == magic


def test_every_setting_has_its_row() -> None:
    """The settings table names each flag, its variable and its default."""
    table = {
        flag.removeprefix("--").replace("-", "_"): (variable, default) for flag, variable, default in rows("setting")
    }

    assert list(Settings.model_fields) == list(table)
    for name, field in Settings.model_fields.items():
        variable, default = table[name]
        assert f"MOCKSERVER_{name.upper()}" == variable
        if isinstance(field.default, (str, int)) and not isinstance(field.default, bool) and name != "cors":
            assert str(field.default) == default.split()[0].strip(";,")


def test_every_command_has_its_row() -> None:
    """The command table names each command."""
    assert sorted(cli.commands) == sorted(command.split()[1] for command, _ in rows("command"))


def test_the_figure_is_the_one_that_is_measured() -> None:
    """The README's count of recorded exchanges is that of the recordings beside the tests."""
    recordings = (TOP / "tests" / "vectors" / "payment_collections.jsonl").read_text("utf-8").splitlines()
    ledger = yaml.safe_load((TOP / "mockserver" / "contract" / "deviations.yaml").read_text("utf-8"))
    recorded = {json.loads(line)["name"] for line in recordings}
    known = {name for entry in ledger for name in entry.get("recordings", ()) if name in recorded}
    agree, total = map(int, re.findall(r"(\d+) of (\d+) exchanges that were recorded", README)[0])

    assert (len(recordings) - len(known), len(recordings)) == (agree, total)


def test_the_count_of_operations_is_that_of_the_registry(contract: Contract) -> None:
    """Those that behave, of all there are."""
    (counted,) = re.findall(r"(\d+) of (\d+) operations of the Store API", README)

    assert (str(len(behaviours(contract))), str(len(contract.operations))) == counted


def test_the_count_of_statuses_is_that_of_the_table(contract: Contract) -> None:
    """Of all documented ones those that a client can reach."""
    (counted,) = re.findall(r"(\d+) of (\d+) can be reached", README)
    documented = [(operation.id, status) for operation in contract.operations for status in operation.responses]

    assert (len(set(documented) - set(unreachable(contract))), len(documented)) == tuple(map(int, counted))


def test_what_the_contributing_part_names_is_there() -> None:
    """Every path that the README names in backticks exists."""
    named = set(re.findall(r"`((?:mockserver|scenarios|tests|\.ci)/[\w./]*|pyproject\.toml|Dockerfile)`", README))

    assert named
    assert [] == [path for path in named if not (TOP / path).exists()]
