"""CSV for people with a spreadsheet: no cell can be a formula, and every value can be read back (``index.export``)."""

import csv
import io
from collections.abc import Iterator

from desk.takedown.takedown_document import TakedownDocument
from index.export import cell

COLUMNS = (
    *("change", "notice_id", "url", "native_id", "kind", "severity", "rule_broken", "platform_rule", "explanation", "title"),
    *("translation", "language", "author", "posted_at", "first_seen", "confirmed_at", "captured_at", "evidence_sha256"),
    *("requested_action", "notifier_name", "notifier_email", "good_faith"),
)
RETRACTION = (
    *("change", "notice_id", "url", "withdrawn_because", "withdrawn_at", "notice_list", "notice_sent_at", "requested_action"),
    *("notifier_name", "notifier_email"),
)
"""Columns of a list that takes notices back: nothing of what they said."""


def rows(document: TakedownDocument) -> Iterator[list[str]]:
    """Yield the names of the columns, then a row for each entry, every cell made so that no spreadsheet calculates it."""
    columns = RETRACTION if document.takes_back else COLUMNS
    yield list(columns)
    for entry in document.entries:
        body = entry.body
        clause, evidence = body.get("clause") or {}, body.get("evidence") or {}
        row = {
            **{name: body.get(name) for name in columns}, "change": entry.change, "rule_broken": clause.get("title"),
            "platform_rule": clause.get("rule"), "captured_at": evidence.get("captured_at"),
            "evidence_sha256": evidence.get("sha256"), "translation": document.exhibit(entry).translated_lines,
            "notifier_name": document.notifier.name, "notifier_email": document.notifier.email,
        }  # fmt: skip
        yield [cell(str(row[name] if row[name] is not None else "")) for name in columns]


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``list.csv``: UTF-8 with BOM, so that spreadsheets take it for UTF-8, every cell quoted."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows(document))
    return {"list.csv": text.getvalue().encode("utf-8-sig", "replace")}
