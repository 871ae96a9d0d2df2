"""Analysts split, merge, lock and undo campaigns; it is kept with who and why on both engines, and linking obeys it."""

import json
import uuid
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from desk.cases import campaign_rulings
from desk.custody import audit
from desk.database import writing
from desk.refusals import DeskRefusal
from enrichment.assessment import Contact
from enrichment.campaigns.linkage import Rules, campaign_id
from index.campaigns.dossier import dossier, pivot
from index.campaigns.relink import link_all, link_new
from index.elastic.client import client
from index.elastic.elastic_store import ElasticStore
from index.sqlite.sqlite_store import SqliteStore

WHY = {"why": "two people told us so"}


@pytest.fixture
def store(tmp_path, record):
    """Return an index with a campaign of four (one contact) and one of two."""
    opened = SqliteStore(tmp_path / "index.sqlite")
    opened.put([record(number) for number in range(4)])
    opened.put([_other(record, number) for number in (8, 9)])
    link_all(opened)
    yield opened
    opened.close()


def _other(record, number):
    made = record(number, text="A wholly different wording for this one, ask @bright_hr_demo")
    contact = Contact(type="line", value="other_crew_demo", start=0, end=0)
    return replace(made, assessment=replace(made.assessment, contacts=(contact,)))


@pytest.fixture
def crew(store):
    """Return the campaign of four and the one of two."""
    found = sorted((one.campaign for one in store.campaigns()), key=lambda one: -len(one.members))
    assert [len(one.members) for one in found] == [4, 2]
    return found


def groups(store):
    return sorted((sorted(one.campaign.members) for one in store.campaigns()), key=lambda one: (-len(one), one))


def standing(engine):
    with engine.connect() as connection:
        return campaign_rulings.all_rulings(connection)


def test_a_split_is_linked_at_once_survives_linking_anew_and_is_undone(engine, store, crew, staff, now):
    people, (big, small) = staff(engine), crew
    a, b, c, d = big.members
    made = campaign_rulings.split(engine, store, big.id, [c, d], own=True, by=people["minh"], now=now, **WHY)
    wanted = [sorted(small.members), sorted([a, b]), sorted([c, d])]
    assert groups(store) == sorted(wanted)
    link_all(store)
    assert groups(store) == sorted(wanted)
    assert (made.kind, made.ids, made.others, made.by, made.note) == ("split", (c, d), (a, b), "minh", WHY["why"])
    campaign_rulings.undo(engine, store, made.id, by=people["minh"], now=now)
    assert groups(store)[0] == sorted(big.members)
    assert standing(engine)[0].undone == 2
    with engine.connect() as connection:
        told = [(one.actor, one.action, one.subject) for one in audit.entries(connection)][-2:]
        assert audit.verify(audit.entries(connection)).fault is None
        detail = json.loads(list(audit.entries(connection))[-2].detail)
    assert told == [("minh", "campaign_split", big.id), ("minh", "campaign_undo", big.id)]
    assert detail == {"ids": [c, d], "others": [a, b], "ruling": 1, "note": WHY["why"]}


def test_not_this_crew_takes_each_out_on_its_own(engine, store, crew, staff, now):
    people, (big, small) = staff(engine), crew
    campaign_rulings.split(engine, store, big.id, [big.members[0]], own=False, by=people["minh"], now=now, **WHY)
    assert groups(store) == [sorted(big.members[1:]), sorted(small.members)]


def test_a_merge_names_a_campaign_or_an_advert(engine, store, crew, staff, record, now):
    people, (big, small) = staff(engine), crew
    campaign_rulings.merge(engine, store, big.id, small.members[0], by=people["minh"], now=now, **WHY)
    assert groups(store) == [sorted([*big.members, *small.members])]
    lone = record(20, text="x", title="y")
    store.put([lone])
    campaign_rulings.merge(engine, store, lone.id, big.id, by=people["lead"], now=now, **WHY)
    assert lone.id in groups(store)[0]
    with pytest.raises(DeskRefusal, match="same campaign already"):
        campaign_rulings.merge(engine, store, lone.id, big.id, by=people["lead"], now=now, **WHY)


