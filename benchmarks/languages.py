"""How often ours, CLD2 alone and langdetect (seeded) name the language, on one labelled file.

``python -m benchmarks.languages DATA`` with DATA the folder that holds ``langid-dev.tsv`` (lang, text, stratum, accept).
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import langdetect
import pycld2

from enrichment.language.detect import language
from evaluation.language_quality import FILE, label


def ours(text: str) -> str:
    """Name the language as the project does."""
    return label(language(text))


def cld2(text: str) -> str:
    """Name the language as CLD2 does, control characters removed."""
    clean = "".join(char for char in text if char.isprintable())
    code = str(pycld2.detect(clean, bestEffort=True)[2][0][1])
    return {"zh": "zh-Hans", "un": "und"}.get(code, code)


def seeded_langdetect(text: str) -> str:
    """Name the language as langdetect does with its seed set."""
    try:
        code = str(langdetect.detect(text))
    except langdetect.LangDetectException:
        return "und"
    return {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}.get(code, code)


def main() -> None:
    """Print one line per detector."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    langdetect.DetectorFactory.seed = 0
    with (parser.parse_args().data / FILE).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    detectors: tuple[Callable[[str], str], ...] = (ours, cld2, seeded_langdetect)
    print(f"{'':18} {'macro':>6} {'unaccented vi: news':>20} {'SMS':>6} {'ms':>6} {'id':>6} {'und':>6}")
    for detector in detectors:
        right: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for row in rows:
            for key in (row["lang"], f"{row['lang']} {row['stratum']}"):
                right[key][0] += detector(row["text"]) in row["accept"].split(",")
                right[key][1] += 1
        share = {key: hits / total for key, (hits, total) in right.items()}
        labels = {row["lang"] for row in rows}
        macro = sum(share[name] for name in labels) / len(labels)
        shown = [share.get(key, 0.0) for key in ("vi unaccented-news", "vi unaccented-sms", "ms", "id", "und")]
        print(f"{detector.__name__:18} {macro:6.3f} {shown[0]:20.3f} " + " ".join(f"{one:6.3f}" for one in shown[1:]))


if __name__ == "__main__":
    main()
