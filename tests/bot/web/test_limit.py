"""A visitor's bucket empties and fills again."""

from __future__ import annotations

from flask import Flask

from bot.web.limit import VISITORS, Limit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_and_then_one_by_one() -> None:
    clock = Clock()
    limit = Limit(burst=3, per_minute=60, clock=clock)
    assert [limit.allows("a") for _ in range(5)] == [True, True, True, False, False]
    clock.now = 1.0
    assert [limit.allows("a"), limit.allows("a")] == [True, False]


def test_a_bucket_holds_no_more_than_the_burst() -> None:
    clock = Clock()
    limit = Limit(burst=2, per_minute=60, clock=clock)
    limit.allows("a")
    clock.now = 3600.0
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]


def test_visitors_have_buckets_of_their_own() -> None:
    limit = Limit(burst=1, per_minute=1, clock=Clock())
    assert limit.allows("a")
    assert limit.allows("b")
    assert not limit.allows("a")


def test_memory_is_bounded() -> None:
    limit = Limit(burst=1, per_minute=1, clock=Clock())
    for visitor in range(VISITORS + 1):
        limit.allows(visitor)
    assert not limit.allows(VISITORS)
    assert limit.allows(0), "the one silent longest was forgotten"


def test_visitors_behind_the_proxy_do_not_share_a_bucket(flask: Flask) -> None:
    def last_code(address: str, posts: int) -> int:
        codes = []
        for _ in range(posts):  # each from a browser of its own
            browser = flask.test_client()
            codes.append(browser.post("/plan", headers={"X-Forwarded-For": f"10.0.0.1, {address}"}).status_code)
        return codes[-1]

    assert last_code("203.0.113.7", 70) == 429
    assert last_code("203.0.113.8", 1) == 422
