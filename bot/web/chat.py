"""The chat simulator: the browser as a chat app, only in the demo."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, render_template, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channel import BadPayload
from bot.web import files, talk
from bot.web.language import chosen
from bot.web.limit import Limit
from bot.web.parts import parts
from bot.web.problems import problem
from bot.web.words import words

routes = Blueprint("chat", __name__, url_prefix="/chat")
MESSAGES = Limit("chat", "20/40 seconds")


class Said(BaseModel):
    """What the page sends: a text, or the action of a tapped button."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: str = Field(pattern=r"^[A-Za-z0-9-]{8,64}$")
    text: str = Field("", max_length=20_000)
    action: str = Field("", max_length=64)


@routes.before_request
def _demo_only() -> None:
    if not parts().settings.demo or talk.channel() is None:
        abort(404)


@routes.get("")
def page() -> str:
    """The page."""
    talk.begin()
    lang = chosen()
    return render_template("chat.html", lang=lang, words=words(lang))


@routes.get("/messages")
def messages() -> Response:
    """The replies with an id over `after`, and whether Safiri is still at work."""
    after = request.args.get("after", "0")
    found, working = talk.heard(int(after) if after.isdecimal() and len(after) < 16 else 0)
    response = jsonify(messages=[{"id": message.id, **message.shown} for message in found], typing=working)
    response.headers["Cache-Control"] = "no-store"
    return response


@routes.post("/messages")
def send() -> Response:
    """Say something: 202, and the answer comes with the messages."""
    if request.mimetype != "application/json":
        return problem(415, "The body must be application/json.")
    try:
        said = Said.model_validate_json(request.get_data())
    except ValidationError:
        return problem(400, "A message has an id and either a text or an action.")
    if not MESSAGES.allows(talk.begin()):
        return problem(429, "Too many messages. Please wait a minute.")
    try:
        talk.say(said.id, said.text, said.action)
    except BadPayload:
        return problem(400, "This message cannot be read.")
    return Response(status=202)


@routes.get("/files/<int:message>/<int:number>")
def document(message: int, number: int) -> Response:
    """A document that was sent in this conversation."""
    reply = talk.reply(message)
    if reply is None or number >= len(reply.attachments):
        abort(404)
    attachment = reply.attachments[number]
    return files.stored(attachment.trip_id, attachment.version, attachment.kind)
