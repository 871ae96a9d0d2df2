"""XARF v4 reports (``content``/``fraud``/``employment``), one JSON line each, for abuse desks that read them by machine.

Each report passes the ``xarf`` library and its own JSON schema before it is kept: the library alone (1.0.0) answers
``report=None, errors=[]`` for any fractional ``confidence``, so an empty error list is no proof. No confidence is claimed
here: a person confirmed the item, and a number would only look exact. XARF has no retraction; platforms that take it take CSV
or JSON beside.
"""

import base64
import hashlib
import json
import re
import uuid
from typing import Any
from urllib.parse import urlsplit

import xarf

from desk.takedown.notice import NAMESPACE, name_capture
from desk.takedown.repository import ListEntry
from desk.takedown.takedown_document import TakedownDocument

DOMAIN = re.compile(r"^([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}$")
JOB_OFFERS = ("scam_compound", "money_scam")


class NotXarf(Exception):
    """A report that the library or the schema refuses; the message names the field."""


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``reports.xarf.jsonl``; raise NotXarf rather than send what a receiver would refuse."""
    reports = [report(entry, document) for entry in document.entries if entry.change != "withdrawn"]
    if not reports:
        return {}
    lines = "".join(json.dumps(item, sort_keys=True, ensure_ascii=False) + "\n" for item in reports)
    return {"reports.xarf.jsonl": lines.encode("utf-8", "replace")}


def report(entry: ListEntry, document: TakedownDocument) -> dict[str, Any]:
    """Return one notice as a report; the same list gives the same report."""
    body, exhibit = entry.body, document.exhibit(entry)
    host = urlsplit(body["url"]).hostname or ""
    organisation = {
        "org": document.notifier.name[:200],
        "contact": document.notifier.email,
        "domain": document.notifier.email.rpartition("@")[2],
    }
    excerpt = body["text_excerpt"].encode("utf-8", "replace")
    proofs = [("text/plain", f"Text of the item, masked; its page: {name_capture(body)}", excerpt)]
    if exhibit.sentences:
        translated = exhibit.translated_lines.encode("utf-8", "replace")
        proofs.append(("text/plain", "Translation of the sentences quoted, by a machine", translated))
    if exhibit.picture:
        proofs.append(("image/jpeg", "Screenshot of the item, as captured", exhibit.picture))
    results = {
        "xarf_version": "4.2.0",
        "report_id": str(uuid.uuid5(NAMESPACE, f"{body['notice_id']}|{document.number}")),
        "timestamp": body["first_seen"],
        "reporter": organisation,
        "sender": organisation,
        "source_identifier": host,
        "category": "content",
        "type": "fraud",
        "fraud_type": "employment" if body["kind"] in JOB_OFFERS else "other",
        "url": body["url"],
        "verified_at": body["confirmed_at"],
        "verification_method": "manual",
        "attack_vector": "fraud",
        "evidence_source": "researcher_analysis",
        "description": body["summary"],
        "evidence": [
            {
                "content_type": content_type,
                "description": what,
                "size": len(proof),
                "payload": base64.b64encode(proof).decode(),
                "hash": f"sha256:{hashlib.sha256(proof).hexdigest()}",
            }
            for content_type, what, proof in proofs
        ],
        "tags": [
            f"notice:{body['notice_id']}",
            f"lure:{body['kind']}",
            f"severity:{body['severity']}",
            f"clause:{body['clause']['key']}",
            f"language:{body['language']}",
        ],
    }
    if DOMAIN.match(host):
        results["domain"] = host
    check(results)
    return results


def check(results: dict[str, Any]) -> None:
    """Raise NotXarf unless both the library and the schema it carries accept the report."""
    errors = xarf.schema_validator.validate(results)
    parsed = xarf.parse(results)
    matches = [str(error) for error in [*errors, *parsed.errors]]
    if matches or parsed.report is None:
        raise NotXarf(f"{results.get('url')}: {'; '.join(matches) or 'not a report the library knows'}")
