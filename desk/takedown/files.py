"""The files of a list: one or more in each format its platform asked for, a manifest, and their digests."""

import hashlib
from importlib import import_module
from typing import Any

from desk.custody.published_heads import MANIFEST_KEY
from desk.takedown.formats import json_file
from desk.takedown.takedown_document import TakedownDocument


def files_of(document: TakedownDocument) -> dict[str, tuple[str, bytes]]:
    """Return every file of a list with its SHA-256; the same document gives the same bytes."""
    contents: dict[str, bytes] = {}
    for name in document.platform.formats:
        contents |= import_module(f"desk.takedown.formats.{name}_file").render(document)
    retraction = any(entry.change == "withdrawn" for entry in document.entries)  # goes where what it takes back went
    manifest: dict[str, Any] = {
        "platform": document.key,
        "recipient": None if retraction else document.platform.contact,
        "number": document.number,
        "built_at": document.built_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "previous_manifest_sha256": document.previous_manifest,
        MANIFEST_KEY: document.audit_head,
        "entries": len(document.entries),
        "files": [
            {"name": name, "bytes": len(content), "sha256": _sha256(content)} for name, content in sorted(contents.items())
        ],
    }
    contents["manifest.json"] = json_file.write_json(manifest)
    sums = "".join(f"{_sha256(content)}  {name}\n" for name, content in sorted(contents.items()))
    contents["SHA256SUMS"] = sums.encode()
    return {name: (_sha256(content), content) for name, content in contents.items()}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