def test_a_locked_campaign_stays_while_its_contact_goes_on(engine, store, crew, staff, record, now):
    people, (big, small) = staff(engine), crew
    with pytest.raises(DeskRefusal, match="has 4 members now, not 3"):
        campaign_rulings.lock(engine, store, big.id, size=3, by=people["minh"], now=now, **WHY)
    made = campaign_rulings.lock(engine, store, big.id, size=4, by=people["minh"], now=now, **WHY)
    new = [record(30), record(31)]
    store.put(new)
    link_new(store, [one.id for one in new])
    assert groups(store) == [sorted(big.members), *sorted([sorted(small.members), sorted(one.id for one in new)])]
    for act in (
        lambda: campaign_rulings.split(engine, store, big.id, big.members[:1], own=True, by=people["lead"], now=now, **WHY),
        lambda: campaign_rulings.merge(engine, store, small.id, big.id, by=people["lead"], now=now, **WHY),
    ):
        with pytest.raises(DeskRefusal, match=r"ruling 1 by minh .* locked this campaign; undo it first"):
            act()
    campaign_rulings.undo(engine, store, made.id, by=people["lead"], now=now)
    assert len(groups(store)[0]) == 6


def test_what_was_split_is_not_merged_over_somebodys_head(engine, store, crew, staff, now):
    people, (big, _) = staff(engine), crew
    campaign_rulings.split(engine, store, big.id, big.members[2:], own=True, by=people["minh"], now=now, **WHY)
    with pytest.raises(DeskRefusal, match="keeps some of these apart; undo it first"):
        campaign_rulings.merge(engine, store, big.members[0], big.members[3], by=people["lead"], now=now, **WHY)


def test_a_contact_can_be_told_to_link_nobody(engine, store, crew, staff, now):
    people, (big, small) = staff(engine), crew
    made = campaign_rulings.unlink(engine, store, small.id, "line:other_crew_demo", by=people["minh"], now=now, **WHY)
    assert groups(store) == [sorted(big.members)]
    assert store.rules().hubs == {"other_crew_demo"}
    campaign_rulings.undo(engine, store, made.id, by=people["minh"], now=now)
    assert "contact" in {edge.kind for edge in store.campaign(small.id).campaign.links}
    with pytest.raises(DeskRefusal, match="nobody uses"):
        campaign_rulings.unlink(engine, store, big.id, "telegram:nobody_here", by=people["minh"], now=now, **WHY)


@pytest.mark.parametrize(("act", "says"), [
    (lambda e, s, c, by, now: campaign_rulings.split(e, s, c.id, [], own=True, by=by, now=now, **WHY), "choose adverts"),
    (lambda e, s, c, by, now: campaign_rulings.split(e, s, c.id, ["no"], own=True, by=by, now=now, **WHY), "choose adverts"),
    (
        lambda e, s, c, by, now: campaign_rulings.split(e, s, c.id, c.members, own=True, by=by, now=now, **WHY),
        "the whole campaign",
    ),
    (lambda e, s, c, by, now: campaign_rulings.split(e, s, c.id, c.members[:1], own=True, by=by, now=now, why=" "), "say why"),
    (lambda e, s, c, by, now: campaign_rulings.lock(e, s, "c-nothing", size=1, by=by, now=now, **WHY), "no campaign or advert"),
    (lambda e, s, c, by, now: campaign_rulings.undo(e, s, 7, by=by, now=now), "no ruling 7"),
])  # fmt: skip
def test_what_cannot_be_done_says_what_to_do(engine, store, crew, staff, now, act, says):
    people = staff(engine)
    with pytest.raises(DeskRefusal, match=says):
        act(engine, store, crew[0], people["minh"], now)
    assert standing(engine) == []


