"""`verify`: what it says of a mock that is right, and of servers that are wrong."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis import hooks
from schemathesis.core import deserialization
from verify import broken

from mockserver import MockServerError, Settings, create_app
from mockserver.contract import Contract
from mockserver.contract.operations import read_operations
from mockserver.edge.mock import Mock
from mockserver.realserver.client import Client
from mockserver.realserver.supply import Supply, from_file
from mockserver.realserver.target import Access, Target
from mockserver.scenarios import scenarios_of
from mockserver.verify import Options, Report, checks, verify
from mockserver.verify.chosen import chosen, narrowed
from mockserver.verify.fuzzing import threads_that_die
from mockserver.verify.gateway import Gateway

CASES = [name for name in scenarios_of([]) if name != "slow"]  # three seconds
WIRE = {"broken-wire", "flaky", "order-placed-but-answer-lost", "timeout"}  # what no contract speaks of
FEW = ("paymentCollections.*", "regions.*")  # operations enough for what is about the run, and not about them
AUTHORIZE = Contract().operation("authorizePaymentSession")
PUBLISHED = (200, 400, 401, 404, 409, 422, 500)  # what the published contract lists for authorize


def checked(url: str | None, **said: Any) -> Report:
    """Verify a few operations with few examples."""
    return verify(url, Options(**{"max_examples": 5, "cases": CASES, "operations": FEW, **said}))


@pytest.mark.volume
def test_the_mock_itself_conforms() -> None:
    """Over a socket, every documented status of every operation is seen, all scenarios pass, what fails is known."""
    counted: list[int] = []
    report = verify(None, Options(max_examples=5, require=["all"]), counted.append)

    assert report.conforms, (report.failures, report.errors, report.unseen)
    # a real server says `object`, too, and an Idempotency-Key of a completed cart brings its answer
    assert {"Order.object", "StoreCartsRes.data"} >= {one.field for one in report.remarks}
    assert {"passed"} == {case.result for case in report.cases if case.scenario not in WIRE}
    assert {"forced only"} == {case.result for case in report.cases if case.scenario in WIRE}
    assert "never seen" not in {report.seen(AUTHORIZE, status) for status in PUBLISHED}
    known = {finding.known.id for finding in report.findings if finding.known}
    assert {"batch-faults", "cart-breaks"} <= known
    assert 100 < counted[-1] == len([one for one in report.exchanges if one.drawn])


@pytest.mark.slow
def test_strict_excuses_nothing() -> None:
    """Without the ledger the same run fails, and the ledger explains each of its failures."""
    report = checked(None, strict=True)

    assert not report.conforms
    assert [] == [finding for finding in report.failures if finding.explanation is None]


@pytest.mark.volume
def test_the_same_seed_finds_the_same() -> None:
    """Two runs ask and see the same; another seed asks something else."""

    def seen(seed: int) -> list[tuple[str, int]]:
        return [(one.operation.id, one.status) for one in checked(None, seed=seed, cases=["busy"]).exchanges]

    assert seen(1) == seen(1)
    assert seen(1) != seen(2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("breaks", "caught_by"),
    [
        (broken.drops_a_required_field, "response_schema_conformance"),
        (broken.answers_requires_more_as_200, "answer_is_about_what_was_asked"),
        (broken.sends_a_wrong_status, "status_code_conformance"),
        (broken.sends_html_for_json, "content_type_conformance"),
        (broken.forgets_cors, "browsers_may_read_the_answer"),
    ],
)
def test_a_broken_server_is_caught(breaks: Callable[..., Any], caught_by: str) -> None:
    """Each way of being broken fails its own check, with a curl line that reproduces it."""
    with broken.serving(breaks) as url:
        report = checked(url)

    assert not report.conforms
    caught = [finding for finding in report.failures if finding.check == caught_by]
    assert caught
    assert all(finding.curl.startswith("curl ") and url in finding.curl for finding in caught)


@pytest.mark.slow
def test_a_server_that_is_only_passed_on_conforms() -> None:
    """The control of the controls: the same server, not broken, conforms."""
    with broken.serving() as url:
        assert checked(url, require=["200", "409"]).conforms


@pytest.mark.slow
def test_a_server_that_never_sends_409_is_caught_by_the_gate() -> None:
    """A documented status that is required and never came fails the run, and so do the scenarios that expect it."""
    with broken.serving(broken.never_sends_409) as url:
        report = checked(url, require=["409"])

    assert not report.conforms
    assert (AUTHORIZE, 409) in report.unseen
    assert {"busy", "conflict", "conflict-yet-paid", "default"} == {
        one.scenario for one in report.cases if one.result == "failed"
    }
    assert "paymentCollections.authorizePaymentSession answered 400, expected 409" in {
        case.reason for case in report.cases
    }


@pytest.mark.slow
def test_scenarios_that_expect_a_refusal_catch_a_success() -> None:
    """`requires-more` answered as 200 fails the scenario, too."""
    with broken.serving(broken.answers_requires_more_as_200) as url:
        failed = {case.scenario for case in checked(url).cases if case.result == "failed"}

    assert {"declined", "default", "requires-more"} == failed


@pytest.mark.slow
def test_scenarios_of_ones_own_are_cases(tmp_path: Path) -> None:
    """Every stub is asked for what it waits for, globs and all; one whose example an earlier one answers is passed over, and so is a route."""
    (tmp_path / "mine.yaml").write_text(
        """
