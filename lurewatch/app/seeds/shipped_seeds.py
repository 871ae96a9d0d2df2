"""The seeds a release ships, brought into the folder an operator edits.

What the operator did stays: a file that was edited keeps the edit, one that was deleted stays away, one that was added is not
touched. Everything else becomes what the release ships. ``FOLDER/.shipped.json`` remembers the digests of what was shipped last.
"""

import hashlib
import json
import shutil
from pathlib import Path

from foundation.whole_files import replace_file

RECORD = ".shipped.json"


def bring(shipped: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Return (files written or removed, files kept because the operator edited them), as paths below ``folder``."""
    record = folder / RECORD
    before: dict[str, str] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    now = {str(path.relative_to(shipped)): digest(path) for path in sorted(shipped.rglob("*")) if path.is_file()}
    changed, kept = [], []
    for name in sorted(before.keys() | now.keys()):
        target = folder / name
        here = digest(target) if target.is_file() else None
        if here == now.get(name):
            continue
        if here != before.get(name):
            if name in now and now[name] != before.get(name):
                kept.append(name)
        elif name in now and (here is not None or name not in before):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(shipped / name, target)
            changed.append(name)
        elif here is not None:
            target.unlink()
            changed.append(name)
    replace_file(record, json.dumps(now, indent=0))
    return changed, kept


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
