"""Measures how exactly contacts are read on real messages, which are not in the repository: ``real-contacts.tsv`` holds ids
and marks of labels.

A mark is the type and 16 bits of a hash salted with the text's id. One number in 65,536 has it by chance: enough to judge a
reading, too little to find the number or the name again.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from enrichment.assessment import Contact
from enrichment.contacts.extract import contacts
from enrichment.language.detect import language
from enrichment.text.views import views
from evaluation.measures import DataError, json_lines

"""Columns sample, source, id, contacts: a mark for each contact of the text, separated by spaces; none where it has none."""
COUNTRIES = {"sms_vi": ("VN",), "sms_ph": ("PH",), "sms_id": ("ID",), "sms_sw": ("TZ",)}
"""Where a source's messages are from: what an operator writes into its seed file."""
Labelled = dict[str, list[tuple[str, str, Counter[str]]]]
"""Source to sample, id and marks of each labelled text."""
_ADDRESS_SIGNS = ("https://", "http://", "www.")


def mark(text_id: str, kind: str, value: str) -> str:
    """Return the mark of a contact: the type, a colon and 16 bits in hexadecimal.

    Of a web address only what tells it from others counts, whether or not it is written with scheme, *www* and last slash.
    """
    if kind in ("url", "email"):
        value = value.casefold().rstrip("/")
        for sign in _ADDRESS_SIGNS:
            value = value.removeprefix(sign)
    return f"{kind}:{sha256(f'{text_id} {kind} {value}'.encode()).hexdigest()[:4]}"


def report(folder: Path, labels: Path) -> dict[str, Any]:
    """Return right, extra and missed contacts of the labelled texts in ``folder``, per sample, source and type, and each mistake.

    Each text is read twice: with the country of its source known, and with the text's own language alone. Raises DataError where
    a label names a text that is not there.
    """
    labelled = _labelled(labels)
    texts = {
        source: {str(row["id"]): str(row.get("text") or "") for row in json_lines(folder / f"{source}.jsonl")}
        for source in labelled
    }
    return {
        "with the country of the source": _judged(texts, labelled, labels, COUNTRIES),
        "with the language alone": _judged(texts, labelled, labels, {}),
    }


def _judged(
    texts: dict[str, dict[str, str]], labelled: Labelled, labels: Path, countries: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    tables: dict[str, dict[str, list[int]]] = {name: defaultdict(lambda: [0, 0, 0]) for name in ("sample", "source", "type")}
    mistakes: list[list[str]] = []
    for source, rows in labelled.items():
        for sample, text_id, wanted in rows:
            if text_id not in texts[source]:
                raise DataError(f"{labels}: {source} has no text {text_id}")
            seen = views(texts[source][text_id])
            read = _marks(text_id, contacts(seen, language(seen), countries.get(source, ())))
            for place, marks in enumerate((read & wanted, read - wanted, wanted - read)):
                for value, times in marks.items():
                    for table, name in (("sample", sample), ("source", source), ("type", value.partition(":")[0])):
                        tables[table][name][place] += times
                    if place:
                        mistakes.append([text_id, ("", "extra", "missed")[place], value])
    return {"texts": sum(map(len, labelled.values())), "tables": tables, "mistakes": mistakes}


def _marks(text_id: str, entries: Iterable[Contact]) -> Counter[str]:
    return Counter(mark(text_id, contact.type, contact.value) for contact in entries)


def _labelled(file: Path) -> Labelled:
    rows: Labelled = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            rows[row["source"]].append((row["sample"], row["id"], Counter((row["contacts"] or "").split())))
    return rows
