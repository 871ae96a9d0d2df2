"""CSV for people with a spreadsheet: no cell can be a formula, and every value can be read back (``index.csv_safety``)."""

import csv
import io

from desk.takedown.takedown_document import TakedownDocument
from index.csv_safety import cell

COLUMNS = (
    *("change", "notice_id", "url", "native_id", "kind", "severity", "rule_broken", "platform_rule", "explanation", "title"),
    *("language", "author", "posted_at", "first_seen", "confirmed_at", "evidence_sha256", "requested_action"),
    *("notifier_name", "notifier_email", "good_faith"),
)


def render(document: TakedownDocument) -> dict[str, bytes]:
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
