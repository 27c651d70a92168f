"""Providers as a scenario's data: what is said of one, of all, and what they do by themselves."""

from pathlib import Path

import pytest

from mockserver import MockServerError
from mockserver.operations.shared.providers import ACTIONS, UNCHANGED, Outcome, Provider, Providers, natural
from mockserver.scenarios import scenarios_of


def test_what_is_said_of_one_wins_over_what_is_said_of_all() -> None:
    """A provider's own outcome first, then that of `*`, then what it does by itself."""
    one, all_ = Outcome(status="error"), Outcome(status="pending")
    providers = Providers(
        {"stripe": Provider({"authorize": (one,)}), "*": Provider({"authorize": (all_,), "update": (all_,)})}
    )

    assert [one, all_, natural("stripe", "delete")] == [
        providers.outcome("stripe", "authorize", 0),
        providers.outcome("stripe", "update", 0),
        providers.outcome("stripe", "delete", 0),
    ]
    assert all_ == providers.outcome("manual", "authorize", 0)
    assert ["manual", "stripe"] == list(providers)
    assert "*" not in providers
    assert [one, all_] == list(providers.authorizations())


def test_outcomes_come_in_order_and_the_last_repeats() -> None:
    """The n-th question has the n-th answer."""
    first, last = Outcome(status="requires_more"), Outcome()
    provider = Provider({"authorize": (first, last)})

    assert [first, last, last] == [provider.outcome("authorize", asked) for asked in range(3)]
    assert provider.outcome("delete", 0) is None


def test_manual_answers_as_medusas_own() -> None:
    """It authorizes, with its status as data; any other agrees and keeps what it had."""
    assert {"status": "authorized"} == natural("manual", "authorize").data
    assert {"status": "pending"} == natural("manual", "initiate").data
    assert {} == natural("stripe", "initiate").data
    assert UNCHANGED is natural("stripe", "authorize").data
    assert "data unchanged" == repr(UNCHANGED)
    assert {"authorized"} == {natural("stripe", action).status for action in ACTIONS}


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
        ("{authorize: {overlap: maybe}}", "'conflict', 'rolled-back', 'paid-twice' or 'lost-update'"),
        ("[]", "Input should be"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, said: str, problem: str) -> None:
    """What a provider cannot be told is refused when the file is loaded."""
    (tmp_path / "x.yaml").write_text(f"description: x\nproviders:\n  stripe: {said}\n")

    with pytest.raises(MockServerError) as refused:
        scenarios_of([tmp_path])
    assert str(refused.value).startswith(f"{tmp_path}/x.yaml:3: providers.stripe")
    assert problem in str(refused.value)