description: x
stubs:
  - {operation: paymentCollections.retrieve, when: {query: {expand: "pay*"}, header: {X-Shop: "[dk]?"}}, reply: {status: 404}}
  - {operation: authorizePaymentSession, when: {path: {session_id: "ps_visa_1*"}}, replies: [{status: 422}, {status: 200}]}
  - {operation: authorizePaymentSession, when: {path: {session_id: "ps_visa_*"}}, reply: {status: 500}}
  - {route: "GET /store/loyalty/{id}", reply: {status: 418}}
  - {operation: managePaymentSession, when: {body: {provider_id: "str*", more: [1, {a: b}]}}, reply: {status: 409}}
"""
    )
    report = checked(None, scenarios=[tmp_path], cases=["mine"], max_examples=1)

    assert [("mine", "passed", "")] == [(case.scenario, case.result, case.reason) for case in report.cases]
    assert [404, 422, 200, 409] == [one.status for one in report.exchanges[:4]]


@pytest.mark.slow
def test_comparisons_turns_and_whole_resources_are_cases(tmp_path: Path) -> None:
    """An example is made of each comparison, a loop is played once, each operation that a stub covers in turn; what hangs on amounts is not."""
    (tmp_path / "mine.yaml").write_text(
        """
description: x
stubs:
  - {operation: authorizePaymentSession, per: session_id, loop: true, replies: [{status: 409}, {status: 200}]}
  - {operation: managePaymentSession, when: {body: {provider_id: {matches: "^s[a-z]+$"}, n: {gt: 3}}}, reply: {status: 404}}
  - {operation: "*", replies: [{status: 500}, {status: 409}]}
