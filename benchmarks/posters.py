"""Posters made from held-out texts, read as a crawl reads them: contacts, flags, seconds and memory, by language.

    python -m benchmarks.posters [--count 200] [--texts FILE ...]

The same texts are judged as HTML text too: what a poster loses is what reading it loses, not what the rules lose. Every third
poster has a QR code with a Telegram address that stands nowhere in its words. Looks are drawn with a fixed seed.
"""

import argparse
import resource
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.poster_images import PosterText, poster_images
from crawlers.pictures.picture import PictureReading
from crawlers.pictures.run_pictures import PictureReader
from enrichment.assess import Assessor
from enrichment.assessment import Assessment
from evaluation.labelled_listings import Listing, listings
from lurewatch.settings import SHIPPED_SEEDS

HELD_OUT = Path(__file__).parent / "texts" / "held_out"
LENGTHS = range(40, 700)
"""Characters of a text that fits on a poster."""
SEED = 263
Contacts = set[tuple[str, str]]


class PosterResult(NamedTuple):
    """One poster: what was expected of it and what was read."""

    language: str
    expected: Contacts
    found: Contacts
    flagged_text: bool
    flagged_poster: bool
    coded: bool
    code_read: bool
    seconds: float


def chosen(files: Sequence[Path], count: int) -> list[Listing]:
    """Return ``count`` listings of poster length, the languages in turn."""
    by_language: dict[str, list[Listing]] = defaultdict(list)
    for file in files:
        for listing in listings(file):
            if len(listing.raw) in LENGTHS:
                by_language[listing.language].append(listing)
    results: list[Listing] = []
    for turn in range(max(map(len, by_language.values()))):
        results += [same[turn] for _, same in sorted(by_language.items()) if turn < len(same)]
    return sorted(results[:count], key=lambda listing: listing.language)


def poster_texts(chosen_listings: Sequence[Listing]) -> list[PosterText]:
    """Return what the posters say: every third has a code."""
    codes = [f"https://t.me/sample_poster_{number}" if number % 3 == 0 else "" for number in range(len(chosen_listings))]
    return [PosterText(listing.title or "", listing.text, code) for listing, code in zip(chosen_listings, codes, strict=True)]


def measured(posted: Sequence[tuple[Listing, PosterText, bytes]]) -> tuple[list[PosterResult], int]:
    """Return what came of each poster, and the most memory of one process that read them, in KiB."""
    assessor = Assessor(SHIPPED_SEEDS)
    results: list[PosterResult] = []
    for language, same in groupby(posted, key=lambda item: item[0].language):
        with PictureReader(tuple(dict.fromkeys((language, "en")))) as reader:
            for number, (listing, text, body) in enumerate(same):
                if number == 0:
                    reader.read(body)  # starts the child, which a crawl does once
                began = _processor_seconds(reader)
                reading = reader.read(body)
                results.append(_result(listing, text, reading, _processor_seconds(reader) - began, assessor))
    return results, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def _processor_seconds(reader: PictureReader) -> float:
    """Return the processor's time that a reader and the Tesseracts it started have used, whatever else the machine does."""
    times = psutil.Process(reader.pid).cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _result(listing: Listing, text: PosterText, reading: PictureReading, seconds: float, assessor: Assessor) -> PosterResult:
    links = tuple(link for code in reading.codes for link in code.links)
    wanted = (text.code,) if text.code else ()
    as_text = assessor.assess(id=listing.id, title=listing.title, text=listing.text, links=wanted)
    as_poster = assessor.assess(id=listing.id, title=None, text=reading.text, links=links)
    return PosterResult(
        language=listing.language,
        expected=_contacts(as_text),
        found=_contacts(as_poster),
        flagged_text=as_text.flagged,
        flagged_poster=as_poster.flagged,
        coded=bool(text.code),
        code_read=any(code.content == text.code for code in reading.codes),
        seconds=seconds,
    )


def _contacts(judged: Assessment) -> Contacts:
    return {(contact.type, contact.value) for contact in judged.contacts}


def row(name: str, results: Iterable[PosterResult]) -> str:
    """Return a line of the table."""
    done = list(results)
    right = sum(len(result.expected & result.found) for result in done)
    stated = sum(len(result.expected) for result in done)
    read = sum(len(result.found) for result in done)
    flagged = [result for result in done if result.flagged_text]
    kept = sum(result.flagged_poster for result in flagged)
    false = sum(result.flagged_poster for result in done if not result.flagged_text)
    codes = [result for result in done if result.coded]
    f1 = 2 * right / (stated + read) if stated + read else 1.0
    seconds = sorted(result.seconds for result in done)
    mean = sum(seconds) / len(seconds)
    return (
        f"{name:8} {len(done):4}  {f1:7.3f} {right:4} of {stated:4}, {read - right:3} wrong"
        f"  {kept:4} of {len(flagged):4}  {false:5}"
        f"  {sum(result.code_read for result in codes):3} of {len(codes):3}  {mean:6.2f} {seconds[-1]:6.2f}"
    )


def main() -> None:
    """Print one line a language, and all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=200, help="posters")
    default = [HELD_OUT / name for name in ("unseen.jsonl", "unseen-messages.jsonl", "unseen-languages.jsonl")]
    parser.add_argument("--texts", type=Path, nargs="+", default=default, help="labelled texts")
    arguments = parser.parse_args()
    taken = chosen(arguments.texts, arguments.count)
    texts = poster_texts(taken)
    posted = list(zip(taken, texts, poster_images(texts, SEED), strict=True))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:  # its children are no browser
        results, peak = pool.submit(measured, posted).result()
    print("language posters  contact F1, found, wrong      flagged, of the texts'  false  codes  processor seconds: mean, worst")
    for language in sorted(Counter(result.language for result in results)):
        print(row(language, (result for result in results if result.language == language)))
    print(row("all", results))
    print(f"peak memory of one process (reader or Tesseract): {peak >> 10} MiB")


if __name__ == "__main__":
    main()
