"""Delays, chances and repeats: what a reply says of them, and what comes of it."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from asking import Ask, ask_of, in_scenario, recorded
from conftest import AUTHORIZE, CLOCK
from pydantic import ValidationError

from mockserver import Settings
from mockserver.edge.mock import Mock
from mockserver.engine.explain import Trace, explain
from mockserver.messages import Response
from mockserver.scenarios import ScenarioFormat
from mockserver.scenarios.delays import MAX_DELAY, Between, Fixed, LogNormal


def stub(**reply: Any) -> dict[str, Any]:
    """Return a stub of authorize with one reply."""
    return {"operation": "authorizePaymentSession", "reply": reply}


def many(*replies: dict[str, Any]) -> dict[str, Any]:
    """Return a stub of authorize with a sequence."""
    return {"operation": "authorizePaymentSession", "replies": list(replies)}


def went_out(mock: Mock, times: int, *stubs: dict[str, Any], prefix: str = "") -> list[Response]:
    """Return what the journal says of so many authorizations in a scenario with these stubs."""
    in_scenario(ask_of(mock.app), {"stubs": list(stubs)}, "mine")
    return [recorded(mock, "POST", f"/@mine{prefix}{AUTHORIZE}").response for _ in range(times)]


def a_mock(**said: Any) -> Mock:
    """Return a mock of its own."""
    return Mock(Settings(clock=CLOCK, **said))


def test_delays() -> None:
    """One number is always the same; a range holds all; the median of a lognormal is its median, its tail is bounded."""
    draws = [number / 1000 for number in range(1000)]

    assert {0.3} == {Fixed(0.3).seconds(draws.pop) for _ in range(3)}
    between = [Between(0.1, 0.5).seconds(partial(float, draw)) for draw in draws]
    assert 0.1 == between[0]
    assert 0.3 == pytest.approx(between[500])
    assert max(between) < 0.5
    normal = [LogNormal(0.2, 3).seconds(partial(float, draw)) for draw in draws]
    assert 0.2 == pytest.approx(normal[500])
    assert 3 == pytest.approx(normal[990], rel=0.001)
    assert normal == sorted(normal)
    assert MAX_DELAY == LogNormal(10, 300).seconds(lambda: 1 - 2**-53)
    assert normal[0] > 0


def test_delays_are_seeded() -> None:
    """The same run waits alike, whatever the sandbox is called; another seed waits otherwise."""
    said = stub(delay={"min": "1ms", "max": "2s"})

    def waits(seed: str, name: str) -> list[float]:
        return [response.delay for response in went_out(a_mock(seed=seed), 5, said, prefix=f"/~{name}")]

    assert waits("0", "a") == waits("0", "b")
    assert waits("0", "a") != waits("1", "a")
    assert 5 == len(set(waits("0", "a")))


@pytest.mark.parametrize(
    "reply",
    [
        {"delay": "soon"},
        {"delay": {"min": "2s", "max": "1s"}},
        {"delay": {"median": "1s"}},
        {"delay": {"median": "2s", "p99": "1s"}},
        {"delay": {"median": "0s", "p99": "1s"}},
        {"delay": {"min": "1ms", "max": "6m"}},
        {"delay": {"min": 1, "max": 2}},
        {"delay": 3},
        {"fault": "explode"},
        {"chance": 0},
        {"chance": 1},
        {"chance": "often"},
        {"repeat": 0},
        {"repeat": 2},
    ],
)
def test_what_cannot_be_said(reply: dict[str, Any]) -> None:
    """A delay that is none, a fault that nobody knows, a chance that is certain, a repeat before nothing."""
    with pytest.raises(ValidationError):
        ScenarioFormat.model_validate({"description": "x", "stubs": [stub(**reply)]})


def test_a_chance_is_kept_and_repeats_itself() -> None:
    """One in ten of a thousand, about; and the same ones in the same run."""
    first = [answer.status for answer in went_out(a_mock(), 1000, stub(status=409, chance=0.1))]
    second = [answer.status for answer in went_out(a_mock(), 1000, stub(status=409, chance=0.1))]

    assert first == second
    assert 60 < Counter(first)[409] < 140
    assert {200, 409} == set(first)


def test_who_does_not_take_its_chance_lets_the_next_one_answer(mock: Mock) -> None:
    """Two stubs share what comes; the rest is the operation's."""
    found = Counter(
        answer.status for answer in went_out(mock, 400, stub(status=409, chance=0.5), stub(status=422, chance=0.5))
    )

    assert 150 < found[409] < 250
    assert 60 < found[422] < 140
    assert 60 < found[200] < 140


def test_a_reply_repeats_before_the_next(mock: Mock) -> None:
    """`repeat: 3` is three times; the last one repeats for ever."""
    answers = went_out(mock, 7, many({"status": 409, "repeat": 3}, {"status": 422}, {}))

    assert [409, 409, 409, 422, 200, 200, 200] == [answer.status for answer in answers]


@pytest.mark.parametrize("fault", ["reset", "empty", "truncate", "garbage", "hang", "drip"])
def test_the_operation_is_carried_out_whatever_becomes_of_the_answer(mock: Mock, ask: Ask, fault: str) -> None:
    """As when a real server's answer is lost: the payment is authorized all the same."""
    (lost,) = went_out(mock, 1, stub(fault=fault))
    seen = ask("GET", "/store/payment-collections/paycol_1")

    assert fault == lost.fault
    assert "authorized" == seen.document["payment_collection"]["status"]


def test_a_fault_may_hit_a_canned_answer(mock: Mock) -> None:
    """Status and fault go together."""
    (answer,) = went_out(mock, 1, stub(status=409, fault="truncate", delay="20ms"))

    assert (409, "truncate", 0.02) == (answer.status, answer.fault, answer.delay)


def test_flaky_goes_wrong_one_time_in_four(mock: Mock) -> None:
    """And in every way that it knows."""
    answers = went_out(mock, 400, prefix="/@flaky")
    kinds = Counter(answer.fault or answer.status for answer in answers)

    assert {200, 409, "reset"} == kinds.keys()
    assert 220 < kinds[200] < 350


def test_a_journal_says_what_a_stub_drew(mock: Mock) -> None:
    """A stub that did not take its chance is named with what it drew."""
    went_out(mock, 1, stub(status=409, chance=0.000001))
    (entry,) = mock.sandboxes["shared"].journal

    (ruled_out,) = entry.document()["why"]["near"]
    assert ruled_out["differences"][0].startswith("chance: drew 0.")


def test_nothing_is_explained_where_there_is_nothing(mock: Mock) -> None:
    """A request without an operation has no stubs."""
    assert [] == explain(mock.scenarios["busy"], Trace())["near"]
