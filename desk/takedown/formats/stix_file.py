"""STIX 2.1 for threat intelligence platforms: one indicator a notice, marked TLP:AMBER+STRICT (TLP 2.0), revoked when taken back.

A revoked object cannot come back, so an item that is confirmed again gets another id: the id follows from the notice and the
list that told it first. What STIX has no property for stands in a property extension of ours.
"""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from stix2 import v21
from stix2.patterns import EqualityComparisonExpression, ObjectPath, ObservationExpression, StringConstant

from desk.list_maker import Notifier
from desk.takedown.formats.json_file import SCHEMA_ID
from desk.takedown.notice import NAMESPACE
from desk.takedown.takedown_document import FirstTold, TakedownDocument

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
"""When the objects that never change were made."""
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
TLP_AMBER_STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
"""The ids that OASIS and FIRST gave to TLP 2.0 and its level."""
TLP_MADE = datetime(2022, 10, 1, tzinfo=UTC)
EXTENDED = (
    *("notice_id", "kind", "severity", "clause", "grounds", "title", "text_excerpt", "language", "evidence", "good_faith"),
    *("translation", "screenshot"),
)


def stix_id(kind: str, key: str) -> str:
    """Return the id of an object, in the form of a random uuid as STIX wants it; the same key gives the same one."""
    return f"{kind}--{uuid.UUID(bytes=hashlib.sha256(f'{NAMESPACE}|{key}'.encode()).digest()[:16], version=4)}"


EXTENSION = stix_id("extension-definition", "notice 1")


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``notices.stix.json``, a bundle; the same list gives the same bytes."""
    common = common_objects(document.notifier)
    first = {entry.item_id: document.first_told(entry) for entry in document.entries}
    indicators = [
        indicator(entry.change, body, first[entry.item_id], document.built_at, document.notifier)
        for entry in document.entries
        for body in (entry.body | document.exhibit(entry).fields,)
    ]
    bundle = v21.Bundle(
        *(common[:2] if document.takes_back else common), *indicators,
        id=stix_id("bundle", f"{document.key}|{document.number}|{document.part}"), allow_custom=False,
    )  # fmt: skip
    return {
        "notices.stix.json": (bundle.serialize(sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")
    }


def common_objects(notifier: Notifier) -> list[Any]:
    """Return what every notice refers to: the marking, who notifies, and for those in force the extension and who wrote it."""
    project = _identity("LureWatch", "")
    return [_marking(), _identity(notifier.name, notifier.email), project, _extension(project.id)]


def _identity(name: str, contact: str) -> Any:
    contacts = {"contact_information": contact} if contact else {}
    return v21.Identity(
        id=stix_id("identity", f"{name}|{contact}"), name=name, identity_class="organization", created=SINCE, modified=SINCE,
        **contacts,
    )  # fmt: skip


def _marking() -> Any:
    extensions = {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": "amber+strict"}}
    return v21.MarkingDefinition(id=TLP_AMBER_STRICT, created=TLP_MADE, name="TLP:AMBER+STRICT", extensions=extensions)


def _extension(project: str) -> Any:
    return v21.ExtensionDefinition(
        id=EXTENSION, created=SINCE, modified=SINCE, created_by_ref=project, name="LureWatch notice",
        description="The rule an item breaks, the words that show it and the evidence kept, as in list.json.",
        schema=SCHEMA_ID, version="1.0.0", extension_types=["property-extension"],
    )  # fmt: skip


def indicator_id(notice: str, first: FirstTold) -> str:
    """Return the id of a notice's indicator."""
    return stix_id("indicator", f"{notice}|{first.number}")


def indicator(change: str, body: Mapping[str, Any], first: FirstTold, built_at: datetime, notifier: Notifier) -> Any:
    """Return the indicator of a notice, as a list says it that was built then; ``first`` told of it first."""
    address = EqualityComparisonExpression(ObjectPath("url", ["value"]), StringConstant(body["url"]))
    fields: dict[str, Any] = {
        "id": indicator_id(body["notice_id"], first), "created": first.built_at, "modified": built_at,
        "created_by_ref": stix_id("identity", f"{notifier.name}|{notifier.email}"), "pattern_type": "stix",
        "pattern": str(ObservationExpression(address)), "valid_from": first.built_at, "lang": "en",
        "object_marking_refs": [TLP_AMBER_STRICT],
        "external_references": [{"source_name": "notice", "external_id": body["notice_id"]}],
    }  # fmt: skip
    if change == "withdrawn":
        return v21.Indicator(
            **fields, name="Notice taken back", revoked=True, indicator_types=["unknown"],
            description=f"{body['withdrawn_because']} {body['requested_action']}",
        )  # fmt: skip
    about = {"extension_type": "property-extension"} | {name: body[name] for name in EXTENDED if body.get(name) is not None}
    return v21.Indicator(
        **fields, name=body["clause"]["title"], description=body["explanation"], indicator_types=["malicious-activity"],
        extensions={EXTENSION: about},
    )  # fmt: skip
