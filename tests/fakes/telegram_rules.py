"""What the Bot API server refuses, with its own words: HTML, addresses, keyboards.

Written from https://core.telegram.org/bots/api and from what https://github.com/tdlib/td does.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass


class Refused(Exception):
    """The server's 400."""


# https://core.telegram.org/bots/api#update
UPDATES = {
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "guest_message", "message_reaction",
    "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost", "managed_bot",
}  # fmt: skip
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote", "tg-spoiler"}


@dataclass(frozen=True)
class Text:
    """A message as shown: the text, and what is marked up in it."""

    shown: str
    bold: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # text, address


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> Text:
    """The strict little HTML of Telegram."""
    shown, bold, links = "", [], []
    open_tags: list[tuple[str, int, str]] = []
    position = 0
    for match in re.finditer(r"<[^>]*(>?)|&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);", source):
        shown += source[position : match.start()]
        position = match.end()
        offset = len(source[: match.start()].encode())
        if match[2]:
            shown += _character(match[2])
        elif not match[1]:
            raise Refused(f"can't parse entities: Unclosed start tag at byte offset {offset}")
        elif match[0].startswith("</"):
            name = match[0][2:-1].strip().lower()
            if not open_tags:
                raise Refused(f"can't parse entities: Unexpected end tag at byte offset {offset}")
            tag, start, href = open_tags.pop()
            if name not in ("", tag):
                raise Refused(
                    f"can't parse entities: Unmatched end tag at byte offset {offset}, "
                    f'expected "</{tag}>", found "</{name}>"'
                )
            inside = shown[start:]
            if tag in ("b", "strong") and inside:
                bold.append(inside)
            if tag == "a" and inside:
                links.append((inside, checked_link(href or inside, "entity URL")))
        else:
            tag, href = _start_tag(match[0], offset)
            open_tags.append((tag, len(shown), href))
    shown += source[position:]
    if open_tags:
        raise Refused(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    return Text(shown.strip(), tuple(bold), tuple(links))


def _character(entity: str) -> str:
    named = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
    if entity in named:
        return named[entity]
    return chr(int(entity[2:], 16) if entity.startswith("#x") else int(entity[1:]))


def _start_tag(source: str, offset: int) -> tuple[str, str]:
    match = re.fullmatch(r'<([a-zA-Z-]+)((?:\s+[a-z-]+="[^"]*")*)\s*>', source)
    name = re.match(r"<([^\s>]*)", source)
    if not match or match[1].lower() not in TAGS:
        raise Refused(
            f'can\'t parse entities: Unsupported start tag "{name[1] if name else ""}" at byte offset {offset}'
        )
    href = re.search(r'href="([^"]*)"', match[2])
    return match[1].lower(), parse_attribute(href[1]) if href else ""


def parse_attribute(value: str) -> str:
    return re.sub(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);", lambda match: _character(match[1]), value)


def checked_link(url: str, what: str) -> str:
    """The address as the server stores it. Refuses what tdlib's check_link refuses, in the same words."""
    try:
        return _link(url)
    except ValueError as exc:
        raise Refused(f"{what} '{url}' is invalid: {exc}") from exc


def _link(url: str) -> str:
    internal = re.match(r"(?i)tg:(//)?", url)
    rest = url[internal.end() :] if internal else url
    scheme, mark, after = rest.partition("://")
    protocol = "http"
    if mark and not set(scheme) & set(":/?#@[]"):
        protocol, rest = scheme.lower(), after
        if protocol not in ("http", "https"):
            raise ValueError("Unsupported URL protocol")
    split = re.match(r"([^/?#]*)(.*)", rest, re.S)
    assert split
    authority, query = split[1], split[2].rstrip() or "/"
    user_host, port = _port(authority)
    user, at, host = user_host.rpartition("@")
    host = host.lower()
    if not host:
        raise ValueError("URL host is empty")
    if host == ".":
        raise ValueError("Host is invalid")
    if re.search(r"[^a-z0-9.\-_!$,~*'();&+=%\u0080-\U0010ffff]", host):
        raise ValueError("Wrong URL host")
    if internal:
        if user or port or protocol == "https" or re.search(r"[^a-z0-9_-]", host):
            raise ValueError("Wrong tg URL")
        return f"tg://{host}{query if query != '/' else ''}"
    if "." not in host:
        raise ValueError("Wrong HTTP URL")
    query = query if query.startswith("/") else f"/{query}"
    query = re.sub(r"[\x00-\x20]", lambda match: f"%{ord(match[0]):02X}", query)
    return f"{protocol}://{user}{at}{host}{f':{port}' if port else ''}{query}"


def _port(authority: str) -> tuple[str, int]:
    colon = max(authority.rfind(mark) for mark in ":]@")
    if colon <= 0 or authority[colon] != ":":
        return authority, 0
    digits = authority[colon + 1 :]
    if not re.fullmatch(r"-?[0-9]+", digits) or not 0 < int(digits) <= 65535:
        raise ValueError("Wrong port number specified in the URL")
    return authority[:colon], int(digits)


def checked_thumbnail(content: bytes) -> bytes:
    """A picture that the app would show; the server itself says nothing and shows none."""
    from PIL import Image

    picture = Image.open(io.BytesIO(content))
    assert picture.format == "JPEG"
    assert len(content) < 200_000
    assert max(picture.size) <= 320
    return content


def parse_keyboard(markup: str) -> list[list[dict[str, str]]]:
    """The rows of an inline keyboard."""
    if not markup:
        return []
    try:
        rows = json.loads(markup)["inline_keyboard"]
    except (ValueError, KeyError, TypeError) as exc:
        raise Refused("can't parse reply keyboard markup JSON object") from exc
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise Refused('field "inline_keyboard" must be of type Array of Arrays')
    if any(len(row) > 8 for row in rows) or sum(map(len, rows)) > 100:
        raise Refused("reply markup is too long")
    return [[_key(key) for key in row] for row in rows]


def _key(key: dict[str, str]) -> dict[str, str]:
    if not key.get("text"):
        raise Refused("inline keyboard button text must be non-empty")
    if "url" in key:
        return key | {"url": checked_link(key["url"], "inline keyboard button URL")}
    if not 1 <= len(key.get("callback_data", "").encode()) <= 64:
        raise Refused("BUTTON_DATA_INVALID")
    return key
