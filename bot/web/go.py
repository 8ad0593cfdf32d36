"""The counted way out to a booking site. Where a price may have changed since it was told, it is looked at first."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from bot import outward
from bot.documents import phrases
from bot.i18n import kes
from bot.outward import Looked
from bot.present.words import affiliate
from bot.queue import Job
from bot.web.language import chosen
from bot.web.parts import parts
from bot.web.words import words
from providers.repricing import Standing, Verdict
from storage.links import LinkRow

routes = Blueprint("go", __name__)
LOOKS = 6  # how often the waiting page looks for an answer, once a second
READING = 3  # seconds to read that a price could not be checked


@routes.get("/go/<token>")
def go(token: str) -> str | Response:
    """Off to a booking site. Only addresses that an offer brought are known here, and pages made for a tap."""
    store = parts().store
    with store.reading() as session:
        link = store.links.get(session, token)
    if link is None or not outward.is_public(link.url):
        abort(404)
    looked = outward.looked(link.verdict)
    waits = link.due or outward.is_booked_by_session(link.told, parts().settings.providers)
    if "anyway" in request.args or not waits:
        return _off(link, looked)
    return _wait(link) if looked is None else _told(link, looked)


def _off(link: LinkRow, looked: Looked | None) -> Response:
    """The redirect, counted. A page made for one tap is handed out once; others get the offer's own address."""
    store, leads_to = parts().store, _leads_to(link, looked)
    with store.session() as session:
        store.links.follow(session, link.token)
        if leads_to != link.url and not store.links.spend(session, link.token):
            leads_to = link.url
    response = redirect(leads_to, 302)
    response.headers["Cache-Control"] = "no-store"
    return response


def _leads_to(link: LinkRow, looked: Looked | None) -> str:
    """The page that was made for the tap, if one was, else the offer's own address."""
    made = looked.session if looked else ""
    return made if outward.is_session(made) else link.url


def _wait(link: LinkRow) -> str | Response:
    """Have a worker look, and look for its answer every second; without a queue nobody waits."""
    number = request.args.get("look", "")
    look = int(number) if number.isdecimal() and len(number) < 3 else 0
    if look >= LOOKS:
        return _told(link, Looked(Verdict(Standing.UNKNOWN)))
    # An acknowledgement can bear to wait for this; whoever taps cannot wait for a plan.
    if look == 0 and not parts().queue.put(Job("check_link", (link.token,), "chat", key=f"link-{link.token}")):
        return _off(link, None)
    return _page(link, None, "go_checking", refresh=(1, _here(link, f"look={look + 1}")))


def _told(link: LinkRow, looked: Looked) -> str | Response:
    """What became of the price, with the way on; at once when there is nothing to say."""
    verdict = looked.verdict
    match verdict.standing:
        case Standing.SAME:
            return _off(link, looked)
        case Standing.CHANGED:
            return _page(link, looked, "go_changed", now=kes(verdict.kes or 0))
        case Standing.GONE:
            return _page(link, looked, "go_gone", on="go_anyway")
        case Standing.UNKNOWN:
            return _page(link, looked, "go_unsure", refresh=(READING, _here(link, "anyway=1")))


def _page(
    link: LinkRow,
    looked: Looked | None,
    sentence: str,
    *,
    on: str = "go_on",
    refresh: tuple[int, str] | None = None,
    now: str = "",
) -> str:
    table = words(lang := chosen())
    site = phrases.host(_leads_to(link, looked))
    then = kes(link.told.kes) if link.told else ""
    return render_template(
        "go.html",
        lang=lang,
        sentence=str(table[sentence]).format(site=site, now=now, then=then),
        on=str(table[on]).format(site=site),
        url=_here(link, "anyway=1"),
        refresh=refresh,
        paid=affiliate(lang, link.url),
    )


def _here(link: LinkRow, step: str) -> str:
    """This address again, in the same language."""
    lang = f"&lang={chosen()}" if "lang" in request.args else ""
    return f"/go/{link.token}?{step}{lang}"
