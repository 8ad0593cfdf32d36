"""What the same trip costs with less and with more comfort, for who named no budget."""

from __future__ import annotations

from collections.abc import Mapping

from bot.i18n import kes, t
from bot.replies import Button, Reply
from planner.kinds import Tier

_ACTIONS = {Tier.SAVER: "cheaper", Tier.COMFORT: "comfort"}


def tiers(totals: Mapping[Tier, int], lang: str) -> tuple[Reply, ...]:
    """One reply with a button for each other tier; none when there is none."""
    if not totals:
        return ()
    lines = [t(lang, "tiers_none_named")]
    lines += [t(lang, f"tier_{tier}", amount=kes(total)) for tier, total in totals.items()]
    labels = {tier: t(lang, f"tap_tier_{tier}", amount=f"{total:,}") for tier, total in totals.items()}
    return (Reply(tuple(lines), tuple(Button(label, _ACTIONS[tier]) for tier, label in labels.items())),)
