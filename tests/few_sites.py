"""A seeds folder with some of the sample sites: each takes seconds; tests/crawlers/run/test_sample_sites.py crawls all."""

import json
from pathlib import Path


def keep_sites(seeds: Path, *names: str) -> None:
    """Leave the named sample sites and their sources in a seeds folder, as if there had never been others."""
    sample = seeds / "sample"
    ports = json.loads((sample / "ports.json").read_text(encoding="utf-8"))
    (sample / "ports.json").write_text(json.dumps({name: ports[name] for name in names}), encoding="utf-8")
    lines = (sample / "expected.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["site"] in names]
    (sample / "expected.jsonl").write_text("".join(kept), encoding="utf-8")
    for file in (seeds / "sources").glob("sample_*.yml"):
        if not any(f"127.0.0.1:{ports[name]}" in file.read_text(encoding="utf-8") for name in names):
            file.unlink()
