"""What was kept of an item, looked at: pictures veiled until held, the page without anything that runs, each opening noted."""

import hashlib
import io
import itertools
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from playwright.sync_api import expect

from crawlers.evidence import warc
from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, REPORT, Report
from crawlers.items import Capture, Media
from crawlers.pictures.picture import PictureReading
from desk.custody import audit
from desk.custody.sealed_partitions import note_partition
from desk.web.saved_page import sanitize
from tests.desk.custody.conftest import AGENT, AT, packed_lines, records
from tests.desk.web.test_hostile import AT_ONCE, FRAMES, PAYLOADS, watched
from tests.desk.web.test_saved_page import HOSTILE

LEFT = "[href], [src], [action], [style], [id], [name], [class], form, meta:not([charset])"
"""What a saved page must not have."""
BLUR = "grayscale(1) blur(24px)"


def picture(side: int = 400) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(file, "PNG")
    return file.getvalue() + b"<script>behind the image</script>"


@pytest.fixture
def seal(tmp_path, desk_db):
    """Return a function that seals a run with these bodies as pages; gives its address and their captures."""
    runs = itertools.count()

    def make(*bodies: bytes, image: bytes = b"png"):
        folder = tmp_path / "runs" / "sample_board" / f"20261123T03{next(runs):02}00Z"
        folder.mkdir(parents=True)
        captures, members = [], []
        for number, body in enumerate(bodies):
            identity, shot = warc.record_id(), warc.record_id()
            members.append(records(number, body, identity=identity, shot=shot, image=image))
            captures.append(Capture(record_id=identity, sha256=warc.sha256(body), screenshot=shot, captured_at=AT))
        files = {CAPTURES: b"".join(members), POSTINGS: packed_lines(b""), REJECTS: packed_lines(b"")}
        for name, data in files.items():
            (folder / name).write_bytes(data)
        report = Report(
            source="sample_board", run_id=folder.name, state="ok", started_at=AT, finished_at=AT, fetched=0, parsed=0,
            digests={name: hashlib.sha256(data).hexdigest() for name, data in files.items()}, user_agent=AGENT,
        )  # fmt: skip
        (folder / REPORT).write_bytes(msgspec.json.encode(report))
        note_partition(desk_db, f"file://{folder}", by="system", now=AT)
        return f"file://{folder}", captures

    return make


@pytest.fixture
def item(seal, record, store):
    """Return an item with a page, a poster that says something, one that was refused, and a screenshot."""
    shown = picture()
    home, (page, poster, refused) = seal(
        b"<html><body><h1>Saved</h1><script>x</script></body></html>", shown, b"GIF", image=shown
    )
    media = (
        Media(url="https://board.example.org/a.png", kind="image", capture=msgspec.structs.replace(poster, screenshot=None),
              reading=PictureReading(state="read", width=400, height=400), start=0, end=13),
        Media(url="https://board.example.org/b.gif", kind="image", capture=refused,
              reading=PictureReading(state="refused", reason="truncated")),
        Media(url="https://board.example.org/c.png", kind="image"),
    )  # fmt: skip
    made = record(1, partition=home, capture=page, media=media)
    store.put([made])
    return made


def noted(engine):
    with engine.connect() as connection:
        return [(entry.actor, entry.subject, entry.values) for entry in audit.entries(connection, "evidence_opened")]


def test_a_picture_is_pixels_of_our_own_and_its_opening_is_noted(item, login, desk_db):
    answer = login("minh").get(f"/item/{item.id}/pictures/1")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; sandbox")
    assert b"behind the image" not in answer.content
    kept = item.posting.media[0].capture
    assert noted(desk_db) == [("minh", item.id, {"record": kept.record_id, "sha256": kept.sha256})]


def test_the_pictures_name_what_they_say_and_which_was_refused(item, login):
    part = login("minh").get(f"/item/{item.id}/pictures", headers={"hx-request": "true"}).text
    assert 'alt="Picture 1, with the words: No experience' in part
    assert "Picture 2 was not decoded: truncated" in part
    assert "Screenshot of the page" in part
    assert part.count("<img") == 2
    assert "<html" not in part
    page = login("minh").page(f"/item/{item.id}/pictures")
    assert f'<a href="/item/{item.id}">Back to the' in page


@pytest.mark.parametrize(("number", "status"), [("2", 409), ("4", 404), ("0", 404), ("x", 404)])
def test_what_cannot_be_shown_says_why(item, login, number, status):
    answer = login("minh").get(f"/item/{item.id}/pictures/{number}")
    assert answer.status_code == status
    assert "<img" not in answer.text.partition("<main")[2]


def test_the_saved_page_is_in_a_frame_of_no_origin(item, login, desk_db):
    person = login("minh")
    part = person.page(f"/item/{item.id}/page")
    assert f'<iframe src="/item/{item.id}/page/frame" sandbox title="Saved page"' in part
    answer = person.get(f"/item/{item.id}/page/frame")
    assert "<h1>Saved</h1></div></body>" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "; sandbox; " in policy
    assert "allow-" not in policy
    assert "unsafe" not in policy
    assert [each[2]["sha256"] for each in noted(desk_db)] == [item.posting.capture.sha256]


