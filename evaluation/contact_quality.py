"""Measures how exactly contacts are read, per type and language, on labelled listings; on real messages and example numbers
where the folder has them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from enrichment.assessment import Language
from enrichment.contacts.extract import contacts
from enrichment.language.detect import language
from enrichment.text.views import views
from evaluation import real_contacts
from evaluation.measures import f1, interval, json_lines
from evaluation.text_tables import join_lines

LISTINGS = "listings-dev.jsonl"
PHONES = "suites/phone_examples.jsonl"
_UNKNOWN = Language(code="und", script="Zyyy", confidence=0.0)


def report(data: Path, *, labels: Path) -> dict[str, Any]:
    """Return right, extra and missed contacts per type and language, each mistake, the same of real messages, and the shares of
    example numbers read.

    ``data`` is a labelled file or a folder that holds ``listings-dev.jsonl``; listings without a ``contacts`` field are left out.
    Real messages are those in its ``texts/``, labelled in ``labels``.
    """
    path = data / LISTINGS if data.is_dir() else data
    folder = data if data.is_dir() else data.parent
    by_type: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    by_language: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    mistakes: list[list[str]] = []
    listings = [json_line for json_line in json_lines(path) if "contacts" in json_line]
    for listing in listings:
        text = f"{listing['title'] or ''}\n{listing['text']}"
        seen = views(text)
        names = {(contact.type, contact.value) for contact in contacts(seen, language(seen))}
        wanted = {(item["type"], item["value"]) for item in listing["contacts"]}
        for place, group in enumerate((names & wanted, names - wanted, wanted - names)):
            for kind, value in group:
                by_type[kind][place] += 1
                by_language[listing["lang"]][place] += 1
                if place:
                    mistakes.append([listing["id"], ("", "extra", "missed")[place], kind, value])
    return {
        "file": str(path),
        "listings": len(listings),
        "types": {kind: by_type[kind] for kind in sorted(by_type)},
        "languages": {code: by_language[code] for code in sorted(by_language)},
        "mistakes": mistakes,
        "real": _real(folder / "texts", labels) if data.is_dir() else {},
        "phones": _phones(folder / PHONES),
    }


def _real(texts: Path, labels: Path) -> dict[str, Any]:
    return real_contacts.report(texts, labels) if texts.is_dir() and labels.exists() else {}


def _phones(file: Path) -> dict[str, list[int]]:
    """Return how many example numbers are read in each form, when the file is there."""
    if not file.exists():
        return {}
    forms: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for json_line in json_lines(file):
        region = (json_line["region"],)
        for form, text, countries in (
            ("international", json_line["international"], ()),
            ("international, labelled", f"Tel {json_line['international']}", ()),
            ("national, labelled", f"Tel {json_line['national']}", region),
            ("national, bare", json_line["national"], region),
        ):
            forms[form][0] += [contact.value for contact in contacts(text, _UNKNOWN, countries)] == [json_line["e164"]]
            forms[form][1] += 1
    return dict(forms)


@join_lines
def render(report: dict[str, Any]) -> Iterator[str]:
    """Return ``report`` as tables."""
    yield f"{report['listings']} listings of {report['file']}"
    yield from (*_table("type", report["types"]), *_table("language", report["languages"]))
    yield f"\n{_row('all', _sums(report['types']))}"
    yield from (f"  {listing}: {what} {kind} {value}" for listing, what, kind, value in report["mistakes"])
    for name, result in report["real"].items():
        yield f"\n{result['texts']} real messages, {name}"
        for title, table in result["tables"].items():
            yield from _table(title, table)
        yield f"\n{_row('all', _sums(result['tables']['source']))}"
        yield from (f"  {text}: {what} {mark}" for text, what, mark in result["mistakes"])
    if report["phones"]:
        yield "\nexample numbers read as their E.164 form"
        yield from (f"{form:26} {right}/{total}" for form, (right, total) in report["phones"].items())


def _table(title: str, table: dict[str, list[int]]) -> list[str]:
    head = ["", f"{title:20} {'right':>6} {'extra':>6} {'missed':>6} {'F1':>6}  recall, 95 %"]
    return head + [_row(name, counts) for name, counts in sorted(table.items())]


def _row(name: str, counts: Sequence[int]) -> str:
    right, extra, missed = counts
    return f"{name:20} {right:>6} {extra:>6} {missed:>6} {f1(right, extra, missed):6.3f}  {interval(right, right + missed)}"


def _sums(table: dict[str, list[int]]) -> list[int]:
    return [sum(counts[place] for counts in table.values()) for place in range(3)]
