"""The files the browser runs are the ones we vouch for, and small enough to read."""

import hashlib
import re

import pytest


@pytest.fixture
def static(seeds):
    return seeds.parent / "desk" / "web" / "static"


def test_vendored_files_are_those_we_vouch_for(static):
    told = re.findall(r"`([0-9a-f]{64})  ([^`]+)`", (static / "README.md").read_text())
    assert {name for _, name in told} == {"htmx.min.js"} | {f"fonts/{path.name}" for path in static.glob("fonts/*.woff2")}
    for digest, name in told:
        assert hashlib.sha256((static / name).read_bytes()).hexdigest() == digest, name


def test_fonts_are_few_bytes_and_each_has_its_letters(static):
    faces = re.findall(
        r'url\("/static/(fonts/\w+\.woff2)"\).*?unicode-range: (U\+[^;]+);', (static / "fonts.css").read_text(), re.DOTALL
    )
    assert {name for name, _ in faces} == {f"fonts/{path.name}" for path in static.glob("fonts/*.woff2")}
    assert sum((static / name).stat().st_size for name, _ in faces) <= 500_000
    for name, letters in faces:  # none is asked for by Latin letters, digits or signs
        assert all(int(start, 16) >= 0x600 for start in re.findall(r"U\+([0-9A-F]+)", letters)), name


def test_no_template_carries_script_style_or_handlers_of_its_own(static):
    for path in (static.parent / "templates").glob("*.html"):
        text = path.read_text()
        assert not re.search(
            r"<script(?! src=\"/static/)|<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe\b|autoescape", text
        ), path.name


def test_lines_of_templates_can_be_read(static):
    for path in (static.parent / "templates").glob("*.html"):
        assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 160, path.name


def test_pages_ask_for_nothing_from_elsewhere(static):
    own = [path for path in static.iterdir() if path.suffix in (".css", ".js") and path.name != "htmx.min.js"]
    for path in [*(static.parent / "templates").glob("*.html"), *own]:
        assert not re.search(
            r"https?://(?!www\.w3\.org|board\.example\.org)|url\((?!\"/static/fonts/)|@import", path.read_text()
        ), path.name


def test_colours_sizes_and_radii_are_tokens(static):
    """They stand in one file; 50% is a circle, and em sizes follow their text."""
    for path in static.glob("*.css"):
        if path.name == "tokens.css":
            continue
        text = path.read_text()
        assert not re.search(r"#[0-9a-f]{3,8}\b(?! )|rgb\(", text, re.IGNORECASE), path.name
        assert not re.search(r"font-size: (?!var\(|[.\d]+em)|border-radius: (?!var\(|50%)", text), path.name