def test_evidence_that_was_changed_is_not_shown(item, login, desk_db, tmp_path):
    file = next(Path(tmp_path).rglob(CAPTURES))
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    for path in ("pictures/1", "page/frame"):
        answer = login("minh").get(f"/item/{item.id}/{path}")
        assert answer.status_code == 409
        assert "was changed after" in answer.text
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"], "the frame itself says why"
    assert noted(desk_db) == []


def test_who_may_not_pack_evidence_is_not_offered_it(item, login):
    page = login("viewer").page(f"/item/{item.id}")
    assert "/pictures" not in page
    assert "Show the saved page" not in page
    assert "Show pictures" in login("minh").page(f"/item/{item.id}")


def test_a_picture_is_clear_for_as_long_as_it_is_held(item, opened, served):
    page = opened("minh")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}/item/{item.id}")
    page.click("text=Show pictures")
    image = page.locator(".veil img").first
    page.wait_for_function("() => [...document.querySelectorAll('.veil img')].every(one => one.complete && one.naturalWidth)")
    look = "one => getComputedStyle(one).filter"
    assert image.evaluate(look) == BLUR
    page.locator(".veil").first.hover()
    page.mouse.down()
    assert image.evaluate(look) == "none"
    page.mouse.up()
    page.mouse.move(0, 0)
    assert image.evaluate(look) == BLUR
    page.locator(".veil").first.focus()
    page.keyboard.down("Space")
    assert image.evaluate(look) == "none"
    page.keyboard.up("Space")
    assert image.evaluate(look) == BLUR
    page.click("text=Show the saved page")
    expect(page.frame_locator(".saved-page iframe").locator("h1")).to_have_text("Saved")
    assert [url for url in asked if not url.startswith(served)] == []


def test_a_finger_holds_it_too(item, opened, served):
    page = opened("minh", has_touch=True, is_mobile=True)
    page.goto(f"{served}/item/{item.id}/pictures")
    veil = page.locator(".veil").first
    veil.scroll_into_view_if_needed()
    box = veil.bounding_box()
    finger = {"x": box["x"] + 40, "y": box["y"] + 40}
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    page.wait_for_function("() => getComputedStyle(document.querySelector('.veil img')).filter === 'none'")
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function(f"() => getComputedStyle(document.querySelector('.veil img')).filter === '{BLUR}'")


def test_no_payload_of_a_saved_page_runs_or_asks_for_anything_without_csp(
    seal, record, store, served, browser, people, password, monkeypatch
):
    monkeypatch.setattr("desk.web.saved_page.answer_of_child", lambda _, text, seconds: sanitize(text.decode()).encode())
    payloads = [*PAYLOADS, *HOSTILE]
    bodies, items = [f"<html><body>{each}<p>end {each}</body></html>".encode() for each in payloads], []
    for start in range(0, len(bodies), AT_ONCE):  # a run each: to open one page reads all of its run
        home, captures = seal(*bodies[start : start + AT_ONCE])
        items += [record(number, partition=home, capture=capture) for number, capture in enumerate(captures, start)]
    store.put(items)
    context = browser.new_context(bypass_csp=True)
    page, alarms = watched(context, served)
    page.goto(f"{served}/login")
    page.fill("[name=name]", "minh")
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_url(f"{served}/")
    frames = [f"/item/{item.id}/page/frame" for item in items]
    for start in range(0, len(frames), AT_ONCE):
        handlers, _, broken, left = page.evaluate(FRAMES, [frames[start : start + AT_ONCE], LEFT])
        assert (handlers, broken, left, alarms) == ([], 0, 0, []), payloads[start : start + AT_ONCE]
    for payload, frame in list(zip(payloads, frames, strict=True))[::10]:
        page.goto(f"{served}{frame}", wait_until="load")
        page.mouse.move(300, 300)
        page.keyboard.press("Tab")
        assert (page.url, alarms) == (f"{served}{frame}", []), payload
    page.goto(f"{served}/item/{items[0].id}")
    page.click("text=Show the saved page")
    frame = page.frame_locator("iframe")
    assert "end" in frame.locator("body").inner_text()
    inside = "document.querySelector('iframe').contentDocument"
    assert page.evaluate(f"() => {{ try {{ return {inside}; }} catch (error) {{ return null; }} }}") is None
    assert alarms == []
    context.close()


@pytest.mark.parametrize(
    "markup",
    [
        '<iframe src="/item/{id}/page/frame" title="Saved page"></iframe>',
        '<iframe src="/item/{id}/page/frame" sandbox="allow-scripts" title="x" referrerpolicy="no-referrer"></iframe>',
        '<iframe src="//evil.example/item/{id}/page/frame" sandbox title="x" referrerpolicy="no-referrer"></iframe>',
        '<iframe src="/item/{id}/page/frame" sandbox title="x" referrerpolicy="no-referrer" onload=pwned()></iframe>',
        '<iframe src="/item/{id}/page/frame" sandbox title="x" referrerpolicy="no-referrer"></iframe><script>pwned()</script>',
    ],
)
def test_no_other_frame_is_let_into_a_page(served, browser, markup):
    page = browser.new_context().new_page()
    page.goto(f"{served}/login", wait_until="load")
    put = "html => { try { document.querySelector('main').innerHTML = html; return 'in'; } catch (error) { return error.name; } }"
    assert page.evaluate(put, markup.format(id="0" * 32)) == "TypeError"
    page.context.close()
