"""Posters made from texts, for `python -m benchmarks.posters`: type, tilt, gradients, frames, stickers, codes and JPEG noise.

Chromium sets the type, so every script is shaped as on a real screen; Pillow adds what a camera and a messenger add.
"""

import base64
import html
import io
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import zxingcpp
from PIL import Image
from playwright.sync_api import sync_playwright

from crawlers.fetch.handlers.chromium import browser_path

WIDTHS = (720, 900, 1080)
FAMILIES = ("Noto Sans", "Noto Serif", "Noto Sans Display")
COLOURS = (
    ("#fff", "#111"),
    ("linear-gradient(135deg,#fceabb,#f8b500)", "#2b1100"),
    ("linear-gradient(180deg,#1e3c72,#2a5298)", "#fff"),
    ("linear-gradient(90deg,#ffecd2,#fcb69f)", "#400"),
    ("radial-gradient(#d31027,#5a0a10)", "#ffe9a8"),
    ("linear-gradient(160deg,#e0ffe8,#a8e6cf)", "#023"),
)
STICKERS = ("🔥", "💰", "📢", "✅", "⭐", "📞")


class PosterText(NamedTuple):
    """What one poster says."""

    title: str
    text: str
    code: str = ""
    """What its QR code says; "" for none."""


def poster_images(texts: Sequence[PosterText], seed: int) -> Iterator[bytes]:
    """Yield a JPEG for each text; the same seed gives the same looks."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path())
        page = browser.new_page(device_scale_factor=1)
        for number, poster_text in enumerate(texts):
            chance = random.Random(f"{seed}/{number}")
            width = chance.choice(WIDTHS)
            page.set_viewport_size({"width": width, "height": 400})
            page.set_content(_markup(poster_text, chance, width))
            yield _worn(page.screenshot(full_page=True), chance, tilted=number % 2 == 1)
        browser.close()


def _markup(poster_text: PosterText, chance: random.Random, width: int) -> str:
    background, ink = chance.choice(COLOURS)
    size = max(22, width // 38) + chance.randrange(6)
    frame = chance.choice(("none", f"{size // 2}px double {ink}", f"{size // 3}px dashed #e33"))
    stickers = "".join(
        f'<span style="position:absolute;font-size:{size * 2}px;{edge}:6px;{side}:6px">{chance.choice(STICKERS)}</span>'
        for edge in ("top", "bottom")
        for side in ("left", "right")
    )
    code = f'<img src="{_code_address(poster_text.code)}" style="display:block;margin:18px auto 0">' if poster_text.code else ""
    font = f"{size}px/1.45 {chance.choice(FAMILIES)!r},sans-serif"
    wrapped = "white-space:pre-wrap;overflow-wrap:anywhere"
    return (
        f'<body dir="auto" style="margin:0;background:{background};color:{ink};font:{html.escape(font)}">'
        f'<div style="position:relative;border:{frame};padding:{size * 3}px {size * 2}px">{stickers}'
        f'<h1 dir="auto" style="font-size:{round(size * 1.5)}px;margin:0 0 .6em">{html.escape(poster_text.title)}</h1>'
        f'<div dir="auto" style="{wrapped}">{html.escape(poster_text.text)}</div>{code}</div></body>'
    )


def _code_address(content: str) -> str:
    barcode = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode)
    file = io.BytesIO()
    Image.fromarray(np.array(barcode.to_image(scale=6))).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _worn(screenshot: bytes, chance: random.Random, *, tilted: bool) -> bytes:
    """Return a picture as it arrives: tilted, lit unevenly, with grain, scaled, and packed as a JPEG of low quality."""
    image = Image.open(io.BytesIO(screenshot)).convert("RGB")
    if tilted:
        image = image.rotate(chance.uniform(-5, 5), Image.Resampling.BICUBIC, expand=True, fillcolor=(120, 120, 120))
    pixels = np.asarray(image, np.float32)
    light = np.linspace(chance.uniform(0.8, 1.0), chance.uniform(0.8, 1.0), pixels.shape[1], dtype=np.float32)[None, :, None]
    grain = np.random.default_rng(chance.randrange(1 << 30)).normal(0, chance.uniform(0, 8), pixels.shape)
    image = Image.fromarray(np.clip(pixels * light + grain, 0, 255).astype(np.uint8))
    factor = chance.uniform(0.75, 1.0)
    image = image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.BILINEAR)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=chance.randint(45, 85))
    return file.getvalue()
