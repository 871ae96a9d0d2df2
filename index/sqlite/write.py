"""Writes records into the SQLite file: one read of the stored rows, then each table for a whole batch.

FTS5 gathers a batch in memory and writes it as one sorted run as long as rowids ascend, so a batch is sorted; its rowids are
positions with their sign turned (``index.sqlite.fts_search``). Rows with random keys (MinHash bands) go into parts small enough
to stay in memory: in one tree of a million records each would touch a page alone.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from index.base import Outcome
from index.sqlite.database_file import Connection
from index.sqlite.rows import Row, band_number, letters, lone_keys, marks
from index.terms.analysis import LONGEST, index_terms

PART = 1 << 16
"""Records whose bands share a part."""
_STORED = "SELECT id, position, revision, content, combination FROM docs WHERE id IN ({})"
_CHANGING = ("revision", "score", "rank", "priority", "gravity", "flagged", "growth", "campaign", "content", "combination")
_UPDATE = f"UPDATE docs SET {' = ?, '.join(_CHANGING)} = ? WHERE position = ?"  # noqa: S608 - our own columns
_DELETES = ("DELETE FROM docs WHERE position = ?", "DELETE FROM records WHERE position = ?")
_HELD = """INSERT INTO combinations (facets, held, changed) VALUES (?, ?, ?)
           ON CONFLICT (facets) DO UPDATE SET held = held + excluded.held, changed = excluded.changed"""


class _StoredRow(NamedTuple):
    position: int
    revision: int
    content: int
    combination: int


class _BandList(msgspec.Struct):
    bands: tuple[str, ...] = ()


class _AssessmentBands(msgspec.Struct):
    fingerprint: _BandList


class _RecordBands(msgspec.Struct):
    """Of a record's JSON only what its bands were."""

    assessment: _AssessmentBands


_OLD = msgspec.json.Decoder(_RecordBands)


def write(connection: Connection, rows: list[Row]) -> list[Outcome | None]:
    """Write a batch inside a transaction; return what each row did, ``None`` where the stored revision is as new."""
    ids = list({row.record.id for row in rows})
    stored = {name: _StoredRow(*rest) for name, *rest in connection.execute(_STORED.format(marks(ids)), ids)}
    outcomes, final = _newest_rows(rows, {name: row.revision for name, row in stored.items()})
    if final:
        combinations = _count_combinations(connection, final.values(), [stored[name] for name in final if name in stored])
        same = {name for name, row in final.items() if name in stored and stored[name].content == row.content}
        _revise(connection, [final[name] for name in same], stored, combinations)
        _delete(connection, [stored[name].position for name in final if name in stored and name not in same])
        _insert(connection, [row for name, row in final.items() if name not in same], combinations)
    return outcomes


def delete(connection: Connection, revisions: Mapping[str, int]) -> frozenset[str]:
    """Delete what is stored of the ids in no newer revision than theirs; return its ids."""
    rows = connection.execute(_STORED.format(marks(list(revisions))), list(revisions)).fetchall()
    gone = {name: stored_row for name, *rest in rows if (stored_row := _StoredRow(*rest)).revision <= revisions[name]}
    _count_combinations(connection, (), list(gone.values()))
    _delete(connection, [result.position for result in gone.values()])
    return frozenset(gone)


def _count_combinations(connection: Connection, rows: Iterable[Row], before: list[_StoredRow]) -> dict[str, int]:
    """Count each row's combination of facets up and the one it had down; return the numbers of all combinations."""
    rows = list(rows)
    changed = connection.execute("SELECT coalesce(max(changed), 0) + 1 FROM combinations").fetchone()[0]
    less = Counter(old.combination for old in before)
    connection.executemany(
        "UPDATE combinations SET held = held - ?, changed = ? WHERE id = ?",
        [(count, changed, number) for number, count in less.items()],
    )
    more = Counter(row.combination for row in rows)
    connection.executemany(_HELD, [(facets, count, changed) for facets, count in more.items()])
    sql = f"SELECT facets, id FROM combinations WHERE facets IN ({marks(list(more))})"  # noqa: S608 - question marks
    return dict(connection.execute(sql, list(more)).fetchall())


def _revise(connection: Connection, rows: list[Row], stored: dict[str, _StoredRow], combinations: dict[str, int]) -> None:
    """Write rows that are found by the same as before (linked, or seen again): terms and bands stay."""
    at = [stored[row.record.id].position for row in rows]
    connection.executemany(_UPDATE, [(*_changing(row, combinations), here) for row, here in zip(rows, at, strict=True)])
    connection.executemany(
        "UPDATE records SET record = ? WHERE position = ?", [(row.encoded, here) for row, here in zip(rows, at, strict=True)]
    )


