"""The files the browser runs are the ones we vouch for, and small enough to read."""

import hashlib
import re

import pytest


@pytest.fixture
def static(seeds):
    return seeds.parent / "desk" / "web" / "static"


def test_the_vendored_script_is_the_published_one(static):
    told = re.search(r"`([0-9a-f]{64})  htmx\.min\.js`", (static / "README.md").read_text())[1]
    assert hashlib.sha256((static / "htmx.min.js").read_bytes()).hexdigest() == told


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
        assert not re.search(r"https?://(?!www\.w3\.org|board\.example\.org)|url\(|@import", path.read_text()), path.name


def test_colours_sizes_and_radii_are_tokens(static):
    """They stand in one file; 50% is a circle, and em sizes follow their text."""
    for path in static.glob("*.css"):
        if path.name == "tokens.css":
            continue
        text = path.read_text()
        assert not re.search(r"#[0-9a-f]{3,8}\b(?! )|rgb\(", text, re.IGNORECASE), path.name
        assert not re.search(r"font-size: (?!var\(|[.\d]+em)|border-radius: (?!var\(|50%)", text), path.name
