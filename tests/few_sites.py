"""Sample sites that take little time: few of them, and none asks for a pause (tests/crawlers/safety/test_pace.py does)."""

import json
import shutil
from pathlib import Path


def let_hurry(sample: Path) -> Path:
    """Take the Crawl-delay out of the sample sites of a folder; return it."""
    for robots in sample.glob("*/robots.txt"):
        lines = robots.read_text(encoding="utf-8").splitlines(keepends=True)
        robots.write_text("".join(line for line in lines if not line.startswith("Crawl-delay")), encoding="utf-8")
    return sample


def copy_hasty(seeds: Path, folder: Path) -> Path:
    """Copy all sample sites into a folder, without a Crawl-delay; return where they are."""
    return let_hurry(Path(shutil.copytree(seeds / "sample", folder / "sample")))


def keep_sites(seeds: Path, *names: str) -> None:
    """Leave the named sample sites and their sources in a seeds folder, as if there had never been others, and no pause."""
    sample = let_hurry(seeds / "sample")
    ports = json.loads((sample / "ports.json").read_text(encoding="utf-8"))
    (sample / "ports.json").write_text(json.dumps({name: ports[name] for name in names}), encoding="utf-8")
    lines = (sample / "expected.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["site"] in names]
    (sample / "expected.jsonl").write_text("".join(kept), encoding="utf-8")
    for file in (seeds / "sources").glob("sample_*.yml"):
        if not any(f"127.0.0.1:{ports[name]}" in file.read_text(encoding="utf-8") for name in names):
            file.unlink()
