"""`python -m benchmarks.recall [--elastic URL]`: how much of what stands in our listings a search finds, language by language.

Cut out of the development listings: phrases (a piece of running text, or three words), words typed without their accents, and
words with two neighbours swapped. What must be found is told by plain substring search over the texts, not by our analysis
(so words that differ in accents, and characters in simplified and traditional form, which we find as one, count as false).
Beside it, in the same run, what FTS5's own ``unicode61`` and ``trigram`` find of the same phrases.
"""

import argparse
import json
import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pysqlite3.dbapi2 as sqlite3
from msgspec.structs import replace

from crawlers.items import Posting
from enrichment.assessment import Assessment, Language
from enrichment.text.fingerprint import fingerprint
from index.base import Query, Record, Store
from index.sqlite.sqlite_store import SqliteStore
from index.terms.analysis import running

LISTINGS = Path(__file__).resolve().parent / "texts" / "training" / "listings-dev.jsonl"
EACH = 40
Texts = dict[str, str]
Find = Callable[[str], set[str]]


class Recall(NamedTuple):
    """Of so many things that stand somewhere, how many were found, and how many that do not stand there."""

    there: int
    found: int
    false: int

    def __str__(self) -> str:
        return f"{self.found / self.there:6.2f} {self.false:6d}" if self.there else "     -      -"


def measured(phrases: list[str], truth: Find, find: Find) -> Recall:
    """Compare what a search finds with what is there."""
    there = found = false = 0
    for phrase in phrases:
        wanted, got = truth(phrase), find(phrase)
        there, found, false = there + len(wanted), found + len(wanted & got), false + len(got - wanted)
    return Recall(there, found, false)


def spaced(text: str) -> str:
    """Return a text as its words of letters, marks and digits, one space between and around."""
    kept = "".join(
        c if unicodedata.category(c)[0] in "LMN" else "" if unicodedata.category(c) == "Cf" else " "
        for c in unicodedata.normalize("NFC", text).casefold()
    )
    return f" {' '.join(kept.split())} "


def bare(text: str) -> str:
    """Return a text without the accents of Latin, Greek and Cyrillic letters."""
    loose = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in loose if not "\u0300" <= c <= "\u036f"))


def cut(texts: list[str], chance: random.Random) -> list[str]:
    """Return phrases of one language: pieces of runs without spaces where it has any, else three words."""
    runs = [run for text in texts for run in "".join(c if running(c) else " " for c in text).split() if len(run) >= 12]
    found: list[str] = []
    texts = [text for text in texts if len(text.split()) >= 3]
    for _ in range(EACH):
        if len(runs) >= 10:
            run, length = chance.choice(runs), chance.randint(4, 9)
            start = chance.randint(1, len(run) - length - 1)
            found.append(run[start : start + length])
        else:
            words = chance.choice(texts).split()
            start = chance.randint(0, max(0, len(words) - 3))
            found.append(" ".join(words[start : start + 3]))
    return found


def swapped(word: str) -> str:
    """Return a word with its third and fourth letters in the wrong order."""
    return word[:2] + word[3] + word[2] + word[4:]


def peers(texts: Texts) -> Iterator[tuple[str, Find]]:
    """Yield FTS5's own tokenizers as searches."""
    for name in ("unicode61", "trigram"):
        connection = sqlite3.connect(":memory:")
        connection.execute(f"CREATE VIRTUAL TABLE plain USING fts5(id UNINDEXED, text, tokenize='{name}')")
        connection.executemany("INSERT INTO plain VALUES (?, ?)", texts.items())

        def find(phrase: str, connection: sqlite3.Connection = connection) -> set[str]:
            return {row[0] for row in connection.execute("SELECT id FROM plain WHERE plain MATCH ?", (f'"{phrase}"',))}

        yield name, find


def table(store: Store, raw: dict[str, list[tuple[str, tuple[str, str]]]]) -> None:
    """Print one line a language."""
    texts = {name: "|".join(map(spaced, parts)) for ones in raw.values() for name, parts in ones}
    others = dict(peers(texts))
    heads = "".join(f"{name:>14s}" for name in ("phrases", "no accents", "typos", *others))
    print(f"{type(store).__name__}, {len(texts)} listings; of each the recall and how many were found falsely\n  {'':8s}{heads}")

    def matching_ids(query: Query) -> set[str]:
        return {hit.record.id for hit in store.search(replace(query, size=1000, count_facets=False)).hits}

    def truth(phrase: str) -> set[str]:
        whole = phrase if " " not in phrase and running(phrase) else f" {phrase} "
        return {name for name, text in texts.items() if whole in text}

    for lang, ones in sorted(raw.items()):
        chance = random.Random(lang)
        mine = [spaced(part) for _, parts in ones for part in parts]
        phrases = cut(mine, chance)
        single = sorted(
            {word for text in mine for word in text.split() if len(word) >= 5 and word.isalpha() and not any(map(running, word))}
        )
        asked = chance.sample(single, min(EACH, len(single)))
        accented = [word for word in single if bare(word) != word][:EACH]
        columns = [
            measured(phrases, truth, lambda phrase: matching_ids(Query(phrases=(phrase,)))),
            measured(accented, truth, lambda word: truth(word) & matching_ids(Query(words=(bare(word),)))),
            measured(asked, truth, lambda word: truth(word) & matching_ids(Query(typos=(swapped(word),)))),
            *(measured(phrases, truth, find) for find in others.values()),
        ]
        print(f"  {lang:8s}{''.join(f' {column}' for column in columns)}", flush=True)


def record(name: str, title: str | None, text: str) -> Record:
    """Return a listing as the stores take it, with nothing but its text."""
    judged = Assessment(
        id=name,
        language=Language(code="und", script="Zyyy", confidence=0),
        stance="offer",
        score=0.0,
        flagged=False,
        tag="none",
        fingerprint=fingerprint(""),
        lexicon_version="bench",
    )
    posting = Posting(id=name, source="bench", url=f"https://bench.example.org/{name}", title=title, text=text)
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    return Record(id=name, posting=posting, assessment=judged, first_seen=seen, last_seen=seen, run_id="bench", partition="bench")


def main() -> None:
    """Fill the stores with the listings and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elastic", help="Address of a node; without it only SQLite is measured.")
    given = parser.parse_args()
    raw: dict[str, list[tuple[str, tuple[str, str]]]] = defaultdict(list)
    rows = [json.loads(line) for line in LISTINGS.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        raw[row["lang"]].append((row["id"], (row["title"] or "", row["text"])))
    records = [record(row["id"], row["title"], row["text"]) for row in rows]
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "index.sqlite")
        store.put(records)
        table(store, raw)
        store.close()
    if given.elastic:
        from index.elastic.elastic_store import ElasticStore

        served = ElasticStore(given.elastic, "lurewatch-bench-recall")
        served.put(records)
        table(served, raw)
        served.close()


if __name__ == "__main__":
    main()
