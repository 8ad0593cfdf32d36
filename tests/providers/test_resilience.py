"""Sources on the network within their wrappers: what is remembered, what is shared, and who is spared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, TypeVar

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Basis, Mode, Offer, Party, TransportOffer, Wishes
from providers import resilience
from providers.base import Kind, Outcome, Policy, Provider, ProviderError, Query, Status
from providers.fx import price
from providers.guidebook import stage
from providers.resilience import FAILURES, FRESH, KEPT, NOTHING, OPEN, STALE, Cached, Guarded, Kept, question
from providers.search import search_all
from storage.memory import ProcessClaim, ProcessMemory
from tests.providers.asking import ask, place

QUERY = ask(Kind.BUSES, "mombasa", origin="nairobi")
POLICY = Policy("Somebody's Buses", "1000/minute", budget=1.0)
Answer = Callable[[], Sequence[Offer]]
T = TypeVar("T")


def bus(fare: int = 1500) -> TransportOffer:
    leaves = datetime.fromisoformat("2026-11-27T08:00+03:00")
    fare_now = price(Decimal(fare), "KES", None, source="somebodys.example", seen_at=datetime.now(UTC))
    return TransportOffer(
        "bus:somebody:0800", Mode.BUS, "Somebody", "Somebody", stage(place("nairobi")), stage(place("mombasa")),
        leaves, leaves + timedelta(hours=8), fare_now, provider="somebody",
    )  # fmt: skip


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Somebody:
    """A source that does what the scenario says, in order, the last for ever; it remembers how often it was asked."""

    name: ClassVar[str] = "somebody"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.BUSES})
    needs: ClassVar[tuple[str, ...]] = ("SOMEBODY",)
    policy: Policy = POLICY

    def __init__(self, *answers: Sequence[Offer] | ProviderError, seconds: float = 0, policy: Policy = POLICY) -> None:
        self.answers = list(answers)
        self.seconds = seconds
        self.policy = policy
        self.asked = 0

    def covers(self, query: Query) -> bool:
        return True

    async def search(self, query: Query) -> Sequence[Offer]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if isinstance(answer, ProviderError):
            raise answer
        return answer


class House:
    """A source with its wrappers over one memory, and the refreshes it asked for."""

    def __init__(self, source: Somebody, memory: ProcessMemory | None = None) -> None:
        self.source = source
        self.clock = Clock()
        self.memory = memory or ProcessMemory(timer=self.clock)
        self.refreshed: list[tuple[str, Query]] = []

    def build(self, http: httpx.AsyncClient, keys: Mapping[str, str]) -> Provider:
        return Cached(Guarded(self.source, self.memory), self.memory, lambda *asked: self.refreshed.append(asked))  # type: ignore[arg-type,return-value]

    def ask(self, query: Query = QUERY, deadline: float = 5) -> Outcome:
        (outcome,) = search_all([query], [self.build], deadline)
        return outcome

    def remembers(self, offers: Sequence[Offer], age: float) -> None:
        kept = Kept.of(offers, datetime.now(UTC) - timedelta(seconds=age))
        self.memory.keep(question("somebody", self.source.policy, QUERY), kept, KEPT)


def basis(outcome: Outcome) -> list[Basis]:
    return [offer.price.basis for offer in outcome.offers if isinstance(offer, TransportOffer)]


def failing(**how: object) -> ProviderError:
    return ProviderError("Somebody's Buses has trouble (500)", **how)  # type: ignore[arg-type]


def test_a_new_answer_is_live_and_the_same_question_again_is_answered_from_memory() -> None:
    house = House(Somebody([bus()]))
    first, second = house.ask(), house.ask()
    assert (first.status, basis(first)) == (Status.OK, [Basis.LIVE])
    assert (second.status, basis(second)) == (Status.CACHED, [Basis.CACHED])
    assert second.reached
    assert house.source.asked == 1


def test_a_search_looks_once_for_all_that_is_remembered() -> None:
    looks: list[int] = []

    class Counting(ProcessMemory):
        def recall_all(self, keys: Sequence[str], kind: type[T], *, brief: bool = False) -> dict[str, T]:
            looks.append(len(keys))
            return super().recall_all(keys, kind, brief=brief)

    house = House(Somebody([bus()]), Counting())
    questions = each_day(4)
    for expected in ([Status.OK] * 4, [Status.CACHED] * 4):
        assert [outcome.status for outcome in search_all(questions, [house.build], 5)] == expected
    assert (looks, house.source.asked) == ([4, 4], 4)


def test_who_wants_the_newest_is_not_given_a_memory() -> None:
    house = House(Somebody([bus()], [bus(1800)]))
    house.ask()
    (offer,) = house.ask(replace(QUERY, newest=True)).offers
    assert isinstance(offer, TransportOffer)
    assert (offer.price.kes, offer.price.basis) == (1800, Basis.LIVE)
    assert [o.price.kes for o in house.ask().offers if isinstance(o, TransportOffer)] == [1800], "and it is remembered"


def test_a_stale_answer_is_shown_at_once_and_a_newer_one_asked_for() -> None:
    house = House(Somebody([bus()]))
    house.remembers([bus()], FRESH[Kind.BUSES] + 60)
    outcome = house.ask()
    assert (outcome.status, house.source.asked) == (Status.CACHED, 0)
    assert house.refreshed == [("somebody", QUERY)]


def test_an_old_answer_is_shown_only_when_the_source_fails_and_that_is_said() -> None:
    house = House(Somebody(failing(), [bus(1700)]))
    house.remembers([bus()], FRESH[Kind.BUSES] + STALE[Kind.BUSES] + 60)
    outcome = house.ask()
    assert (outcome.status, basis(outcome)) == (Status.CACHED, [Basis.CACHED])
    assert not outcome.reached
    assert "trouble" in outcome.detail


def test_asked_too_often_older_fares_come_with_the_time_to_wait() -> None:
    house = House(Somebody(ProviderError("Somebody's Buses was asked too often", retry_after=60)))
    house.remembers([bus()], FRESH[Kind.BUSES] + STALE[Kind.BUSES] + 60)
    assert house.ask().retry_after == 60
    again = house.ask(replace(QUERY, party=Party(3)))
    assert (again.status, house.source.asked) == (Status.FAILED, 1), "nobody asks while it wants to be left alone"
    assert again.retry_after == pytest.approx(60, abs=1)
    house.clock.now += 61
    house.ask(replace(QUERY, party=Party(3)))
    assert house.source.asked == 2


def test_a_source_that_is_late_costs_the_deadline_and_older_offers_stand_in() -> None:
    house = House(Somebody([bus()], seconds=30))
    assert house.ask(deadline=0.05).status is Status.TIMED_OUT
    house.remembers([bus()], FRESH[Kind.BUSES] + STALE[Kind.BUSES] + 60)
    outcome = house.ask(deadline=0.05)
    assert (outcome.status, basis(outcome), outcome.reached) == (Status.CACHED, [Basis.CACHED], False)


def test_a_source_gets_no_more_than_its_budget() -> None:
    house = House(Somebody([bus()], seconds=30, policy=replace(POLICY, budget=0.05)))
    outcome = house.ask()
    assert (outcome.status, outcome.detail) == (Status.FAILED, "Somebody's Buses did not answer in 0.05 s")


def test_nothing_found_is_believed_for_a_while_only() -> None:
    house = House(Somebody([], [bus()]))
    assert house.ask().status is Status.EMPTY
    assert house.ask().status is Status.EMPTY
    assert house.source.asked == 1
    house.clock.now += NOTHING + 1
    assert house.ask().status is Status.OK


def test_a_failed_question_is_not_put_again_in_the_same_breath() -> None:
    house = House(Somebody(failing(), [bus()]))
    assert [house.ask().status, house.ask().status] == [Status.FAILED, Status.FAILED]
    assert house.source.asked == 1
    house.clock.now += resilience.REFUSED + 1
    assert house.ask().status is Status.OK


def test_a_cut_connection_is_tried_once_more_and_a_server_error_is_not() -> None:
    cut = House(Somebody(failing(at_once=True), [bus()]))
    assert (cut.ask().status, cut.source.asked) == (Status.OK, 2)
    broken = House(Somebody(failing(), [bus()]))
    assert (broken.ask().status, broken.source.asked) == (Status.FAILED, 1)


def each_day(number: int) -> list[Query]:
    return [replace(QUERY, start=QUERY.start + timedelta(days=n)) for n in range(number)]


def test_three_failures_in_a_row_and_the_source_is_left_alone_for_five_minutes() -> None:
    house = House(Somebody(failing()))
    outcomes = [house.ask(query) for query in each_day(FAILURES + 2)]
    assert house.source.asked == FAILURES
    assert outcomes[-1].detail == "Somebody's Buses has not been answering"
    assert outcomes[-1].retry_after == pytest.approx(OPEN, abs=1)


def test_a_question_that_is_refused_says_nothing_about_others() -> None:
    house = House(Somebody(failing(permanent=True, only_this=True)))
    for query in each_day(FAILURES + 2):
        house.ask(query)
    assert house.source.asked == FAILURES + 2


def test_a_renewal_is_asked_for_once_a_minute_and_says_nothing_personal() -> None:
    house = House(Somebody([bus()]))
    house.remembers([bus()], FRESH[Kind.BUSES] + 60)
    private = replace(QUERY, budget_kes=4711, wishes=Wishes(must_see=("my aunt",)), origin_point="home")
    for _ in range(3):
        house.ask(private)
    (asked,) = house.refreshed
    assert "aunt" not in repr(asked)
    assert "4711" not in repr(asked)
    assert question("somebody", POLICY, asked[1]) == question("somebody", POLICY, private)
    house.clock.now += resilience.RENEWING + 1
    house.ask(private)
    assert len(house.refreshed) == 2


def test_after_five_minutes_one_question_tries_and_one_failure_closes_the_door_again() -> None:
    house = House(Somebody(*[failing()] * (FAILURES + 1), [bus()]))
    for query in each_day(FAILURES):
        house.ask(query)
    house.clock.now += OPEN + 1
    later = [replace(query, party=Party(1)) for query in each_day(2)]
    assert [house.ask(query).status for query in later] == [Status.FAILED] * 2
    assert house.source.asked == FAILURES + 1
    house.clock.now += OPEN + 1
    assert house.ask(later[1]).status is Status.OK
    assert house.ask(later[0]).status is Status.OK, "all is well again"


def test_a_success_between_failures_keeps_the_door_open() -> None:
    house = House(Somebody(failing(), failing(), [bus()], failing(), failing(), [bus()]))
    for query in each_day(6):
        house.ask(query)
    assert house.source.asked == 6


def test_different_questions_keep_to_the_rate_its_owner_allows() -> None:
    house = House(Somebody([bus()], policy=replace(POLICY, rate="5/minute")))
    outcomes = [house.ask(query) for query in each_day(12)]
    assert house.source.asked == 5
    refused = outcomes[5:]
    assert {outcome.status for outcome in refused} == {Status.FAILED}
    assert all(outcome.retry_after and outcome.retry_after <= 60 for outcome in refused)


class Watched(ProcessMemory):
    """Counts who asks it for leave."""

    asked = 0

    def claim(self, key: str, seconds: float) -> ProcessClaim | None:
        self.asked += 1
        return super().claim(key, seconds)

    def wait_before(self, key: str, rate: str, unless: str = "") -> float:
        self.asked += 1
        return super().wait_before(key, rate, unless)

    def all_marked(self, keys: Sequence[str]) -> Sequence[float]:
        self.asked += 1
        return super().all_marked(keys)


def test_once_it_is_known_that_a_source_is_used_up_nothing_is_asked_before_it_is_refused() -> None:
    clock = Clock()
    house = House(Somebody([bus()], policy=replace(POLICY, rate="2/minute")), memory := Watched(timer=clock))
    questions = each_day(12)
    assert [house.ask(query).status for query in questions[:3]] == [Status.OK, Status.OK, Status.FAILED]
    so_far = memory.asked
    clock.now += 20
    refused = [house.ask(query) for query in questions[3:8]]
    assert {(outcome.status, outcome.detail) for outcome in refused} == {
        (Status.FAILED, "Somebody's Buses is asked as often as it allows")
    }
    assert all(outcome.retry_after == pytest.approx(40, abs=2) for outcome in refused)
    assert (memory.asked, house.source.asked) == (so_far, 2)
    assert sum(memory.tallies()["provider_searches"].values()) == 2 + 1 + 5
    clock.now += 41
    assert [house.ask(query).status for query in questions[8:10]] == [Status.OK, Status.OK]


def test_once_it_is_known_that_a_source_fails_nothing_is_asked_for_as_long_as_it_is_left_alone() -> None:
    clock = Clock()
    house = House(Somebody(failing(), failing(), failing(), [bus()]), memory := Watched(timer=clock))
    questions = each_day(12)
    for query in questions[:4]:  # the fourth is told that it is left alone
        house.ask(query)
    so_far = memory.asked
    assert {house.ask(query).status for query in questions[4:8]} == {Status.FAILED}
    assert (memory.asked, house.source.asked) == (so_far, 3)
    clock.now += OPEN + 1
    assert house.ask(questions[8]).status is Status.OK


def test_a_hundred_people_with_one_question_make_one_call() -> None:
    house = House(Somebody([bus()], seconds=0.1))
    with ThreadPoolExecutor(20) as people:
        outcomes = list(people.map(lambda _: house.ask(), range(100)))
    assert house.source.asked == 1
    assert {outcome.status for outcome in outcomes} <= {Status.OK, Status.CACHED}
    assert all(len(outcome.offers) == 1 for outcome in outcomes)


def test_those_who_waited_for_one_call_share_its_failure() -> None:
    house = House(Somebody(failing(), seconds=0.1))
    with ThreadPoolExecutor(10) as people:
        outcomes = list(people.map(lambda _: house.ask(), range(10)))
    assert house.source.asked == 1
    assert {outcome.status for outcome in outcomes} == {Status.FAILED}


def test_what_happened_is_counted() -> None:
    house = House(Somebody([bus()], failing()))
    house.ask()
    house.ask()
    house.ask(replace(QUERY, party=Party(7)))
    told = house.memory.tallies()
    searches = {dict(labels)["status"]: count for labels, count in told["provider_searches"].items()}
    answers = {dict(labels)["answer"]: count for labels, count in told["provider_cache"].items()}
    assert searches == {"ok": 1, "failed": 1}
    assert answers == {"none": 2, "fresh": 1}
    assert sum(told["provider_seconds_count"].values()) == 2


@given(st.integers(1, 9), st.integers(0, 4), st.integers(0, 300), st.sampled_from(["mombasa", "kisumu", "voi"]))
def test_different_questions_have_different_keys(adults: int, children: int, days: int, town: str) -> None:
    asked = replace(
        QUERY, party=Party(adults, children), start=QUERY.start + timedelta(days=days), destination=place(town)
    )
    same = replace(asked, newest=True, origin_point="my house")
    assert question("a", POLICY, asked) == question("a", POLICY, same)
    assert (question("a", POLICY, asked) == question("a", POLICY, QUERY)) is (
        (adults, children, days, town) == (2, 0, 0, "mombasa")
    )
    assert question("a", POLICY, asked) != question("b", POLICY, asked)


def test_what_depends_on_neither_dates_nor_party_is_asked_once_for_everybody() -> None:
    timeless = replace(POLICY, timeless=True)
    other = replace(QUERY, start=QUERY.start + timedelta(days=9), end=QUERY.end + timedelta(days=10), party=Party(5))
    assert question("a", timeless, QUERY) == question("a", timeless, other)
    assert question("a", timeless, QUERY) != question("a", timeless, replace(other, destination=place("voi")))
