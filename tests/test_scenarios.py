"""Scenario files: strict at load, every mistake named as `path:line: what, and the nearest known name`."""

from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServerError
from mockserver.contract import Contract
from mockserver.errors import unknown
from mockserver.samples.sampler import Sampler
from mockserver.scenarios import (
    Compiler,
    Origin,
    Scenario,
    ScenarioFormat,
    load_scenarios,
    merge,
    scenarios_of,
    shipped_scenarios,
)

SHIPPED = scenarios_of([])
AUTHORIZE = "authorizePaymentSession"
STUB = "description: x\nstubs:\n  - operation: authorizePaymentSession\n"


def load(folder: Path, **files: str) -> str:
    """Write files into a folder, load it, and return what is wrong."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    with pytest.raises(MockServerError) as refused:
        scenarios_of([folder])
    return str(refused.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("descripton: x\n", "1: no key 'descripton'; did you mean 'description'? known: description, given"),
        ("stubs: []\n", "1: 'description' is missing"),
        ("", "1: is empty; a scenario needs at least a description"),
        ("- a\n", "1: is to be a mapping, `key: value`"),
        ("description: [\n", "2: is not YAML"),
        ("description: x\nshopper: a@x.de\n", "2: shopper: no customer of 'given' with the address 'a@x.de'"),
        (
            "description: x\nshopper: eva@x.de\ngiven: {customers: [{email: Eve@x.de}, {first_name: Bo}]}\n",
            "no customer of 'given' with the address 'eva@x.de'; did you mean 'eve@x.de'?",
        ),
        (STUB, "3: stubs.0: needs either 'reply' or 'replies'"),
        (STUB + "    reply: {}\n    replies: [{}]\n", "3: stubs.0: needs either 'reply' or 'replies'"),
        (STUB + "    replies: []\n", "4: stubs.0.replies: is empty; it needs an entry"),
        (STUB + "    replay: {}\n", "4: stubs.0: no key 'replay'; did you mean 'reply'?"),
        (STUB + "    reply: {status: 418}\n", "4: stubs.0.reply.status: status 418 is not documented"),
        (STUB + '    reply: {status: "409"}\n', "4: stubs.0.reply.status: Input should be a valid integer, got '409'"),
        (STUB + '    reply: {status: "409"}\n', "got '409'; without quotes it is a number"),
        (STUB + '    reply: {chance: "1"}\n', "got '1'; without quotes it is a number"),
        (STUB + "    reply: {off_contract: yes}\n", "got 'yes'; write true or false, without quotes"),
        (STUB + "    replies: {status: 409}\n", "is to be a list; each entry begins with '- '"),
        (STUB + "    reply: status:409\n", "got 'status:409'; a space belongs behind the colon"),
        (STUB + "    reply: {status:409}\n", "no key 'status:409'; did you mean 'status'?"),
        (STUB + "    reply: {status:409}\n", "a space belongs behind the colon"),
        (STUB + "    reply:\n    status: 409\n", "5: stubs.0: no key 'status';"),
        (STUB + "    reply:\n    status: 409\n", "; it may belong into 'reply' or 'replies', indented deeper"),
        (STUB + "    when:\n    reply: {}\n", "4: stubs.0.when: is to be a mapping, `key: value`; what belongs to it"),
        (
            STUB + "    when:\n    reply: {}\n",
            "; what belongs to it is indented deeper than it, or it is to be left out",
        ),
        (
            STUB + "    reply: {headers: {X-Id: {id}}}\n",
            "4: stubs.0.reply.headers.X-Id: a text that begins with '{' is to be put in quotes: \"{id}\"",
        ),
        ("description: 5\n", "1: description: Input should be a valid string, got 5; put it in quotes"),
        (STUB + "    reply: {headers: {Retry-After: 1.5}}\n", "1.5 is neither a text nor a list of texts; numbers are"),
        (
            "description: x\nstubs:\n  - {operation: authorize, reply: {}}\n",
            "no operation 'authorize'; did you mean 'paymentCollections.authorizePaymentSession' or ",
        ),
        (STUB + "    reply: {status: 99}\n", "4: stubs.0.reply.status: Input should be greater than or equal to 200"),
        (STUB + "    reply:\n      delay: soon\n", "5: stubs.0.reply.delay: 'soon' is not a delay such as '300ms'"),
        (STUB + "    reply: {delay: 301s}\n", "4: stubs.0.reply.delay: '301s' is longer than 300s"),
        (STUB + "    reply: {headers: {'a b': c}}\n", "4: stubs.0.reply.headers: 'a b' is not a header's name"),
        (STUB + '    reply: {headers: {a: "b\\nc"}}\n', "the value of 'a' holds characters that no header can"),
        (STUB + "    reply:\n      headers:\n        a: |\n          b\n", "the value of 'a' holds characters that no"),
        (STUB + '    reply: {headers: {"a\\n": b}}\n', "'a\\n' is not a header's name"),
        (STUB + "    reply: {headers: {Content-Length: '1'}}\n", "'Content-Length' belongs to the connection"),
        (STUB + "    reply: {body: {payment_session: {amount: x}}}\n", "4: stubs.0.reply.body: payment_session.amount"),
        (STUB + "    reply: {status: 404, body: {message: 5}}\n", "4: stubs.0.reply.body: message: 5 is not"),
        (STUB + "    reply: {status: 401, body: {a: 1}}\n", "application/json is not documented"),
        (STUB + "    reply: {status: 409, provider: {}}\n", "4: stubs.0.reply: says 'provider'"),
        (
            STUB + "    when: {path: {sesion_id: x}}\n    reply: {}\n",
            "4: stubs.0.when.path.sesion_id: no path parameter",
        ),
        (
            STUB + "    reply: {body: {payment_sesion: {amount: 1}}}\n",
            "4: stubs.0.reply.body.payment_sesion: no field 'payment_sesion'; did you mean 'payment_session'?",
        ),
        (
            STUB + "    reply:\n      status: 200\n      body: {payment_session: {ammount: 1}}\n",
            "6: stubs.0.reply.body.payment_session.ammount: no field 'ammount'; did you mean 'amount'?",
        ),
        (
            STUB + "    reply: {headers: {X-Shop: '{sesion_id}'}}\n",
            "4: stubs.0.reply.headers.X-Shop: no path parameter 'sesion_id'; did you mean 'session_id'?",
        ),
        (STUB + "    when: {paths: {}}\n    reply: {}\n", "4: stubs.0.when: no key 'paths'; did you mean 'path'?"),
        (
            "description: x\nstubs:\n  - {operation: authorizePaymentSesion, reply: {}}\n",
            "3: stubs.0.operation: no operation 'authorizePaymentSesion'; did you mean 'paymentCollections.authorizePaymentSession'?",
        ),
        (
            "description: x\nstubs:\n  - {operation: paymentCollections.retrieve, when: {query: {field: x}}, reply: {}}\n",
            "3: stubs.0.when.query.field: no query parameter 'field'; did you mean 'fields'?",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    """What is wrong, in which line, and what was probably meant."""
    assert problem in load(tmp_path, broken=text).removeprefix("broken.yaml:")


def test_all_files_are_named_at_once(tmp_path: Path) -> None:
    """Every broken file has its line; nothing is loaded of any."""
    problems = load(tmp_path, a="descripton: x\n", b="description: x\n", c="c: [\n", **{"D d": "description: x\n"})

    assert ["D d", "a", "a", "c"] == [line.partition(".yaml:")[0] for line in problems.splitlines()]
    assert "'D d' cannot stand in a URL" in problems


MANAGE = "  - {operation: managePaymentSession, "


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "providers: {'*': {authorize: [{}, {status: authorised}]}}\n",
            "2: providers.*.authorize.1.status: no status 'authorised'; did you mean 'authorized'? known: authorized, ",
        ),
        (
            "stubs:\n  - {operation: authorizePaymentSession, reply: {provider: {status: paid}}}\n",
            "3: stubs.0.reply.provider.status: no status 'paid'; known: authorized, ",
        ),
        (
            "stubs:\n  - {operation: authorizePaymentSession, replies: [{status: 404, body: {message: '{id} has no {sesion_id}'}}, {}]}\n",
            "3: stubs.0.replies.0.body.message: no path parameter 'sesion_id'; did you mean 'session_id'?",
        ),
        (
            "stubs:\n  - {operation: paymentCollections.retrieve, when: {body: {a: 1}}, reply: {}}\n",
            "3: stubs.0.when.body: paymentCollections.retrieve takes no body",
        ),
        ("providers:\n  '': {authorize: {}}\n", "3: providers.: is no id"),
        ('providers:\n  manual: {}\n  "a\\0": {}\n', "4: providers.a\0: is no id"),
        (
            f"providers: {{{'a' * 256}: {{}}}}\n",
            f"2: providers.{'a' * 256}: has 256 characters; an id has 255 at most",
        ),
        (
            f"stubs:\n  - {{operation: regions.retrieve, reply: {{headers: {{X-A: '{'{id}' * 101}'}}}}}}\n",
            "3: stubs.0.reply: has 101 placeholders; a reply may have 100",
        ),
        (
            f"stubs:\n{MANAGE}when: {{body: {{a: ['{'*a' * 101}']}}}}, reply: {{}}}}\n",
            "3: stubs.0.when.body.a.0: has 202 characters; a glob may have 200",
        ),
        (
            f"stubs:\n{MANAGE}reply: {{}}}}\n{MANAGE}reply: {{}}}}\n",
            "4: stubs.1: no request reaches it: stubs.0 answers",
        ),
        (
            (
                "stubs:\n  - {operation: 'paymentCollections.*', replies: [{status: 500}, {}]}\n"
                f"{MANAGE}when: {{body: {{a: 1}}}}, reply: {{}}}}\n"
            ),
            "4: stubs.1: no request reaches it",
        ),
        (
            f"stubs:\n{MANAGE}when: {{path: {{id: 'a*'}}}}, reply: {{}}}}\n{MANAGE}when: {{path: {{id: ab}}}}, reply: {{}}}}\n",
            "4: stubs.1: no request reaches it",
        ),
        (
            (
                f"stubs:\n{MANAGE}when: {{body: {{a: {{b: 1}}}}}}, reply: {{}}}}\n"
                f"{MANAGE}when: {{body: {{a: {{b: 1, c: 2}}}}}}, reply: {{}}}}\n"
            ),
            "4: stubs.1: no request reaches it",
        ),
    ],
)
def test_what_has_no_effect_is_named(tmp_path: Path, text: str, problem: str) -> None:
    """A status that no row can have, a placeholder that stays, a stub that is never asked."""
    assert [f"mine.yaml:{problem}"] == [
        line[: len(f"mine.yaml:{problem}")] for line in load(tmp_path, mine="description: x\n" + text).splitlines()
    ]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("reply: {chance: 0.5}", "reply: {}"),
        ("replies: [{}, {chance: 0.5}]", "reply: {}"),
        ("when: {path: {id: 'a*'}}, reply: {}", "when: {path: {id: '*a'}}, reply: {}"),
        ("when: {path: {id: 'a*'}}, reply: {}", "when: {path: {id: ba}}, reply: {}"),
        ("when: {body: {a: 1}}, reply: {}", "reply: {}"),
        ("when: {body: {a: {}}}, reply: {}", "when: {body: {a: 1}}, reply: {}"),
        ("when: {body: {a: {not: {b: 1}}}}, reply: {}", "when: {body: {a: {not: {b: 1, c: 1}}}}, reply: {}"),
        ("when: {body: {a: 1}}, reply: {}", "when: {body: {b: 1}}, reply: {}"),
    ],
)
def test_what_may_be_reached_is_no_mistake(tmp_path: Path, first: str, then: str) -> None:
    """A stub that takes its chance, or waits for something else, lets the next one be asked."""
    (tmp_path / "mine.yaml").write_text(f"description: x\nstubs:\n{MANAGE}{first}}}\n{MANAGE}{then}}}\n")

    assert 2 == len(list(scenarios_of([tmp_path])["mine"]))


def test_form_and_meaning_are_named_at_once(tmp_path: Path) -> None:
    """A key that is none hides no status that is not documented, in whatever order they stand."""
    text = (
        "descripton: x\nstubs:\n  - {operation: paymentCollections.retrieve, replay: {}}\n  - {operation: paymentCollections.retrieve, reply: {status: 418}}\n"
        "  - {operation: paymentCollections.retreive, reply: {}}\ngiven: {carts: 5}\nproviders: {'*': {authorise: {}}}\n"
    )
    problems = load(tmp_path, many=text).splitlines()

    assert [
        ("1", "'description' is missing"),
        ("1", "no key 'descripton'"),
        ("3", "stubs.0: no key 'replay'"),
        ("4", "stubs.1.reply.status: status 418 is not documented"),
        ("5", "stubs.2.operation: no operation 'paymentCollections.retreive'"),
        ("6", "given.carts: is to be a list"),
        ("7", "providers.*: no key 'authorise'"),
    ] == [
        (line.split(":")[1], line.split(": ", 1)[1].partition(";")[0].partition(" for ")[0].partition(", got")[0])
        for line in problems
    ]


SLIPS = """\
description: x
stubs:
  - {operation: regions.lst, rply: {status: 409}}
  - operation: regions.list
    reply:
      status: 299
      delay: 5
  - operation: regions.list
    replies:
      - status: 298
        repeat: 0
      - statu: 400
        body: {regions: 5}
      - 7
  - 5
  - {operation: 7, reply: {}}
  - operation: regions.list
    when: {path: {region: x}}
    replies: []
  - operation: regions.list
    when: {path: {region: x}, boddy: {}}
    reply: {status: 297}
