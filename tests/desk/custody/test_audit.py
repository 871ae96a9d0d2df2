"""The audit chain: every edit is found and named."""

import random

import msgspec
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError

from desk.custody import audit
from desk.database import writing
from desk.tables import evidence_packs


def chain(engine, now, length=40):
    for number in range(length):
        with writing(engine) as connection:
            audit.append(
                connection, at=now, actor="minh", action="confirm", subject=f"item-{number}", detail={"n": number, "t": "nợ"}
            )
    with engine.connect() as connection:
        return list(audit.entries(connection)), audit.head(connection)


def test_an_untouched_chain_is_whole_and_its_head_is_the_last_entry(engine, now):
    entries, head = chain(engine, now)
    verdict = audit.verify(entries, [audit.anchor_of(head, "a mail")])
    assert verdict == audit.Verdict(entries=40, head=head, fault=None)


def test_an_empty_log_is_whole(engine):
    with engine.connect() as connection:
        assert audit.verify(audit.entries(connection), [audit.anchor_of(audit.head(connection), "a mail")]).fault is None


def test_five_hundred_edits_are_found_at_the_right_place(desk_db, now):
    entries, head = chain(desk_db, now)
    dice = random.Random(7)
    for round_ in range(500):
        changed = list(entries)
        place = dice.randrange(len(entries))
        kind = ("edit", "rehash", "delete", "insert", "reorder", "cut")[round_ % 6]
        if kind == "edit":
            field = dice.choice(["at", "actor", "action", "subject", "detail"])
            changed[place] = msgspec.structs.replace(entries[place], **{field: getattr(entries[place], field) + "x"})
        elif kind == "rehash":
            forged = msgspec.structs.replace(entries[place], actor="mallory")
            changed[place] = msgspec.structs.replace(forged, hash=audit.digest(forged))
        elif kind == "delete":
            del changed[place]
        elif kind == "insert":
            changed.insert(place, msgspec.structs.replace(entries[place], subject="planted"))
        elif kind == "reorder":
            other = (place + 1 + dice.randrange(len(entries) - 1)) % len(entries)
            changed[place], changed[other] = changed[other], changed[place]
            place = min(place, other)
        else:
            del changed[place:]
        fault = audit.verify(changed, [audit.anchor_of(head, "a mail")]).fault
        assert fault is not None, (kind, place)
        last = place == len(entries) - 1
        if kind in ("edit", "delete", "insert", "reorder") and not (kind == "delete" and last):
            assert fault.startswith(f"entry {place + 1}:"), (kind, place, fault)


def test_a_wholly_rewritten_log_is_found_by_an_anchor_kept_outside(desk_db, now):
    entries, head = chain(desk_db, now, 5)
    prev, forged = audit.GENESIS, []
    for entry in entries:
        draft = msgspec.structs.replace(entry, actor="mallory", prev=prev)
        forged.append(msgspec.structs.replace(draft, hash=audit.digest(draft)))
        prev = forged[-1].hash
    assert audit.verify(forged).fault is None
    assert "differs from the head in a mail" in audit.verify(forged, [audit.anchor_of(head, "a mail")]).fault


def test_a_bad_anchor_is_an_error_not_a_pass(desk_db):
    with pytest.raises(ValueError, match="not <number>"):
        audit.anchor_of("seven", "a mail")


@pytest.mark.parametrize("statement", [
    "UPDATE audit SET actor = 'mallory'", "DELETE FROM audit", "UPDATE decisions SET note = 'x'", "DELETE FROM decisions",
    "UPDATE evidence_packs SET sha256 = 'x'", "DELETE FROM evidence_packs",
])  # fmt: skip
def test_the_database_itself_refuses_changes(engine, now, statement, staff, record):
    from desk.cases import case_decisions

    minh, item = staff(engine)["minh"], record()
    case_decisions.dismiss(engine, [item], reason="misread", by=minh, now=now, seen={item.id: 0})
    pack = {"item_id": item.id, "sha256": "ab" * 32, "audit_head": f"0:{audit.GENESIS}", "packed_by": "minh", "packed_at": now}
    with writing(engine) as connection:
        connection.execute(insert(evidence_packs).values(pack))
    with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
        connection.execute(text(statement))
