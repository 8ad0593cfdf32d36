"""Kenya's holidays are those of the library, loaded without those of other countries."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import holidays

from providers.holidays import named, public_holidays


def test_they_are_what_the_library_says_of_kenya() -> None:
    years = range(2020, 2036)
    assert dict(named(years)) == dict(holidays.country_holidays("KE", years=years))


def test_both_ends_of_a_span_count_and_a_day_off_for_a_sunday_too() -> None:
    assert public_holidays(date(2026, 12, 12), date(2026, 12, 26)) == {
        date(2026, 12, 12), date(2026, 12, 25), date(2026, 12, 26),
    }  # fmt: skip
    assert date(2027, 12, 13) in public_holidays(date(2027, 12, 1), date(2027, 12, 31)), "Jamhuri Day is a Sunday"


def test_no_other_country_is_loaded() -> None:
    loads = "import sys, providers.holidays; print(sum(name.startswith('holidays.countries') for name in sys.modules))"
    told = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1"