"""


def test_what_is_wrong_in_one_stub_is_named_at_once(tmp_path: Path) -> None:
    """A misspelt key hides no misspelt operation, a delay that is none no status; what it may mean is not guessed."""
    told = load(tmp_path, slips=SLIPS).splitlines()

    starts = [
        "3: stubs.0: no key 'rply'",
        "3: stubs.0.operation: no operation 'regions.lst'",
        "6: stubs.1.reply.status: status 299 is not documented",
        "7: stubs.1.reply.delay: is no delay",
        "10: stubs.2.replies.0.status: status 298 is not documented",
        "11: stubs.2.replies.0.repeat: ",
        "12: stubs.2.replies.1: no key 'statu'",
        "14: stubs.2.replies.2: is to be a mapping, `key: value`, got 7",
        "15: stubs.3: is to be a mapping, `key: value`, got 5",
        "16: stubs.4.operation: ",
        "18: stubs.5.when.path.region: no path parameter 'region'; known: none",
        "19: stubs.5.replies: is empty; it needs an entry",
        "21: stubs.6.when: no key 'boddy'",
        "22: stubs.6.reply.status: status 297 is not documented",
    ]
    assert [f"slips.yaml:{start}" for start in starts] == [
        line[: len(f"slips.yaml:{start}")] for line, start in zip(told, starts, strict=True)
    ]


def test_stubs_that_are_no_list_hide_nothing_else(tmp_path: Path) -> None:
    """What is given beside them is looked at, too."""
    problems = load(tmp_path, mine="description: x\nstubs:\ngiven: {cartz: [{}]}\n")

    assert "mine.yaml:2: stubs: is to be a list" in problems
    assert "mine.yaml:3: given.cartz: no table 'cartz'" in problems


def test_a_number_is_a_headers_text(tmp_path: Path) -> None:
    """`Retry-After: 1` needs no quotes, alone or in a list."""
    (tmp_path / "mine.yaml").write_text(STUB + "    reply: {headers: {Retry-After: 1, a: [2, b]}}\n")
    (stub,) = scenarios_of([tmp_path])["mine"]

    assert (("Retry-After", "1"), ("a", "2"), ("a", "b")) == stub.replies[0].headers


def test_twenty_problems_of_a_file_are_put_into_words(tmp_path: Path) -> None:
    """The rest is counted; another file's are not among them."""
    problems = load(tmp_path, many="description: x\n" + "".join(f"k{n}: 1\n" for n in range(25)), one="x: 1\n")

    assert 20 == problems.count("many.yaml:") - problems.count("more problems")
    assert "many.yaml:22: and 5 more problems from here on" in problems
    assert "one.yaml:1: no key 'x'" in problems


