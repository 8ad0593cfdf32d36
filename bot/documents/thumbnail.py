"""The small picture beside a plan's PDF in a chat: a page with the name on it."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Final

_FONTS: Final = Path(__file__).parent / "fonts"
_SIZE: Final = (226, 320)  # an A4 page; Telegram takes 320 pixels at most, and a JPEG under 200 kB
_PAPER, _INK, _BAND, _FAINT = "#ffffff", "#1f2d2a", "#0f6b4f", "#d5dedb"


@cache
def thumbnail() -> bytes:
    """A JPEG, drawn once in a process."""
    from PIL import Image, ImageDraw, ImageFont  # 5 MB that only a process which sends files needs

    page = Image.new("RGB", _SIZE, _PAPER)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, _SIZE[0], 84), fill=_BAND)
    draw.text((20, 24), "Safiri", fill=_PAPER, font=ImageFont.truetype(str(_FONTS / "DejaVuSans-Bold.ttf"), 36))
    for row, long in enumerate((170, 130, 182, 150, 96)):
        top = 112 + 30 * row
        draw.ellipse((20, top, 32, top + 12), fill=_BAND)
        draw.rectangle((44, top + 2, 20 + long, top + 9), fill=_FAINT)
    draw.text((20, 276), "PDF", fill=_INK, font=ImageFont.truetype(str(_FONTS / "DejaVuSans-Bold.ttf"), 24))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=85)
    return out.getvalue()
