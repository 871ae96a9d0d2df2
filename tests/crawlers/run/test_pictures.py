"""Posters of adverts, from the page that shows them to the text of the posting: fetched politely, kept, read, counted."""

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont
from warcio.archiveiterator import ArchiveIterator

from crawlers.evidence.partition import CAPTURES, read_postings
from crawlers.pictures import language_packs

FONT = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"


def poster(*lines: str, code: str = "") -> bytes:
    image = Image.new("RGB", (900, 620), (255, 250, 235))
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((40, 40 + 70 * number), line, (30, 10, 0), ImageFont.truetype(FONT, 40))
    if code:
        barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
        image.paste(Image.fromarray(np.array(barcode.to_image(scale=7))).convert("RGB"), (40, 330))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=70)
    return file.getvalue()


LURE = poster("URGENT HIRING chat operators", "Salary 2500 USD, ticket and visa free", code="https://t.me/sample_recruiter")
JPEG = {"Content-Type": "image/jpeg"}


def page(number: int, *images: str) -> str:
    shown = "".join(f'<img src="{image}" width="600" height="400">' for image in images)
    return (
        f"<html><body><nav><img src='/nav.png'></nav><h1>Work abroad number {number}</h1>"
        f"<p>Details of the work stand on the poster below, please read it before you call us.</p>{shown}</body></html>"
    )


def fill(site, count: int = 2) -> None:
    links = "".join(f'<a class="job" href="/job/{number}">Job {number}</a>' for number in range(count))
    site.pages["/list/1"] = f"<html><body>{links}</body></html>"
    for number in range(count):
        site.pages[f"/job/{number}"] = page(number, f"/pictures/{number}.jpg")
        site.pages[f"/pictures/{number}.jpg"] = (200, JPEG, LURE)


@pytest.fixture
def tesseract(missing_service):
    if shutil.which("tesseract") is None:
        missing_service("Tesseract (Debian: tesseract-ocr)")


def test_a_poster_is_kept_read_and_joined_to_its_posting(site, source_of, crawled, tesseract):
    fill(site)
    address, report = crawled(source_of())
    postings = list(read_postings(address))
    assert (report.state, report.reason, len(postings)) == ("ok", "", 2)
    first = postings[0]
    (media,) = first.media
    assert "2500 USD" in first.text[media.start : media.end]
    assert first.text.startswith("Details of the work")
    assert first.contacts == ("https://t.me/sample_recruiter",)
    line = media.reading.lines[0]
    assert first.text[media.start + line.start : media.start + line.end] == "URGENT HIRING chat operators"
    assert (media.reading.state, len(media.reading.pdq)) == ("read", 64)
    with Path(address.removeprefix("file://"), CAPTURES).open("rb") as file:
        kept = {record.rec_headers["WARC-Record-ID"]: record.content_stream().read() for record in ArchiveIterator(file)}
    assert kept[media.capture.record_id] == LURE
    assert (media.capture.run, report.counters["image/read"]) == (None, 2)
    assert site.hits["/nav.png"] == 0

    site.hits.clear()
    address, again = crawled(source_of())
    assert [posting.text for posting in read_postings(address)] == [posting.text for posting in postings]
    assert site.hits["/pictures/0.jpg"] == 0, "a picture that was read is not fetched again"
    assert (again.state, again.counters["known/unchanged"]) == ("ok", 2)
    assert next(read_postings(address)).media[0].capture.run == report.run_id


def test_a_page_of_a_poster_and_no_words_is_an_advert(site, source_of, crawled, tesseract):
    fill(site, 2)
    site.pages["/job/0"] = "<html><body><h1>Hiring now</h1><img src='/pictures/0.jpg'></body></html>"
    address, report = crawled(source_of())
    first = next(posting for posting in read_postings(address) if posting.title == "Hiring now")
    assert first.text.startswith("URGENT HIRING chat operators")
    assert (report.state, report.rejected, report.reconciles) == ("ok", {}, True)


def test_pictures_come_after_all_pages_and_never_make_a_run_partial(site, source_of, crawled):
    fill(site, 4)
    _, report = crawled(source_of(requests=6))
    assert [path for path, _ in site.asked if path != "/robots.txt"][-1].startswith("/pictures/")
    assert (report.state, report.parsed, report.counters["page/image/ok"]) == ("ok", 4, 1)


def test_the_budget_holds_by_posting_and_by_run(site, source_of, crawled):
    fill(site, 3)
    site.pages["/job/0"] = page(0, "/pictures/0.jpg", "/pictures/1.jpg", "/pictures/2.jpg")
    _, report = crawled(source_of(images={"per_posting": 2, "per_run": 2}))
    assert sum(n for path, n in site.hits.items() if path.startswith("/pictures/")) == 2
    assert report.counters["drop/image_per_posting"] == 1
    _, report = crawled(source_of(images={"per_posting": 0}))
    assert report.state == "ok"


def test_a_picture_on_another_site_or_forbidden_by_robots_is_not_fetched(site, source_of, crawled):
    fill(site)
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /pictures/1"
    site.pages["/job/0"] = page(0, "http://elsewhere.example/poster.jpg")
    _, report = crawled(source_of())
    assert (report.state, report.counters["drop/image_off_site"]) == ("ok", 1)
    assert report.counters["page/image/robots"] == 1
    assert site.hits["/pictures/1.jpg"] == 0


def test_a_host_that_refuses_pictures_ends_pictures_and_not_the_run(site, source_of, crawled):
    fill(site, 12)
    for number in range(12):
        site.pages[f"/pictures/{number}.jpg"] = (403, {}, b"no")
    _, report = crawled(source_of())
    assert (report.state, report.parsed) == ("ok", 12)
    assert sum(n for path, n in site.hits.items() if path.startswith("/pictures/")) < 12


def test_what_is_no_picture_costs_nothing_but_a_count(site, source_of, crawled):
    fill(site, 4)
    site.pages["/pictures/0.jpg"] = (200, JPEG, b"<html>log in</html>")
    site.pages["/pictures/1.jpg"] = (200, JPEG, LURE[: len(LURE) // 2])
    site.pages["/pictures/2.jpg"] = (404, {}, b"gone")
    site.pages["/pictures/3.jpg"] = (200, JPEG, b"\xff" * 200_000)
    _, report = crawled(source_of(images={"bytes": 150_000}))
    assert (report.state, report.parsed) == ("ok", 4)
    assert {name: n for name, n in report.counters.items() if name.startswith("image/")} == {
        "image/refused/not_an_image": 1,
        "image/refused/truncated": 1,
    }
    assert report.counters["page/image/http/404"] == 1


def test_without_tesseract_the_run_says_so_once_and_reads_codes_all_the_same(site, source_of, crawled, monkeypatch, tmp_path):
    fill(site)
    monkeypatch.setattr(language_packs, "PROGRAM", "tesseract-that-is-not-installed")
    address, report = crawled(source_of())
    assert report.state == "ok"
    (warning,) = report.warnings
    assert warning.startswith("2 pictures are kept and not read") and "apt-get install tesseract-ocr" in warning
    assert next(read_postings(address)).contacts == ("https://t.me/sample_recruiter",)

    monkeypatch.undo()
    address, report = crawled(source_of())
    assert "2500 USD" in next(read_postings(address)).text, "what was not read is fetched and read once it can be"
