"""Pictures made for the tests: a poster of a few lines, and its files in each format."""

import io
from collections.abc import Callable

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"
LINES = ("URGENT HIRING in Phnom Penh", "Salary 2500 USD, visa and ticket free", "Telegram @sample_hr 09 or scan the code")


@pytest.fixture(scope="session")
def poster() -> Image.Image:
    """Three lines of text and a QR code of a Telegram address."""
    image = Image.new("RGB", (1000, 700), (255, 250, 235))
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, 44)
    for number, line in enumerate(LINES):
        draw.text((60, 60 + 80 * number), line, (30, 10, 0), font)
    barcode = zxingcpp.create_barcode("https://t.me/sample_recruiter", zxingcpp.BarcodeFormat.QRCode)
    image.paste(Image.fromarray(np.array(barcode.to_image(scale=8))).convert("RGB"), (60, 350))
    return image


@pytest.fixture(scope="session")
def packed() -> Callable[..., bytes]:
    """Return a picture as a file."""

    def pack(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
        file = io.BytesIO()
        image.save(file, kind, **options)
        return file.getvalue()

    return pack
