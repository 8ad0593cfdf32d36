"""No window of a rate ever holds more than it allows, and who waits as told is let in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import rates
from storage.rates import Limit


@pytest.mark.parametrize(
    ("rate", "limits"),
    [
        ("30/minute", [Limit(30, 60)]),
        ("1/second; 1000/day", [Limit(1, 1), Limit(1000, 86_400)]),
        ("5 per 10 seconds;100/2 hours", [Limit(5, 10), Limit(100, 7200)]),
    ],
)
def test_rates_are_read_as_they_are_written(rate: str, limits: list[Limit]) -> None:
    assert list(rates.parse(rate)) == limits


@pytest.mark.parametrize("rate", ["", "often", "0/minute", "1/0 seconds", "1/fortnight", "1/minute;", "-1/second"])
def test_what_says_nothing_or_allows_nothing_is_no_rate(rate: str) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        rates.parse(rate)


@given(
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from([1.0, 7.0, 60.0])), min_size=1, max_size=3),
    st.lists(st.floats(0, 20, allow_subnormal=False), max_size=60),
)
def test_no_window_holds_more_than_allowed_and_waiting_as_told_helps(
    allowed: list[tuple[int, float]], pauses: list[float]
) -> None:
    limits, uses, now = [Limit(*limit) for limit in allowed], list[float](), 0.0
    for pause in pauses:
        now += pause
        if seconds := rates.wait(uses, limits, now):
            assert rates.wait(uses, limits, now + seconds * 0.99 - 0.001) > 0, "no shorter wait would do"
            now += seconds
            assert rates.wait(uses, limits, now) <= rates.LEAST_WAIT
            continue
        uses.insert(0, now)
        for limit in limits:
            assert sum(now - moment < limit.seconds - 1e-6 for moment in uses) <= limit.uses
