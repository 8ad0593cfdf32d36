"""The picture beside a PDF is one that Telegram takes."""

from __future__ import annotations

import io

from PIL import Image

from bot.documents.thumbnail import thumbnail


def test_it_is_a_jpeg_within_telegrams_limits() -> None:
    picture = Image.open(io.BytesIO(thumbnail()))
    assert picture.format == "JPEG"
    assert max(picture.size) <= 320
    assert len(thumbnail()) < 200_000
