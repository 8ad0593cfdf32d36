"""Which sources there are, and which of them are on."""

from __future__ import annotations

from providers import registry

GUIDE = {
    "sgr",
    "guide_buses",
    "guide_flights",
    "guide_stays",
    "guide_activities",
    "guide_events",
    "guide_transfers",
}


def test_every_source_file_is_discovered() -> None:
    assert {provider.name for provider in registry.discover()} >= GUIDE


def test_the_guide_needs_no_key() -> None:
    assert {provider.name for provider in registry.enabled({}, offline=True)} >= GUIDE
    assert not GUIDE & registry.missing({}).keys()


def test_what_is_off_says_what_it_needs() -> None:
    on = {provider.name for provider in registry.enabled({})}
    off = registry.missing({})
    assert on | off.keys() == {provider.name for provider in registry.discover()}
    assert not on & off.keys()
