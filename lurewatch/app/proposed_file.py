"""A proposed source file: checked before it is written, written whole and over nothing."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from crawlers.discovery.proposal import Proposal
from crawlers.sources.source import load_source


def check_proposal(proposal: Proposal) -> None:
    """Raise SourceError when the proposal would not load: it is checked as strictly as what a person writes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{proposal.name}.yml"
        path.write_text(proposal.yaml, encoding="utf-8")
        load_source(path)


def write_whole(path: Path, text: str) -> None:
    """Write the file whole or not at all, and never over one that is there."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", encoding="utf-8", delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        Path(file.name).chmod(0o644)
        os.link(file.name, path)
    finally:
        Path(file.name).unlink()