"""
    )
    (tmp_path / "amounts.yaml").write_text(
        "description: x\nproviders: {stripe: {authorize: [{when: {amount: {gt: 1}}, status: error}]}}\n"
    )
    report = checked(None, scenarios=[tmp_path], cases=["amounts", "mine"], max_examples=1)

    assert [
        ("amounts", "forced only", "what its providers answer hangs on amounts or data"),
        ("mine", "passed", ""),
    ] == [(case.scenario, case.result, case.reason) for case in report.cases]
    assert [409, 200, 404, *[500, 409] * 5] == [one.status for one in report.exchanges[:13]]


@pytest.mark.slow
def test_a_mock_that_is_closed_to_the_run_is_given_no_cart() -> None:
    """What a scenario leaves to the operation then finds nothing, and is no failure of the mock."""
    closed = create_app(Settings(clock=broken.CLOCK, control_token="sixteen letters or more"))  # noqa: S106
    with broken.serving(app=closed) as url:
        report = checked(url, cases=["cart-conflict"], operations=["carts.complete"], max_examples=1)

    said = "what it needs can be given by /__mock alone, which is closed to this run"
    assert [("forced only", said)] == [(case.result, case.reason) for case in report.cases]


@pytest.mark.slow
def test_a_scenario_that_breaks_the_contract_fails(tmp_path: Path) -> None:
    """`off_contract` lets it be served, and verify says so."""
    (tmp_path / "odd.yaml").write_text(
        "description: x\nstubs:\n  - {operation: paymentCollections.retrieve, reply: {status: 418, body: {}, off_contract: true}}\n"
    )
    (case,) = checked(None, scenarios=[tmp_path], cases=["odd"], max_examples=1).cases

    assert ("failed", "status 418 is not documented for paymentCollections.retrieve") == (
        case.result,
        case.reason.partition(";")[0],
    )


@pytest.mark.slow
def test_secrets_are_kept_out_of_the_report() -> None:
    """A header that was added is sent, and nowhere to be read."""
    with broken.serving(broken.forgets_cors) as url:
        report = checked(url, access=Access({"Authorization": "Bearer s3cr3t-token"}))

    assert report.failures
    assert "s3cr3t-token" not in str(report)
    assert "[hidden]" in report.failures[0].curl


def always_500(sent: broken.Sent) -> broken.Sent:
    """Fail, whatever is asked."""
    return broken.fails(no_mock(sent))


@pytest.mark.slow
def test_a_server_that_always_fails_conforms_in_nothing() -> None:
    """The ledger explains single failures of an operation that also answers; it excuses no server that is down."""
    with broken.serving(always_500) as url:
        report = verify(url, Options(max_examples=1, cases=["default"], operations=FEW))

    assert not report.conforms
    assert [] == [finding for finding in report.findings if finding.known]
    (failed,) = [finding for finding in report.failures if finding.check == "not_a_server_error"]
    assert len(report.operations) == len({failed.place, *failed.others})
    assert failed.count > 6


@pytest.mark.volume
@pytest.mark.parametrize(
    ("breaks", "failing"),
    [
        (
            broken.fails_to_authorize,
            {"paymentCollections.authorizePaymentSession", "paymentCollections.authorizePaymentSessionsBatch"},
        ),
        (
            broken.fails_without_cause,
            {
                "paymentCollections.managePaymentSessionsBatch",
                "paymentCollections.refreshPaymentSession",
                "paymentCollections.retrieve",
                "regions.list",
                "regions.retrieve",
            },
        ),
    ],
)
def test_a_failure_of_another_cause_is_not_excused(breaks: broken.Break, failing: set[str]) -> None:
    """The ledger knows a 500 of these operations, and excuses those alone that what was asked provokes."""
    with broken.serving(breaks) as url:
        report = checked(url, cases=["busy"], max_examples=20)

    (failed,) = [finding for finding in report.failures if finding.check == "not_a_server_error"]
    assert {f"{name} 500" for name in failing} == {failed.place, *failed.others}
    assert "batch-faults" in {finding.known.id for finding in report.findings if finding.known}


@pytest.mark.slow
def test_a_failure_in_other_words_is_not_excused() -> None:
    """The same request, operation and status do not make it the known failure: what the answer says is looked at, too."""
    with broken.serving(broken.fails_in_other_words) as url:
        report = checked(url, cases=["busy"])

    assert "not_a_server_error" in {finding.check for finding in report.failures}
    assert "not_a_server_error" not in {finding.check for finding in report.findings if finding.known}


@pytest.mark.slow
def test_one_cause_is_one_failure() -> None:
    """A CORS header that is missing everywhere is said once, with its count, the other places and one curl line."""
    with broken.serving(broken.forgets_cors) as url:
        report = verify(url, Options(max_examples=1, cases=["default"], operations=FEW))

    (failed,) = [finding for finding in report.failures if finding.check == "browsers_may_read_the_answer"]
    assert failed.count > len(failed.others) > 5
    assert f" ({failed.count} times, also {', '.join(failed.others)})" == failed.times
    assert f" ({failed.count} times, also regions.list 200, regions.retrieve 200, paymentCollections." in failed.times


@pytest.mark.slow
def test_a_method_that_no_operation_has_is_one_failure() -> None:
    """A 501 to TRACE and QUERY at every path has one cause: it is said once, with its count and its places."""
    with broken.serving(broken.does_not_implement_strange_methods) as url:
        report = checked(url, cases=["busy"], max_examples=1)

    (failed,) = report.failures
    assert "not_a_server_error" == failed.check
    assert {f"{operation} 501" for operation in report.operations} == {failed.place, *failed.others}
    assert 2 * len(report.operations) <= failed.count


@pytest.mark.slow
def test_fields_that_the_contract_does_not_have_are_remarks() -> None:
    """Each is said once, of its schema, with the answers that have it; the server conforms, and what may be anything is not meant."""
    with broken.serving(broken.answers_more_than_documented) as url:
        report = checked(url, cases=["busy"])

    assert report.conforms, (report.failures, report.errors)
    assert [
        "PaymentCollection.loyalty",
        "PaymentCollectionSelection.loyalty",
        "PaymentSession.colour",
        "PaymentSessionSelection.colour",
        "RegionSelection.loyalty",
    ] == [remark.field for remark in report.remarks]
    (session,) = [remark for remark in report.remarks if remark.field == "PaymentSession.colour"]
    assert session.count > len(session.places) > 2
    assert "paymentCollections.authorizePaymentSession 200" in session.places


@pytest.mark.slow
def test_yaml_that_is_none_is_caught_wherever_it_comes() -> None:
    """An answer of a type that the contract does not have ends no thread of Schemathesis: all operations are asked."""
    with broken.serving(broken.sends_broken_yaml) as url:
        report = checked(url, cases=["busy"], max_examples=1)

    (failed,) = [finding for finding in report.failures if finding.check == "content_type_conformance"]
    assert "Undocumented Content-Type: Received: application/yaml" == failed.message
    assert len(report.operations) - 1 <= len({failed.place, *failed.others})  # a batch that adds up nobody draws
    assert {operation.id for operation in report.operations} == {
        one.operation.id for one in report.exchanges if one.drawn
    }


@pytest.mark.slow
def test_a_thread_of_schemathesis_that_dies_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not asked for want of it is no success: the run could not be made, and says why."""

    def stumble(_context: Any, _response: Any) -> Any:
        raise RuntimeError("what nobody foresaw")

    for media_type in checks.YAML:
        monkeypatch.setitem(deserialization._DESERIALIZERS, media_type, stumble)  # noqa: SLF001
    with (
        broken.serving(broken.sends_broken_yaml) as url,
        pytest.raises(MockServerError, match="could not take an answer in: RuntimeError: what nobody foresaw"),
    ):
        checked(url, cases=["busy"], max_examples=1)


