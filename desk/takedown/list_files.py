"""Writes the files of a list in every format its receiver takes, none too large for a mail, with their digests.

A file that would be too large is written in numbered parts, each with whole entries, and nothing is left out. Parts that together
exceed one mail leave in several, each with the manifest that names them all.
"""

import hashlib
from collections.abc import Mapping
from importlib import import_module
from pathlib import PurePath
from typing import Any

import msgspec

from desk.custody.published_heads import MANIFEST_KEY
from desk.takedown.formats.json_file import write_json
from desk.takedown.notice import write_moment
from desk.takedown.takedown_document import TakedownDocument

MAIL_BYTES = 6_900_000
"""Of files in one mail: in base64 they take a third more, and many servers refuse mails of 10 MB."""
PART_BYTES = 6_000_000
"""Of one file; the rest of a mail is for what goes with each of them."""
IN_EACH_MAIL = ("SHA256SUMS", "manifest.json")


def files_of(document: TakedownDocument) -> dict[str, tuple[str, bytes]]:
    """Return every file of a list with its SHA-256; the same document gives the same bytes."""
    contents: dict[str, bytes] = {}
    for name in document.platform.formats:
        contents |= _parts(name, document)
    manifest: dict[str, Any] = {
        "platform": document.key,
        "recipient": None if document.takes_back else document.platform.recipient,  # it goes where what it takes back went
        "number": document.number,
        "built_at": write_moment(document.built_at),
        "previous_manifest_sha256": document.previous_manifest,
        MANIFEST_KEY: document.audit_head,
        "seeds": document.seeds or None,
        "entries": len(document.entries),
        "files": [
            {"name": name, "bytes": len(content), "sha256": _sha256(content)} for name, content in sorted(contents.items())
        ],
    }
    contents["manifest.json"] = write_json(manifest)
    sums = "".join(f"{_sha256(content)}  {name}\n" for name, content in sorted(contents.items()))
    contents["SHA256SUMS"] = sums.encode()
    return {name: (_sha256(content), content) for name, content in contents.items()}


def mails_of(files: Mapping[str, bytes]) -> list[list[str]]:
    """Return which files go into which mail: as few mails as their order allows, the manifest and the digests in each."""
    always = [name for name in IN_EACH_MAIL if name in files]
    mails: list[list[str]] = [[]]
    for name in sorted(set(files) - set(always)):
        if mails[-1] and sum(len(files[each]) for each in [*mails[-1], *always, name]) > MAIL_BYTES:
            mails.append([])
        mails[-1].append(name)
    return [sorted([*names, *always]) for names in mails]


def _parts(name: str, document: TakedownDocument) -> dict[str, bytes]:
    """Return the files of one format: as a whole, else in as many parts of whole entries as it takes."""
    render = import_module(f"desk.takedown.formats.{name}_file").render
    files: dict[str, bytes] = render(document)
    most, parts = len(document.entries), 1
    while parts < most and (largest := max(map(len, files.values()), default=0)) > PART_BYTES:
        parts = min(most, max(parts + 1, -(-largest * parts // PART_BYTES)))
        files = {}
        for part in range(parts):
            entries = document.entries[most * part // parts : most * (part + 1) // parts]
            piece = msgspec.structs.replace(document, entries=entries, part=(part + 1, parts))
            files |= {_part_name(each, part + 1, parts): content for each, content in render(piece).items()}
    return files


def _part_name(name: str, part: int, parts: int) -> str:
    path = PurePath(name)
    return f"{path.stem}.part-{part:0{len(str(parts))}}-of-{parts}{path.suffix}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
