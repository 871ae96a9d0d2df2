"""What the whole assessment of one listing costs, against the stack a first version would be built of, in one process and run.

``python -m benchmarks.assess [--json]``. Listings of 3 KB in 24 languages: ``everyday`` ones made of ordinary sentences
(benchmarks/facts.py), and ``lures``, the labelled ones of the repository repeated to that length: as dense as a text can be.
The naive stack: langdetect, one compiled ``re`` after another for every phrase of the same lexicon, ``PhoneNumberMatcher`` with a
regular expression for other contacts, datasketch MinHash of character 5-grams. Ours are judged in batches, as every command does
that judges many, and one by one, as a text that comes alone. Times are the least of several rounds of CPU time; read the ratio.
Memory is the resident set after everything was used once.
"""

import argparse
import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import langdetect
import psutil

from benchmarks.facts import listings as everyday
from benchmarks.facts import microseconds, naive_contacts, naive_language
from enrichment.assess import Assessor, PostingText
from enrichment.lexicon.lexicon import lexicon
from evaluation.labelled_listings import listings
from evaluation.text_sets import CARRIED

ROOT = Path(__file__).resolve().parent.parent
SIZE = 3000
"""Bytes of UTF-8 a listing has."""


def lures() -> list[tuple[str, str]]:
    """Return the development listings with their languages, each repeated to 3 KB."""
    made = []
    for item in listings(CARRIED / "training" / "listings-dev.jsonl"):
        raw = f"{item.raw}\n".encode()
        made.append((item.lang.partition("-")[0], (raw * (SIZE // len(raw) + 1))[:SIZE].decode("utf-8", "ignore")))
    return made


def _naive_all(texts: Sequence[tuple[str, str]], phrases: list[re.Pattern[str]]) -> None:
    for code, text in texts:
        naive(code, text, phrases)


def naive(code: str, text: str, phrases: list[re.Pattern[str]]) -> tuple[str, int, int, object]:
    """Judge a text as a first version would."""
    hits = sum(phrase.search(text) is not None for phrase in phrases)
    contacts = len(naive_contacts(code, text))
    from datasketch import MinHash  # it loads scipy, which who takes the texts alone does without

    printed = MinHash(num_perm=128)
    printed.update_batch([text[at : at + 5].encode() for at in range(len(text) - 4)])
    return naive_language(text), hits, contacts, printed


def measure(most: int) -> dict[str, dict[str, float]]:
    """Return for each kind of text microseconds a listing for both, their ratio, what one by one takes, and the memory in MiB;
    ``most`` texts of a kind are judged."""
    langdetect.DetectorFactory.seed = 0
    before = psutil.Process().memory_info().rss
    assessor = Assessor(ROOT / "seeds")
    kinds = {"everyday": everyday(min(most, 200)), "lures": lures()[:most]}

    def ours(given: list[tuple[str, str]]) -> None:
        for _ in assessor.assess_all(PostingText(str(number), None, text) for number, (_, text) in enumerate(given)):
            pass

    def alone(given: list[tuple[str, str]]) -> None:
        for number, (_, text) in enumerate(given):
            assessor.assess(id=str(number), title=None, text=text)

    for given in kinds.values():
        ours(given)
    memory = psutil.Process().memory_info().rss
    phrases = [re.compile(re.escape(entry.phrase), re.IGNORECASE) for entry in lexicon(ROOT / "seeds" / "lures").entries]
    table: dict[str, dict[str, float]] = {}
    for kind, given in kinds.items():
        fast = microseconds(lambda given=given: ours(given), len(given), 7)  # type: ignore[misc]  # mypy: lambda default
        single = microseconds(lambda given=given: alone(given), len(given), 3)  # type: ignore[misc]
        few = given[::8]
        naive(*few[0], phrases)
        slow = microseconds(partial(_naive_all, few, phrases), len(few), 2)
        table[kind] = {
            "us": round(fast, 1),
            "peer_us": round(slow, 1),
            "ratio": round(slow / fast, 1),
            "alone_us": round(single, 1),
        }
    table["memory"] = {"mib": round(memory / 2**20), "before_mib": round(before / 2**20)}
    table["lexicon"] = {"entries": len(phrases)}
    return table


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument("--texts", type=int, default=10_000, help="texts of a kind at most")
    options = parser.parse_args()
    table = measure(options.texts)
    if options.json:
        print(json.dumps(table))
        return
    print(f"{'3 KB listings':14} {'us/listing':>11} {'naive stack':>12} {'ratio':>7} {'one by one':>11}")
    for kind in ("everyday", "lures"):
        row = table[kind]
        print(f"{kind:14} {row['us']:11.1f} {row['peer_us']:12.1f} {row['ratio']:6.1f}x {row['alone_us']:11.1f}")
    memory = table["memory"]
    print(f"{table['lexicon']['entries']} entries; {memory['mib']} MiB resident, {memory['before_mib']} before (peers imported)")


if __name__ == "__main__":
    main()
