"""Real texts to learn from and to judge with: a folder beside the project, never carried (its own README describes the files).

Only numbers learned from them are carried. Labels are the collectors' own, corrected where a person has read the text again:
``real-labels.tsv`` holds ids, new labels and reasons, and no text.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from evaluation.labelled_listings import Listing
from evaluation.measures import DataError, json_lines

Row = Mapping[str, Any]
Label = tuple[int | None, str]
"""1 for a lure, 0 for anything else, None where it is undecided, and the class of the text."""

LABELS = {"lure": 1, "other": 0, "undecided": None}
FIELDS = ("company", "location", "company_profile", "description", "requirements", "benefits")
"""What of a structured job advertisement makes up its text."""
CLASSES = {
    "mule": "money_scam",
    "task_scam": "money_scam",
    "crime_gig": "money_scam",
    "job_scam": "money_scam",
    "compound": "scam_compound",
    "smuggling": "scam_compound",
    "surrogacy": "surrogacy_or_egg",
    "legit_job": "benign_job",
    "legit": "benign_job",
}
"""Classes of real texts by the names the authored texts use; others keep their name or are ``other``."""
KNOWN = ("money_scam", "scam_compound", "surrogacy_or_egg", "benign_job", "overseas_legit_job", "warning", "news", "testimony")
GROUP_TOTAL, LEAST, MOST = 300.0, 3.0, 20.0
"""The lures of each group count as ``GROUP_TOTAL`` texts in training, each of them as at least ``LEAST`` and at most ``MOST``."""


def _second(row: Row) -> Label:
    label = row.get("label")
    return (None if label in (None, "None") else int(label)), str(row.get("class"))


def _advertisement(_: Row) -> Label:
    return 0, "benign_job"


def _emscad(row: Row) -> Label:
    # Fraud in general, none of it a compound's: judged apart as a reference, learned from as neither.
    return (None, "emscad_fraud") if row.get("label") == "fraud" else (0, "benign_job")


def _message(row: Row) -> Label:
    return (1, "money_scam") if str(row.get("recruit")) == "1" else (0, "other")


def _channel(row: Row) -> Label:
    kind = str(row.get("recruit_type"))
    if kind in ("compound", "smuggling", "crime_gig"):
        return 1, kind
    return (0, "other") if kind == "none" else (None, kind)


SOURCES: Mapping[str, Callable[[Row], Label]] = {
    "jobs_vi_legit": _advertisement,
    "jobs_id_legit": _advertisement,
    "jobs_zh_legit": _advertisement,
    "emscad": _emscad,
    "sms_vi": _message,
    "sms_ph": _message,
    "sms_id": _message,
    "sms_sw": _message,
    "telegram_zh": _channel,
    "real2/lures": _second,
    "real2/hard_negatives": _second,
    "real2/legit_jobs": _second,
    "real3/lures": _second,
    "real3/others": _second,
}
"""Each file below ``texts/`` and how its lines are labelled."""
GROUPS = {"telegram_zh": "zh", "sms_ph": "ph", "sms_vi": "vi"}
"""Groups recall is averaged over: by source, else by language."""


class RealTexts(NamedTuple):
    """What was read."""

    decided: list[Listing]
    undecided: list[Listing]


def real_texts(folder: Path, corrections: Path) -> RealTexts:
    """Read ``folder/texts``; raise DataError where it is not there, naming the fix."""
    base = folder / "texts" if (folder / "texts").is_dir() else folder
    files = {name: base / f"{name}.jsonl" for name in SOURCES}
    if not any(file.exists() for file in files.values()):
        raise DataError(f"{base}: no real texts; give the folder that holds texts/ (see docs/enrichment.md)")
    changed = _corrections(corrections)
    decided: list[Listing] = []
    undecided: list[Listing] = []
    for name, file in files.items():
        for item, label in _listings(name, file, changed) if file.exists() else ():
            (undecided if label is None else decided).append(item)
    return RealTexts(_weighted(decided), undecided)


def group(item: Listing) -> str:
    """Return the group of a real text."""
    return GROUPS.get(item.source, item.lang)


def _listings(name: str, file: Path, changed: Mapping[str, Label]) -> Iterator[tuple[Listing, int | None]]:
    for row in json_lines(file):
        source = str(row.get("source") or name.rpartition("/")[2])
        label, kind = changed.get(str(row["id"])) or SOURCES[name](row)
        text = row.get("text") or "\n".join(str(row[field]) for field in FIELDS if row.get(field))
        kind = CLASSES.get(kind, kind if kind in KNOWN else "other")
        yield (
            Listing(
                id=str(row["id"]),
                lang=str(row.get("lang", "und")),
                label=label or 0,
                kind=kind,
                title=row.get("title"),
                text=str(text),
                campaign=f"{source}:{row.get('cluster', row['id'])}",
                source=source,
            ),
            label,
        )


def _corrections(file: Path) -> dict[str, Label]:
    if not file.exists():
        return {}
    results: dict[str, Label] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t"), 2):
            if row.get("label") not in LABELS or not row.get("id"):
                raise DataError(f"{file}:{number}: label {row.get('label')!r}; use {', '.join(LABELS)}")
            results[row["id"]] = (LABELS[row["label"]], row.get("class") or "other")
    return results


def _weighted(items: Sequence[Listing]) -> list[Listing]:
    """Return the texts with the lures of small groups counted as more: a few dozen would drown in the thousands of others."""
    lures = Counter(group(item) for item in items if item.label)
    return [
        replace(item, weight=min(MOST, max(LEAST, GROUP_TOTAL / lures[group(item)]))) if item.label else item for item in items
    ]