def test_other_threads_die_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What dies beside Schemathesis is no matter of the run's."""
    told: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda died: told.append(str(died.exc_value)))
    gateway = Gateway(Target(Client("http://localhost:9")))

    def die() -> None:
        raise RuntimeError("mine")

    with threads_that_die(gateway):
        thread = threading.Thread(target=die)
        thread.start()
        thread.join()

    assert ["mine"] == told
    assert gateway.problem is None


@pytest.mark.slow
def test_real_ids_are_used(tmp_path: Path) -> None:
    """With `--given`, requests name what is there; some still name what is not."""
    given = tmp_path / "given.yaml"
    given.write_text(
        "- {id: paycol_real, session_id: ps_real}\n- {id: paycol_x, session_id: ps_x, scenario: default}\n"
    )
    asked: list[str] = []

    def note(sent: broken.Sent) -> broken.Sent:
        asked.append(sent.path)
        return sent

    with broken.serving(note) as url:
        report = checked(url, supply=from_file(given, lambda: CASES))

    assert report.conforms, (report.failures, report.errors)
    assert any("/paycol_real/sessions/ps_real/authorize" in path for path in asked)
    assert any("paycol_real" not in path for path in asked)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:1", "http://127.0.0.1:1 does not answer: .*refused"),
        ("localhost:9000", "'localhost:9000' is not a URL such as 'http://localhost:9000'"),
        ("http://nobody.invalid", "http://nobody.invalid does not answer: "),
    ],
)
def test_a_server_that_is_not_there(url: str, message: str) -> None:
    """It could not run: one clear line."""
    with pytest.raises(MockServerError, match=message):
        checked(url)


def no_mock(sent: broken.Sent) -> broken.Sent:
    """Pass for a real server: say nothing of scenarios."""
    return replace(
        sent, headers={name: value for name, value in sent.headers.items() if not name.startswith("x-mock-")}
    )


