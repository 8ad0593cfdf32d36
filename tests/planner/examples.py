"""How many examples a property is tried on: few and always the same in the usual run, thousands when asked for."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

THOROUGH = "thorough"  # the profile of `make property`
settings.register_profile(THOROUGH, deadline=None, print_blob=True)


def times() -> int:
    """How many times more examples than usual."""
    return 50 if settings.get_current_profile_name() == THOROUGH else 1


def examples(usual: int) -> settings:
    """So many examples in the usual run, the same each time; many times more of them, and others, in a thorough one."""
    return settings(
        max_examples=usual * times(),
        derandomize=times() == 1,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),  # a seed says all: another one is no simpler
        suppress_health_check=list(HealthCheck),
    )
