"""Bring the seeds a release ships into the folder an operator edits: ``python -m lurewatch.cli.setup.seed_files SHIPPED FOLDER``.

What the operator did stays: a file that was edited keeps the edit, one that was deleted stays away, one that was added is not
touched. Everything else becomes what the release ships. ``FOLDER/.shipped.json`` remembers the digests of what was shipped last.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

import click

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
    part = record.with_suffix(".part")
    part.write_text(json.dumps(now, indent=0), encoding="utf-8")
    part.replace(record)
    return changed, kept


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(shipped: str, folder: str) -> None:
    """Say what was changed, and which edited files differ from what is shipped."""
    changed, kept = bring(Path(shipped), Path(folder))
    click.echo(f"{folder}: {len(changed)} files changed")
    for name in kept:
        click.echo(f"{folder}/{name}: your edit is kept; this release ships another: compare it with {shipped}/{name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