@pytest.mark.slow
def test_scenarios_on_a_server_that_cannot_be_forced(tmp_path: Path) -> None:
    """Those that its data lead to are played, all others are said to be forced only."""
    given = tmp_path / "given.yaml"
    given.write_text(
        "- {id: paycol_1, session_id: ps_1}\n"
        "- {id: paycol_2, session_id: ps_mock_422, scenario: declined}\n"
        "- {id: paycol_3, session_id: ps_mock_409, scenario: busy}\n"
        "- {id: paycol_4, session_id: ps_mock_404, scenario: missing}\n"
    )
    with broken.serving(no_mock) as url:
        cases = {case.scenario: case for case in checked(url, supply=from_file(given, lambda: CASES)).cases}

    assert "passed" == cases["declined"].result
    assert ("failed", "paymentCollections.authorizePaymentSession answered 409, expected 200") == (
        cases["busy"].result,
        cases["busy"].reason,
    )
    assert ("passed", "forced only") == (cases["default"].result, cases["outage"].result)
    assert "failed" == cases["(unknown collection)"].result  # this one invents what is asked for


@pytest.mark.slow
def test_without_real_ids_a_real_server_is_asked_for_what_is_not_there() -> None:
    """Nothing is known of its data: what wants some is forced only."""
    with broken.serving(no_mock) as url:
        cases = {case.scenario: case.result for case in checked(url).cases}

    assert "forced only" == cases["default"]
    assert "(unknown session)" not in cases


@pytest.mark.slow
def test_a_server_that_dies_could_not_be_asked() -> None:
    """One sentence names the request that got no answer; it is no verdict on the server."""
    with (
        broken.serving() as url,
        broken.hanging_up(url, after=120) as dying,
        pytest.raises(MockServerError, match=f"{dying} gave no whole answer to [A-Z]+ /store/.*: .*closed"),
    ):
        checked(dying)


@pytest.mark.slow
def test_a_redirect_to_nowhere_is_an_answer() -> None:
    """A redirect is not followed, wherever it leads: it is a status that the contract does not have."""

    def astray(sent: broken.Sent) -> broken.Sent:
        if not sent.path.endswith("/sessions/batch"):
            return sent
        return replace(sent, status=302, headers={**sent.headers, "location": "http://["})

    with broken.serving(astray) as url:
        report = checked(url, cases=["busy"], max_examples=1)

    assert [] == report.errors
    assert {"paymentCollections.managePaymentSessionsBatch 302"} == {one.place for one in report.failures}


@pytest.mark.slow
def test_what_could_not_be_asked_is_an_error() -> None:
    """What ends the questions about an operation is one sentence and no verdict; the others are asked."""

    def fail(_context: Any, case: Any, _kwargs: Any) -> None:
        if case.path.endswith("/sessions/batch"):
            raise OSError("no socket is left")

    schemathesis.hook("before_call")(fail)
    try:
        report = checked(None, cases=["busy"], max_examples=1)
    finally:
        hooks.unregister(fail)

    (error,) = report.errors
    assert error.startswith("POST /store/payment-collections/{id}/sessions/batch: ")
    assert error.endswith("no socket is left")
    assert [] == report.failures
    assert report.incomplete
    assert not report.conforms
    asked = {one.operation.name for one in report.exchanges if one.drawn}
    assert {"paymentCollections.managePaymentSessionsBatch"} == {one.name for one in report.operations} - asked


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 50])
def test_an_interrupted_run_reports_what_it_has(number: int) -> None:
    """Ctrl-C ends the questions, not the report."""

    def interrupt(count: int) -> None:
        if count >= number:
            raise KeyboardInterrupt

    report = verify(None, Options(cases=["busy"], operations=FEW), interrupt)

    assert report.interrupted
    assert "busy" == report.cases[0].scenario


@pytest.mark.slow
def test_json_that_is_none_is_caught() -> None:
    """A body that only calls itself JSON breaks the contract."""

    def garbled(sent: broken.Sent) -> broken.Sent:
        return replace(sent, garbled=True)

    with broken.serving(garbled) as url:
        report = checked(url, cases=["busy"])

    assert {"failed"} == {case.result for case in report.cases}
    assert any(finding.check == "response_schema_conformance" for finding in report.failures)


