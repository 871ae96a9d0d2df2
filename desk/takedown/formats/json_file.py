"""JSON for machines, after the schema published in ``desk/takedown/schema/``; a list that does not pass it is never built."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from desk.takedown.notice import write_moment
from desk.takedown.takedown_document import VERSION, TakedownDocument

SCHEMA = Path(__file__).parent.parent / "schema" / "takedown-list-1.schema.json"
SCHEMA_ID = "https://lurewatch.example.org/schemas/takedown-list-1.schema.json"


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``list.json``; raises jsonschema.ValidationError for what the schema does not allow."""
    results = {
        "schema": SCHEMA_ID,
        "version": VERSION,
        "platform": document.key,
        "number": document.number,
        "built_at": write_moment(document.built_at),
        "previous": {"number": document.previous_number, "manifest_sha256": document.previous_manifest}
        if document.previous_number
        else None,
        "notifier": document.notifier.contact,
        "entries": [{"change": entry.change} | entry.body | document.exhibit(entry).fields for entry in document.entries],
        "standing": list(document.standing),
    }
    validator().validate(results)
    return {"list.json": write_json(results)}


def write_json(value: Any) -> bytes:
    """Return the one spelling of a JSON document: sorted keys, one space of indent, UTF-8, a final newline."""
    return (json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


@cache
def validator() -> Draft202012Validator:
    """Return the validator of the published schema, formats included."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())
