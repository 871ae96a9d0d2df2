"""A MISP feed in one archive: ``manifest.json``, ``hashes.csv`` and an event for each list that told of an item first.

An item keeps the uuid of its attribute over updates, so that the receiver's MISP edits it; what is taken back is deleted there.
No attribute is for detection: an item's address is asked to be removed, not blocked.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from desk.custody.evidence_pack import zip_files
from desk.takedown.formats.json_file import write_json
from desk.takedown.notice import NAMESPACE, name_capture
from desk.takedown.repository import ListEntry
from desk.takedown.takedown_document import FirstTold, TakedownDocument

TLP = {"name": "tlp:amber+strict", "colour": "#FFC000"}
UNDEFINED, COMPLETED = "4", "2"
"""MISP's threat level and state of analysis."""


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``misp-feed.zip``, to be unpacked into the folder of a feed; the same list gives the same bytes."""
    firsts = {document.first_told(entry).number: document.first_told(entry) for entry in document.entries}
    events = [
        _event(document, firsts[number], [entry for entry in document.entries if document.first_told(entry).number == number])
        for number in sorted(firsts)
    ]
    manifest = {event["uuid"]: {name: event[name] for name in _MANIFEST} for event in events}
    hashes = "".join(
        f"{hashlib.md5(each['value'].encode(), usedforsecurity=False).hexdigest()},{event['uuid']}\n"
        for event in events for each in event["Attribute"] if not each["deleted"]
    )  # fmt: skip
    files = {f"{event['uuid']}.json": write_json({"Event": event}) for event in events}
    files |= {"manifest.json": (json.dumps(manifest, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8", "replace")}
    return {"misp-feed.zip": zip_files(files | {"hashes.csv": hashes.encode()}, "misp-feed", document.built_at)}


_MANIFEST = ("Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp")


def _event(document: TakedownDocument, first: FirstTold, entries: list[ListEntry]) -> dict[str, Any]:
    """Return the event of one list; its info accuses nobody, so that the event can take back as well."""
    name = document.notifier.name
    return {
        "uuid": _uuid(f"event|{document.key}|{first.number}"),
        "info": f"List {first.number} for {document.platform.title}",
        "date": f"{first.built_at:%Y-%m-%d}",
        "analysis": COMPLETED,
        "threat_level_id": UNDEFINED,
        "published": True,
        "timestamp": _seconds(document.built_at),
        "publish_timestamp": _seconds(document.built_at),
        "Orgc": {"name": name, "uuid": _uuid(f"organisation|{name}|{document.notifier.email}")},
        "Tag": [TLP],
        "Attribute": [each for entry in entries for each in _attributes(entry, first, document)],
    }


def _attributes(entry: ListEntry, first: FirstTold, document: TakedownDocument) -> Iterator[dict[str, Any]]:
    """Yield a notice, and what is shown beside it; what was shown before and is not any more is deleted."""
    yield (address := _attribute(entry, first, document.built_at))
    exhibit, notice = document.exhibit(entry), entry.body["notice_id"]
    picture = {"data": exhibit.fields["screenshot"]["data"]} if exhibit.picture else {}
    beside: list[tuple[str, str, str, dict[str, str]]] = [
        ("text", "translation", exhibit.translated_lines, {}),
        ("attachment", "screenshot", f"{notice}.jpg" if picture else "", picture),
    ]
    for kind, what, value, more in beside:
        if value or entry.change != "new":
            yield (
                address
                | more
                | {
                    "uuid": _uuid(f"{what}|{notice}|{first.number}"),
                    "type": kind,
                    "value": value or f"{notice} {what}",
                    "comment": f"Notice {notice}",
                    "deleted": not value,
                }
            )


def _attribute(entry: ListEntry, first: FirstTold, at: datetime) -> dict[str, Any]:
    body = entry.body
    taken_back = entry.change == "withdrawn"
    if taken_back:
        said = f"{body['withdrawn_because']} {body['requested_action']}"
    else:
        said = f"{body['severity']}. {body['explanation']} The page: {name_capture(body)}."
    return {
        "uuid": _uuid(f"attribute|{body['notice_id']}|{first.number}"),
        "type": "url",
        "category": "External analysis",
        "value": body["url"],
        "comment": f"Notice {body['notice_id']}. {said}",
        "to_ids": False,
        "disable_correlation": False,
        "deleted": taken_back,
        "timestamp": _seconds(at),
    }


def _seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _uuid(key: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"misp|{key}"))