def _delete(connection: Connection, positions: list[int]) -> None:
    if not positions:
        return
    sql = "SELECT position, record FROM records WHERE position IN (SELECT value FROM json_each(?))"
    bands = [
        (band_number(band), at)
        for at, text in connection.execute(sql, (json.dumps(positions),)).fetchall()
        for band in _OLD.decode(text).assessment.fingerprint.bands
    ]
    connection.executemany("DELETE FROM bands WHERE part IN (SELECT part FROM parts) AND band = ? AND position = ?", bands)
    for statement in _DELETES:
        connection.executemany(statement, [(at,) for at in positions])
    connection.executemany("DELETE FROM terms WHERE rowid = ?", [(-at,) for at in positions])


def _insert(connection: Connection, rows: list[Row], combinations: dict[str, int]) -> None:
    if not rows:
        return
    placed, words = _place_rows(connection, rows), set[str]()
    docs = [(at, row.record.id, *_changing(row, combinations)) for at, row in placed]
    connection.executemany(f"INSERT INTO docs VALUES ({marks(docs[0])})", docs)  # noqa: S608 - question marks
    connection.executemany("INSERT INTO records VALUES (?, ?)", [(at, row.encoded) for at, row in placed])
    for at, row in reversed(placed):
        title, text = index_terms(row.record.posting.heading or "", words), index_terms(row.record.posting.text, words)
        values = (-at, title, text, f"{row.keys} {lone_keys(title, text)}")
        connection.execute("INSERT INTO terms (rowid, title, body, keys) VALUES (?, ?, ?, ?)", values)
    part = _part(connection, len(rows))
    bands = sorted((band_number(band), at) for at, row in placed for band in row.record.assessment.fingerprint.bands)
    connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?, ?)", [(part, *band) for band in bands])
    # of three letters and more: what ``word~`` compares with, and what ``begin*`` may begin
    known = [(word[0], min(len(word), LONGEST), word, letters(word)) for word in sorted(words) if len(word) > 2]
    connection.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?, ?)", known)


def _newest_rows(rows: Iterable[Row], revisions: dict[str, int]) -> tuple[list[Outcome | None], dict[str, Row]]:
    """Return what each row does to the stored ``revisions``, and of each record to be written its newest row."""
    outcomes: list[Outcome | None] = []
    final: dict[str, Row] = {}
    for row in rows:
        name, revision = row.record.id, row.record.revision
        if name in revisions and revisions[name] >= revision:
            outcomes.append(None)
            continue
        outcomes.append("revised" if name in revisions else "inserted")
        final[name], revisions[name] = row, revision
    return outcomes, final


def scrub(connection: Connection) -> None:
    """Merge the runs of FTS5, which keep the terms of deleted rows until then, and forget the words no row holds any more."""
    connection.execute("INSERT INTO terms (terms) VALUES ('optimize')")
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.held USING fts5vocab('main', 'terms', 'row')")
    connection.execute("DELETE FROM words WHERE NOT EXISTS (SELECT 1 FROM temp.held WHERE term = word)")


def _changing(row: Row, combinations: dict[str, int]) -> tuple[object, ...]:
    record, judged = row.record, row.record.assessment
    return (
        record.revision,
        judged.score,
        record.rank,
        record.priority,
        record.gravity,
        judged.flagged,
        record.growth,
        record.campaign,
        row.content,
        combinations[row.combination],
    )


def _place_rows(connection: Connection, rows: list[Row]) -> list[tuple[int, Row]]:
    """Return rows with their positions, ascending; two ids of one second share 30 bits once in 10^9: the later moves back."""
    wanted = [row.position for row in rows]
    sql = f"SELECT position FROM docs WHERE position IN ({marks(wanted)})"  # noqa: S608 - question marks
    taken = {at for (at,) in connection.execute(sql, wanted)}
    placed: dict[int, Row] = {}
    for row in rows:
        at = row.position
        while at in placed or (
            (at in taken or at != row.position) and connection.execute("SELECT 1 FROM docs WHERE position = ?", (at,)).fetchone()
        ):
            at -= 1
        placed[at] = row
    return sorted(placed.items())


def _part(connection: Connection, count: int) -> int:
    """Return the part that takes the bands of ``count`` more records: the newest, or a new one when that is full."""
    newest = connection.execute("SELECT part, held FROM parts ORDER BY part DESC LIMIT 1").fetchone()
    part = 0 if newest is None else newest[0] + (newest[1] >= PART)
    sql = "INSERT INTO parts VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET held = held + excluded.held"
    connection.execute(sql, (part, count))
    return int(part)