def test_twenty_names_are_listed() -> None:
    """Of a thousand known ones, and the nearest of all."""
    sentence = unknown("thing", "name990x", [f"name{number}" for number in range(1000)])

    assert sentence.startswith("no thing 'name990x'; did you mean 'name990'? known: name0, name1, ")
    assert sentence.endswith(", name19 and 980 more")


def test_what_nobody_foresaw_in_a_file_is_its_problem(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is raised while one is read; the others are read on."""
    compiler = Compiler(contract, Sampler(contract))
    for name in ("bad", "good"):
        (tmp_path / f"{name}.yaml").write_text(f"description: {name}\n")
    prepared = compiler.scenario

    def fails(origin: Origin, written: ScenarioFormat) -> tuple[Scenario, Any]:
        if origin.name == "bad":
            raise RecursionError("too deep")
        return prepared(origin, written)

    monkeypatch.setattr(compiler, "scenario", fails)
    with pytest.raises(MockServerError) as refused:
        load_scenarios(compiler, [tmp_path])

    assert str(refused.value) == (
        f"{tmp_path}/bad.yaml:1: could not be read, for a reason that nobody foresaw: RecursionError('too deep')"
    )
    assert ["RecursionError"] == [record.exc_info[0].__name__ for record in caplog.records if record.exc_info]  # type: ignore[union-attr]


def test_a_file_that_is_no_file(tmp_path: Path) -> None:
    """What cannot be read is named; so is a folder that is not there."""
    (tmp_path / "folder.yaml").mkdir()

    assert "folder.yaml:1: cannot be read: Is a directory" in load(tmp_path)
    with pytest.raises(MockServerError, match="nowhere: cannot be read as a folder of scenarios"):
        scenarios_of([tmp_path / "nowhere"])


def test_a_name_can_be_taken_once(tmp_path: Path) -> None:
    """Two different files of one name are a mistake; a copy of a shipped file is not."""
    (tmp_path / "busy.yaml").write_bytes((shipped_scenarios() / "busy.yaml").read_bytes())
    assert SHIPPED.keys() == scenarios_of([shipped_scenarios(), tmp_path]).keys()
    (tmp_path / "busy.yaml").write_text("description: mine\n")

    with pytest.raises(MockServerError, match=r"busy.yaml:1: 'busy' is already the name of .*busy.yaml"):
        scenarios_of([shipped_scenarios(), tmp_path])


def test_every_operations_own_answer_has_known_fields(contract: Contract) -> None:
    """What an operation answers could be written as the body of a reply, too, whatever it holds."""
    sampler = Sampler(contract)
    for operation in contract.operations:
        names = dict.fromkeys(operation.path_parameters, "id")
        document = sampler.answer(operation, names, "0", 0)

        assert not isinstance(document, dict) or [] == list(contract.unknown_fields(operation, document))


def test_off_contract_allows_what_is_not_documented(tmp_path: Path) -> None:
    """A reply that breaks the contract on purpose says so, and is loaded."""
    (tmp_path / "teapot.yaml").write_text(STUB + "    reply: {status: 418, body: {short: true}, off_contract: true}\n")
    (tmp_path / "bare.yaml").write_text(STUB + "    reply: {status: 204, off_contract: true}\n")
    (tmp_path / "text.yaml").write_text(STUB + "    reply: {status: 200, body: hello, off_contract: true}\n")
    found = scenarios_of([tmp_path])
    replies = {name: next(iter(scenario)).replies[0] for name, scenario in found.items()}

    assert (418, {"short": True}) == (replies["teapot"].status, replies["teapot"].document)
    assert (204, None, None) == (replies["bare"].status, replies["bare"].document, replies["bare"].media_type)
    assert "hello" == replies["text"].document


@pytest.mark.parametrize(
    ("name", "statuses"),
    {
        "default": [400, 401, 404, 409, 422, 500], "declined": [422], "requires-more": [422, 200], "conflict": [409],
        "busy": [409, 200], "unauthorized": [401], "missing": [404], "no-sessions": [400], "card-error": [400],
        "outage": [500], "slow": [200], "conflict-yet-paid": [409], "paid-then-rolled-back": [200],
        "paid-twice": [200], "lost-update": [200],
    }.items(),
)  # fmt: skip
def test_shipped_scenarios_lead_to_their_statuses(name: str, statuses: list[int]) -> None:
    """Each shipped scenario forces what its row in the README says."""
    assert statuses == SHIPPED[name].statuses()


def test_every_canned_reply_that_is_shipped_keeps_the_contract(contract: Contract) -> None:
    """No shipped stub can send what is not documented."""
    for scenario in SHIPPED.values():
        for stub in scenario:
            for reply in stub.replies:
                if reply.status is not None:
                    sent = reply.canned({"id": "paycol_1", "session_id": "ps_1"})
                    violations = contract.violations(stub.operation, sent.status, sent.media_type, sent.document)
                    assert [] == list(violations)


def test_every_documented_status_has_a_canned_reply(contract: Contract) -> None:
    """`Prefer: code=N` has an answer for each documented status of each operation, and keeps the contract."""
    compiler = Compiler(contract, Sampler(contract))
    for operation in contract.operations:
        for status in set(operation.responses) - {operation.success}:
            sent = compiler.canned(operation, status).canned({"id": "a", "session_id": "b"})
            assert [] == list(contract.violations(operation, status, sent.media_type, sent.document))
    with pytest.raises(
        MockServerError, match=r"status 418 is not documented for paymentCollections\.retrieve; known: 200, 400"
    ):
        compiler.canned(contract.operation("paymentCollections.retrieve"), 418)


def test_merging_follows_rfc_7396() -> None:
    """Null removes, mappings merge, all else replaces."""
    assert {"a": {"b": 1, "d": [2]}, "e": {}} == merge(
        {"a": {"b": 1, "c": 2}, "f": 3}, {"a": {"c": None, "d": [2]}, "e": {"x": None}, "f": None}
    )
    assert [1] == merge({"a": 1}, [1])
    assert {"a": 1} == merge("x", {"a": 1})


def test_nothing_is_loaded_half(contract: Contract, tmp_path: Path) -> None:
    """One broken file keeps all others out."""
    (tmp_path / "good.yaml").write_text("description: x\n")
    (tmp_path / "bad.yaml").write_text("x: 1\n")

    with pytest.raises(MockServerError):
        load_scenarios(Compiler(contract, Sampler(contract)), [tmp_path])


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are a problem of that file."""
    (tmp_path / "mine.yaml").write_bytes(b"description: \xff")
    with pytest.raises(MockServerError, match=r"mine\.yaml:1: is not UTF-8 text \(byte 13\)"):
        scenarios_of([tmp_path])
