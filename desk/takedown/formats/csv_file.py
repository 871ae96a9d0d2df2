"""CSV for people with a spreadsheet: no cell can be a formula, and every value can be read back.

A value that a spreadsheet might calculate (OWASP: ``= + - @``, TAB, CR; ASVS 1.2.10 adds NUL; LF and the full-width signs are
taken as such by some) gets an apostrophe in front, and so does one that already begins with an apostrophe. ``value`` undoes it.
Quoting alone does not stop a spreadsheet (Symfony CVE-2021-41270).
"""

import csv
import io

from desk.takedown.document import Document

COLUMNS = (
    *("change", "notice_id", "url", "native_id", "kind", "severity", "rule_broken", "platform_rule", "explanation", "title"),
    *("language", "author", "posted_at", "first_seen", "confirmed_at", "evidence_sha256", "requested_action"),
    *("notifier_name", "notifier_email", "good_faith"),
)
LIVE = "=+-@\t\r\n\x00＝＋－＠|%"


def render(document: Document) -> dict[str, bytes]:
    """Return ``list.csv``: UTF-8 with BOM, so that spreadsheets take it for UTF-8, every cell quoted."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in document.entries:
        body = entry.body
        clause, evidence, notifier = body.get("clause") or {}, body.get("evidence") or {}, body.get("notifier") or {}
        row = {
            **{name: body.get(name) for name in COLUMNS},
            "change": entry.change,
            "explanation": body.get("explanation") or body.get("withdrawn_because"),
            "rule_broken": clause.get("title"),
            "platform_rule": clause.get("rule"),
            "evidence_sha256": evidence.get("sha256"),
            "notifier_name": notifier.get("name"),
            "notifier_email": notifier.get("email"),
        }
        writer.writerow([cell(str(row[name] if row[name] is not None else "")) for name in COLUMNS])
    return {"list.csv": text.getvalue().encode("utf-8-sig", "replace")}


def cell(value: str) -> str:
    """Return a value as a cell nothing calculates."""
    seen = value.lstrip(" \u00a0\u200b\ufeff\u2060\u3000")
    return f"'{value}" if value[:1] == "'" or seen[:1] in tuple(LIVE) or value[:1] in tuple(LIVE) else value


def value(cell: str) -> str:
    """Return the value a cell was made from."""
    return cell[1:] if cell[:1] == "'" else cell
