"""Spans as Telegram's HTML, and which addresses it lets anybody tap.

Sources: https://core.telegram.org/bots/api#html-style and, for addresses, the checks of
https://github.com/tdlib/td (`LinkManager::check_link`), which run on every button before a message is sent.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from bot.replies import Bold, Link, Span, plain


def write(span: Span) -> str:
    """A span as Telegram's HTML."""
    if isinstance(span, str):
        return html.escape(span, quote=False)
    if isinstance(span, Bold):
        return f"<b>{html.escape(span.text, quote=False)}</b>" if span.text.strip() else span.text
    if not acceptable(span.url):
        return html.escape(_readable(span), quote=False)
    return f'<a href="{html.escape(span.url)}">{html.escape(span.text.strip() or span.url, quote=False)}</a>'


def acceptable(url: str) -> bool:
    """Whether Telegram takes this address for a button or a link; one it does not take loses the whole message.

    Stricter than the server, which also takes addresses that then lead nowhere ("mailto:…" becomes "http://mailto:…").
    """
    if re.fullmatch(r"tg://[A-Za-z0-9_-]+([/?#][!-~]*)?", url):
        return True
    if len(url) > 2048 or re.search(r"[\s\x00-\x1f\x7f]|%(?![0-9A-Fa-f]{2})", url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    dotted = re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", parts.hostname or "")
    return parts.scheme in ("http", "https") and bool(dotted) and "@" not in parts.netloc and port != 0


def _readable(link: Link) -> str:
    """A link that cannot be tapped; the apps make phone numbers tappable by themselves."""
    return plain(Link(link.text, link.url.removeprefix("tel:"))) if link.text.strip() else link.url


def unwritten(text: str) -> str:
    """What `write` wrote, without the markup."""
    linked = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2: \1", text)
    return html.unescape(re.sub(r"</?b>", "", linked))