def test_viewers_rule_nothing_and_analysts_undo_only_their_own(engine, store, crew, staff, now):
    people, (big, _) = staff(engine), crew
    with pytest.raises(DeskRefusal, match="decides nothing"):
        campaign_rulings.lock(engine, store, big.id, size=4, by=people["viewer"], now=now, **WHY)
    made = campaign_rulings.lock(engine, store, big.id, size=4, by=people["minh"], now=now, **WHY)
    with pytest.raises(DeskRefusal, match="minh ruled this; ask them or a lead"):
        campaign_rulings.undo(engine, store, made.id, by=people["analyst"], now=now)
    campaign_rulings.undo(engine, store, made.id, by=people["lead"], now=now)
    with pytest.raises(DeskRefusal, match="lead undid this already"):
        campaign_rulings.undo(engine, store, made.id, by=people["minh"], now=now)


def test_somebody_at_risk_is_put_into_no_campaign(engine, store, crew, staff, record, now):
    people = staff(engine)
    victim = record(40, text="I was held there", stance="testimony", flagged=False, score=0, tag="none")
    store.put([victim])
    with pytest.raises(DeskRefusal, match="at risk"):
        campaign_rulings.merge(engine, store, crew[0].id, victim.id, by=people["minh"], now=now, **WHY)


def test_rulings_cannot_be_changed_or_deleted(engine, store, crew, staff, now):
    campaign_rulings.lock(engine, store, crew[0].id, size=4, by=staff(engine)["minh"], now=now, **WHY)
    for statement in ("UPDATE rulings SET note = 'x'", "DELETE FROM rulings"):
        with pytest.raises((IntegrityError, DBAPIError), match="append-only"), writing(engine) as connection:
            connection.execute(text(statement))


def test_a_ruling_whose_linking_died_is_completed_and_a_lost_index_gets_all_again(
    engine, store, crew, staff, now, monkeypatch, tmp_path, record
):
    people, (big, _) = staff(engine), crew
    with monkeypatch.context() as patch:
        patch.setattr(campaign_rulings, "link_new", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            campaign_rulings.split(engine, store, big.id, big.members[2:], own=True, by=people["minh"], now=now, **WHY)
    assert groups(store)[0] == sorted(big.members)
    assert campaign_rulings.settle(engine, store, now).changed > 0
    assert campaign_rulings.settle(engine, store, now) is None
    assert [len(one) for one in groups(store)] == [2, 2, 2]
    fresh = SqliteStore(tmp_path / "fresh.sqlite")
    fresh.put(store.get_many(big.members).values())
    link_all(fresh)
    assert [len(one) for one in groups(fresh)] == [4]
    campaign_rulings.settle(engine, fresh, now)
    assert [len(one) for one in groups(fresh)] == [2, 2]
    assert fresh.rules() == store.rules() != Rules()
    assert campaign_id(big.members[0]) in {one.campaign.id for one in fresh.campaigns()}
    fresh.close()


def test_on_elasticsearch_too(elasticsearch_url, desk_db, staff, record, now):
    name = f"lurewatch-test-{uuid.uuid4().hex[:10]}"
    store = ElasticStore(elasticsearch_url, name)
    try:
        store.put([record(number, first_seen=now - timedelta(hours=9 - number)) for number in range(4)])
        link_all(store)
        (whole,) = (one.campaign for one in store.campaigns())
        minh = staff(desk_db)["minh"]
        made = campaign_rulings.split(desk_db, store, whole.id, whole.members[2:], own=True, by=minh, now=now, **WHY)
        assert [len(found) for found in groups(store)] == [2, 2]
        assert [one.id for one in dossier(store, whole.id).members] == list(whole.members[:2])
        store.put([replace(record(7), first_seen=now)])
        link_new(store, [record(7).id])
        assert dossier(store, whole.id).campaign.members == (*whole.members[:2], record(7).id)
        campaign_rulings.undo(desk_db, store, made.id, by=minh, now=now)
        assert [len(found) for found in groups(store)] == [5]
        assert len(pivot(store, "t.me/Bright_HR_demo").records) == 5
    finally:
        store.close()
        es = client(elasticsearch_url)
        for index in es.indices.get(index=f"{name}-*"):
            es.indices.delete(index=index)
        es.close()
