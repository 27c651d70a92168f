"""Providers as a scenario's data: what is said of one, of all, and what they do by themselves."""

from pathlib import Path

import pytest
from asking import recorded
from conftest import AUTHORIZE

from mockserver import MockServerError
from mockserver.edge.mock import Mock
from mockserver.operations.shared.providers import ACTIONS, UNCHANGED, Outcome, Provider, Providers, natural
from mockserver.scenarios import scenarios_of
from mockserver.state.entry import Entry


def test_what_is_said_of_one_wins_over_what_is_said_of_all() -> None:
    """A provider's own outcome first, then that of `*`, then what it does by itself."""
    one, all_ = Outcome(status="error"), Outcome(status="pending")
    providers = Providers(
        {"stripe": Provider({"authorize": (one,)}), "*": Provider({"authorize": (all_,), "update": (all_,)})}
    )

    assert [one, all_, natural("stripe", "delete")] == [
        providers.outcome("stripe", "authorize", 0, {}),
        providers.outcome("stripe", "update", 0, {}),
        providers.outcome("stripe", "delete", 0, {}),
    ]
    assert all_ == providers.outcome("manual", "authorize", 0, {})
    assert ["manual", "stripe"] == list(providers)
    assert "*" not in providers
    assert [one, all_] == list(providers.authorizations())


def test_outcomes_come_in_order_and_the_last_repeats() -> None:
    """The n-th question has the n-th answer."""
    first, last = Outcome(status="requires_more"), Outcome()
    provider = Provider({"authorize": (first, last)})

    assert [first, last, last] == [provider.outcome("authorize", asked, {}) for asked in range(3)]
    assert provider.outcome("delete", 0, {}) is None


def test_manual_answers_as_medusas_own() -> None:
    """It authorizes, with its status as data; any other agrees and keeps what it had."""
    assert {"status": "authorized"} == natural("manual", "authorize").data
    assert {"status": "pending"} == natural("manual", "initiate").data
    assert {} == natural("paypal", "initiate").data
    assert UNCHANGED is natural("paypal", "authorize").data
    assert "data unchanged" == repr(UNCHANGED)
    assert {"authorized"} == {natural("paypal", action).status for action in ACTIONS}


def test_an_outcome_without_data_has_the_providers_own() -> None:
    """Where nothing is said of data, `manual` sends what it always sends with that status."""
    by_itself = natural("manual", "authorize")

    assert {"status": "authorized"} == Outcome().filled(by_itself).data
    assert {"x": 1} == Outcome(data={"x": 1}).filled(by_itself).data
    assert UNCHANGED is Outcome(status="error").filled(by_itself).data


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("{authorize: {error: x, throws: conflict}}", "says both 'error' and 'throws'"),
        ("{authorize: {code: x}}", "has a 'code' but neither 'error' nor 'throws'"),
        ("{authorise: {}}", "no key 'authorise'; did you mean 'authorize'?"),
        ("{authorize: [{stats: error}]}", "no key 'stats'; did you mean 'status'?"),
        ("{authorize: {overlap: maybe}}", "'conflict', 'rolled-back', 'paid-twice', 'lost-update' or 'sold-out'"),
        ("[]", "is to be a mapping"),
        ("{authorize: [{when: {amout: 1}}]}", "no key 'amout'; did you mean 'amount'?"),
        ("{authorize: {when: {amount: {gt: [1]}}}}", "authorize.0.when.amount.gt: wants a number"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, said: str, problem: str) -> None:
    """What a provider cannot be told is refused when the file is loaded."""
    (tmp_path / "x.yaml").write_text(f"description: x\nproviders:\n  stripe: {said}\n")

    with pytest.raises(MockServerError) as refused:
        scenarios_of([tmp_path])
    assert str(refused.value).startswith(f"{tmp_path}/x.yaml:3: providers.stripe")
    assert problem in str(refused.value)


BY_AMOUNT = """
description: Amounts over 100.00 are declined, slow cards wait, the second try of all others is refused.
given:
  payment_collections:
    - id: paycol_1
      payment_sessions:
        - {id: ps_large, amount: 10001, provider_id: stripe}
        - {id: ps_slow, amount: 10000, provider_id: stripe, data: {mode: slow}}
        - {id: ps_other, amount: 10000, provider_id: stripe}
providers:
  stripe:
    authorize:
      - {when: {amount: {gt: 10000}}, status: error}
      - {when: {data: {mode: slow}}, wait: 2s}
      - {status: requires_more}
      - {error: No., code: x}
  "*":
    retrieve: {when: {amount: {lt: 0}}, throws: conflict}
    delete: {throws: conflict}
"""


def asked(mock: Mock, session: str) -> Entry:
    """Return what the journal has of an attempt to authorize a session."""
    return recorded(mock, "POST", f"/@amounts/store/payment-collections/paycol_1/sessions/{session}/authorize")


def test_outcomes_by_amount_and_data(mock: Mock) -> None:
    """The first whose `when` fits answers; the others come in order to those that none is for."""
    mock.scenarios.add("amounts", BY_AMOUNT)
    sessions = ("ps_large", "ps_slow", "ps_large", "ps_other", "ps_other")

    entries = [asked(mock, session) for session in sessions]

    assert [422, 200, 422, 422, 400] == [entry.response.status for entry in entries]
    assert [0, 2, 0, 0, 0] == [entry.response.delay for entry in entries]


def test_why_names_the_rule_of_the_provider(mock: Mock) -> None:
    """With its file and line; and those that were for other sessions, with what ruled them out."""
    mock.scenarios.add("amounts", BY_AMOUNT)

    large, slow, other, refused = (
        asked(mock, session).document()["why"] for session in ("ps_large", "ps_slow", "ps_other", "ps_other")
    )

    assert large["text"].endswith("; (inline)/amounts:13: provider stripe says error")
    assert slow["text"].endswith("; (inline)/amounts:14: provider stripe says authorized")
    assert other["text"].endswith("; (inline)/amounts:15: provider stripe says requires_more")
    assert refused["text"].endswith("; (inline)/amounts:16: provider stripe refuses: 'No.'")
    assert [
        {
            "stub": "provider stripe says error",
            "where": "(inline)/amounts:13",
            "differences": ["amount: wanted > 10000, got 10000"],
        },
        {
            "stub": "provider * throws 'conflict'",
            "where": "(inline)/amounts:18",
            "differences": ["amount: wanted < 0, got 10000"],
        },
    ] == slow["near"]
    assert ["provider stripe says error", "provider stripe says authorized"] == [near["stub"] for near in other["near"]]


def test_why_names_what_overlaps(mock: Mock) -> None:
    """What another request at the same moment does is part of the rule; a shipped scenario is named by its file."""
    overlap, declined = (recorded(mock, "POST", f"/@{name}{AUTHORIZE}") for name in ("conflict-yet-paid", "declined"))

    assert "conflict-yet-paid.yaml:6: provider * says authorized, overlap conflict" in overlap.document()["why"]["text"]
    assert "declined.yaml:4: provider * says error" in declined.document()["why"]["text"]


def test_a_stubs_own_provider_has_no_when(tmp_path: Path) -> None:
    """The stub says for which requests it is."""
    reply = "{provider: {when: {amount: 1}}}"
    (tmp_path / "x.yaml").write_text(
        f"description: x\nstubs:\n  - {{operation: authorizePaymentSession, reply: {reply}}}\n"
    )

    with pytest.raises(MockServerError, match="says 'when' of its provider; under 'providers' an outcome has one"):
        scenarios_of([tmp_path])