@pytest.mark.slow
def test_keys_that_are_no_text_fail_a_case() -> None:
    """Half a surrogate pair breaks the contract, and ends no run."""

    def halved(sent: broken.Sent) -> broken.Sent:
        return replace(no_mock(sent), document=sent.document and {"\ud800": 1})

    supply = Supply(lambda: [{"id": "paycol_1"}], again=True)
    few = ("paymentCollections.retrieve", "authorizePaymentSession")
    with broken.serving(halved) as url:
        case = checked(url, cases=["default"], operations=few, max_examples=1, supply=supply).cases[0]

    assert ("failed", "body: has half a surrogate pair, which is no text") == (case.result, case.reason)


@pytest.mark.slow
def test_operations_are_chosen_as_a_stub_chooses_them() -> None:
    """Only they are asked, only they stand in the matrix, and scenarios are played as far as they are about them."""
    report = checked(None, operations=["regions.*", "GetProductTags"], max_examples=1, cases=["default", "declined"])

    names = {"regions.list", "regions.retrieve", "productTags.list"}
    assert names == {one.name for one in report.operations} == {one.operation.name for one in report.exchanges}
    assert {"default": "passed", "declined": "passed"} == {case.scenario: case.result for case in report.cases}
    assert report.conforms


@pytest.mark.slow
def test_a_real_server_is_led_to_nothing_by_operations_that_are_not_chosen() -> None:
    """Where authorizing is none of them, no data of one's own leads to a scenario, and no session is looked for."""
    supply = Supply(lambda: [{"id": "reg_1"}, {"id": "reg_1", "scenario": "declined"}], again=True)
    with broken.serving(no_mock) as url:
        report = checked(url, operations=["regions.retrieve"], max_examples=1, cases=["declined"], supply=supply)

    assert {"regions.retrieve"} == {one.operation.name for one in report.exchanges}
    assert [("declined", "forced only"), ("(unknown collection)", "passed")] == [
        (case.scenario, case.result) for case in report.cases
    ]
    assert "the operations that can be led to it are not all chosen" == report.cases[0].reason


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("cart.create", "--operation: no operation 'cart.create'; did you mean 'carts.create'"),
        ("card.*", "--operation: no resource 'card'; did you mean 'carts'"),
        ("retrieve", "--operation: operation 'retrieve' is a method of several resources"),
    ],
)
def test_an_unknown_operation_cannot_be_chosen(name: str, sentence: str) -> None:
    """What was probably meant is said, as for a stub."""
    with pytest.raises(MockServerError, match=re.escape(sentence)):
        checked(None, operations=[name])


def test_what_is_chosen_links_to_nothing_else() -> None:
    """A narrowed document has the operations that were chosen, in order, and no link to any other."""
    contract = Contract()
    operations = chosen(contract, ["carts.create", "carts.retrieve"])
    document = narrowed(contract.document, operations)

    assert ["carts.create", "carts.retrieve"] == [one.name for one in read_operations(document)]
    created = document["paths"]["/store/carts"]["post"]["responses"]
    assert {"retrieve"} == created["200"]["links"].keys()
    assert "links" not in document["paths"]["/store/carts/{id}"]["get"]["responses"]["200"]
    assert contract.operations == tuple(chosen(contract, []))


def test_an_undocumented_status_cannot_be_required() -> None:
    """A typing mistake in `--require` is no gate that can never be passed."""
    with pytest.raises(MockServerError, match="--require: '418' is no documented status; known: all, 200, 400"):
        checked(None, require=["418"])


def test_an_unknown_case_cannot_be_played() -> None:
    """A scenario that is not there is no case that passes."""
    with pytest.raises(MockServerError, match="no scenario 'bussy'; did you mean 'busy'"):
        checked(None, cases=["bussy"])


@pytest.mark.slow
def test_who_names_a_sandbox_stays_in_it() -> None:
    """All questions go there, and none is asked elsewhere."""
    mock = Mock(Settings())
    with broken.serving(app=mock.app) as url:
        access = Access({"X-Mock-Sandbox": "mine"})
        report = checked(url, cases=["busy"], operations=("regions.list",), max_examples=1, access=access)

    assert report.conforms
    assert {"mine"} == {sandbox.name for sandbox in mock.sandboxes if any(True for _ in sandbox.journal)}
