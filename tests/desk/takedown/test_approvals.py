"""An approval binds recipient, bytes, deciders and approver; an approved list that holds is never lost and leaves by itself."""

import json

import msgspec
import pytest
from sqlalchemy import update

from desk.cases import approvals, case_decisions
from desk.custody import audit
from desk.database import writing
from desk.people import accounts
from desk.people.accounts import add_user, user
from desk.refusals import ListError
from desk.tables import list_entries, list_files, users
from desk.takedown import list_drafts, repository
from desk.takedown.takedown_document import Exhibit, SentencePair
from tests.desk.conftest import NOTIFIER
from tests.desk.takedown.conftest import states

OTHERS = {
    "sender": msgspec.structs.replace(NOTIFIER, sender="watch@evil.example"),
    "answers": msgspec.structs.replace(NOTIFIER, email="desk@evil.example"),
    "name": msgspec.structs.replace(NOTIFIER, name="Somebody else"),
}
"""What the settings may say after an approval."""


@pytest.fixture
def listed(store, people, kept, confirm, build):
    """Return a function that confirms items by number and returns the list built for the board."""

    def do(*numbers, **more):
        items = [kept(number) for number in numbers]
        store.put(items)
        confirm(*items, by=people["minh"])
        return next(made for made in build(**more)[0] if made.platform == "board")

    return do


def board(made):
    return next(one for one in made if one.platform == "board")


def found(engine, list_id):
    with engine.connect() as connection:
        return repository.one_list(connection, list_id)


def checked(engine, platforms, list_id):
    with engine.connect() as connection:
        return approvals.refusal(connection, platforms, repository.one_list(connection, list_id), NOTIFIER)


def test_an_approved_list_is_never_superseded_and_the_next_one_follows_it(desk_db, people, listed, approve, platforms, now):
    first = listed(1)
    approve(first.list_id, by=people["lead"])
    second = listed(2)
    assert states(desk_db) == {1: "approved", 2: "built"}
    assert (second.new, found(desk_db, second.list_id).previous) == (1, first.list_id)
    with desk_db.connect() as connection:
        document = json.loads(repository.files(connection, second.list_id)["list.json"])
    assert (document["previous"]["number"], len(document["standing"])) == (1, 2)
    approve(second.list_id, by=people["lead"])
    assert "leaves first" in checked(desk_db, platforms, second.list_id)
    with writing(desk_db) as connection:
        repository.mark_sent(connection, first.list_id, now, "abuse@board.example.org")
    assert checked(desk_db, platforms, second.list_id) is None


def test_an_approved_withdrawal_outlives_later_builds(desk_db, people, kept, listed, pass_on, approve, build, now):
    pass_on(listed(1).list_id)
    item = kept(1)
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    withdrawal = board(build()[0])
    assert withdrawal.withdrawn == 1
    approve(withdrawal.list_id, by=people["lead"])
    later = listed(2)
    assert (later.new, later.withdrawn, states(desk_db)) == (1, 0, {1: "sent", 2: "approved", 3: "built"})


def test_an_approved_list_with_an_undone_decision_gives_what_still_holds_to_the_next(
    desk_db, people, kept, listed, approve, build, now
):
    first = listed(1, 2)
    approve(first.list_id, by=people["lead"])
    item = kept(1)
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    second = board(build()[0])
    assert (second.new, states(desk_db)) == (1, {1: "superseded", 2: "built"})
    with desk_db.connect() as connection:
        entry = next(audit.entries(connection, subject=f"list:{first.list_id}", newest=1))
    assert (entry.action, json.loads(entry.detail)) == ("list_superseded", {"from": "approved"})


def test_a_list_of_which_nothing_holds_is_put_away(desk_db, people, kept, listed, approve, build, now):
    first = listed(1)
    approve(first.list_id, by=people["lead"])
    item = kept(1)
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    assert board(build()[0]).list_id is None
    assert states(desk_db) == {1: "superseded"}


def test_an_approval_is_noted_with_all_it_is_bound_to(desk_db, people, listed, approve):
    made = listed(1)
    approve(made.list_id, by=people["lead"])
    with desk_db.connect() as connection:
        bound = approvals.newest(connection, made.list_id)
        entry = next(audit.entries(connection, subject=f"list:{made.list_id}", newest=1))
        digests = repository.noted_digests(connection, made.list_id)
    assert (bound.by_id, bound.recipient, bound.deciders) == (
        people["lead"].id, "abuse@board.example.org", (people["minh"].id,)
    )  # fmt: skip
    assert bound.files == digests
    noted = json.loads(entry.detail)
    assert noted["builder"] == "dag:takedown_lists"
    assert (noted["recipient"], noted["files"], noted["deciders"]) == (bound.recipient, bound.files, [people["minh"].id])


def test_what_the_door_shows_of_notices_is_kept_not_mailed_and_bound(desk_db, people, listed, approve, platforms, monkeypatch):
    shown = Exhibit(picture=b"jpeg", engine="a machine", language="en", sentences=(SentencePair(original="a", words="b"),))
    monkeypatch.setattr(list_drafts, "exhibits_of", lambda _, entries, *__: {entry.item_id: shown for entry in entries})
    made = listed(1)
    approve(made.list_id, by=people["lead"])
    with desk_db.connect() as connection:
        mailed, kept = (repository.files(connection, made.list_id, shown=more) for more in (False, True))
        bound = approvals.newest(connection, made.list_id)
        (entry,) = repository.entries(connection, made.list_id)
    name = f"notices/{entry.body['notice_id']}"
    assert set(kept) - set(mailed) == {f"{name}.jpg", f"{name}.json"} < set(bound.files)
    assert json.loads(kept[f"{name}.json"])["sentences"] == [{"original": "a", "words": "b"}]
    with writing(desk_db) as connection:
        connection.execute(update(list_files).where(list_files.c.name == f"{name}.jpg").values(content=b"another"))
    assert "changed" in checked(desk_db, platforms, made.list_id)


@pytest.mark.parametrize("how", ["contact", "file", "entry", "disabled", "role"])
def test_what_is_not_as_it_was_approved_does_not_leave(desk_db, people, listed, approve, platforms, now, how):
    list_id = listed(1).list_id
    approve(list_id, by=people["lead"])
    assert checked(desk_db, platforms, list_id) is None
    receivers = platforms
    if how == "contact":
        other = platforms.platforms["board"].model_copy(update={"contact": "elsewhere@example.org"})
        receivers = platforms.model_copy(update={"platforms": platforms.platforms | {"board": other}})
    elif how in ("file", "entry"):
        with writing(desk_db) as connection:
            if how == "file":
                connection.execute(update(list_files).where(list_files.c.name == "list.csv").values(content=b"other"))
            else:
                connection.execute(update(list_entries).values(body='{"notice_id":"x","url":"y"}'))
    elif how == "disabled":
        accounts.set_disabled(desk_db, "lead", disabled=True, now=now, actor="admin")
    else:
        accounts.set_role(desk_db, "lead", "analyst", now=now, actor="admin")
    words = {
        "contact": r"approved for abuse@board\.example\.org.*elsewhere@example\.org now.*approve it again.*seeds/platforms\.yml",
        "file": "changed; build it again",
        "entry": "changed; build it again",
        "disabled": "lead approved list 1 and is disabled; somebody else approves it again: lurewatch takedown approve 1",
        "role": "may approve nothing any more as analyst",
    }
    with desk_db.connect() as connection, pytest.raises(ListError, match=words[how]):
        approvals.check(connection, receivers, repository.one_list(connection, list_id), NOTIFIER)


def test_a_list_whose_approver_was_disabled_is_approved_by_somebody_else(desk_db, people, listed, approve, platforms, now):
    list_id = listed(1).list_id
    approve(list_id, by=people["lead"])
    accounts.set_disabled(desk_db, "lead", disabled=True, now=now, actor="admin")
    assert approve(list_id, by=people["admin"]).approved_by == "admin"
    assert checked(desk_db, platforms, list_id) is None


def test_a_changed_list_is_built_again_and_not_kept(desk_db, people, listed, approve, build):
    list_id = listed(1).list_id
    approve(list_id, by=people["lead"])
    with writing(desk_db) as connection:
        connection.execute(update(list_files).where(list_files.c.name == "list.csv").values(content=b"other"))
    again = board(build()[0])
    assert (again.new, states(desk_db)) == (1, {1: "superseded", 2: "built"})


def test_a_file_changed_before_the_approval_is_not_approved(desk_db, people, listed, approve):
    list_id = listed(1).list_id
    with writing(desk_db) as connection:
        connection.execute(update(list_files).where(list_files.c.name == "list.csv").values(content=b"other"))
    with pytest.raises(ListError, match="not as it was built"):
        approve(list_id, by=people["lead"])


@pytest.mark.parametrize(
    ("email", "other"),
    [
        ("minh@example.org", "MINH@Example.ORG"), ("minh@example.org", "minh+lead@example.org"),
        ("minh.an@example.org", "m.inhan+x@example.org"), ("minh@gmail.com", "m.inh@googlemail.com"),
    ],
)  # fmt: skip
def test_one_person_with_two_accounts_is_no_second_person(
    desk_db, store, kept, confirm, build, approve, now, password, email, other
):
    first = add_user(desk_db, name="first", email=email, role="analyst", password=password, now=now)
    second = add_user(desk_db, name="second", email="second@example.org", role="lead", password=password, now=now)
    with writing(desk_db) as connection:  # as earlier releases let it be made
        connection.execute(update(users).where(users.c.id == second.id).values(email=other))
        second = user(connection, "second")
    item = kept(1)
    store.put([item])
    confirm(item, by=first)
    with pytest.raises(ListError, match="second has one mailbox with first, who decided an item"):
        approve(board(build()[0]).list_id, by=second)
    item = kept(2)
    store.put([item])
    confirm(item, by=add_user(desk_db, name="third", email="t@example.org", role="analyst", password=password, now=now))
    case_decisions.undo(desk_db, [kept(1).id], by=first, now=now, seen={kept(1).id: 1})
    with pytest.raises(ListError, match="second has one mailbox with first, who built this list"):
        approve(board(build(by=first)[0]).list_id, by=second)


def test_the_account_that_built_a_list_stands_on_it(desk_db, people, listed):
    assert found(desk_db, listed(1).list_id).built_by == "dag:takedown_lists"
    assert found(desk_db, listed(2, by=people["minh"]).list_id).built_by == "minh"
    with desk_db.connect() as connection:
        assert next(audit.entries(connection, newest=1)).actor == "minh"


def test_only_who_may_build_lists_builds_them(people, build):
    from desk.refusals import CannotBuild

    with pytest.raises(CannotBuild, match="ask an analyst"):
        build(by=people["viewer"])


def test_an_approval_is_never_changed(desk_db, people, listed, approve):
    from sqlalchemy import delete
    from sqlalchemy.exc import DatabaseError

    from desk.tables import approvals as table

    approve(listed(1).list_id, by=people["lead"])
    for change in (update(table).values(recipient="x@example.org"), delete(table)):
        with pytest.raises(DatabaseError, match="append-only"), writing(desk_db) as connection:
            connection.execute(change)


def test_a_list_an_older_release_approved_is_approved_again_and_not_lost(desk_db, people, listed, approve, platforms, now):
    """Those approvals were bound to nothing."""
    from desk.tables import lists as table

    list_id = listed(1).list_id
    with writing(desk_db) as connection:
        connection.execute(update(table).values(state="approved", approved_by=people["lead"].id, approved_at=now))
    assert "has no approval on record; a second person approves it" in checked(desk_db, platforms, list_id)
    listed(2)
    assert states(desk_db) == {1: "approved", 2: "built"}
    approve(list_id, by=people["lead"])
    assert checked(desk_db, platforms, list_id) is None


def test_the_ledger_check_compares_approvals_too(desk_db, people, listed, approve):
    from sqlalchemy import text

    from desk.custody.ledger_check import check_ledger

    approve(listed(1).list_id, by=people["lead"])
    with desk_db.connect() as connection:
        assert check_ledger(connection).faults == ()
    with writing(desk_db) as connection:
        connection.execute(text("DROP TRIGGER approvals_no_UPDATE"))
        connection.execute(text("UPDATE approvals SET recipient = 'x@example.org'"))
        faults = check_ledger(connection).faults
    assert any("approvals_no_UPDATE is missing" in fault for fault in faults)
    assert any(fault.startswith("approval 1: recipient") for fault in faults)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_list_leaves_as_who_it_was_approved_for_and_answers_go_there(
    desk_db, people, built, approve, posted, smtp, inbox, other
):
    list_id, _ = built
    approve(list_id, by=people["lead"])
    with pytest.raises(ListError, match=r"would leave as .* approves it anew"):
        posted(list_id, smtp, notifier=other)
    assert (inbox.got, states(desk_db)) == ([], {1: "approved"})
    approve(list_id, by=people["admin"], notifier=other)
    assert posted(list_id, smtp, notifier=other).sent == 1
    ((_, letter),) = inbox.got
    assert (letter["From"].addresses[0].addr_spec, letter["Reply-To"].addresses[0].addr_spec) == (other.sender, other.email)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_retraction_leaves_as_whoever_gave_the_notice(
    desk_db, people, built, approve, posted, smtp, inbox, now, platforms, other
):
    list_id, item = built
    approve(list_id, by=people["lead"])
    posted(list_id, smtp)
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    (back,), _ = list_drafts.take_back(desk_db, platforms, notifier=other, now=now, by="dag:takedown_send")
    with pytest.raises(ListError, match="would leave as"):
        posted(back.list_id, smtp, notifier=other)
    approve(back.list_id, by=people["lead"], notifier=other)
    assert (posted(back.list_id, smtp, notifier=other).sent, len(inbox.got)) == (1, 2)


def test_nobody_approves_where_the_sender_is_not_known(people, built, approve):
    with pytest.raises(ListError, match="LUREWATCH_MAIL_FROM"):
        approve(built[0], by=people["lead"], notifier=msgspec.structs.replace(NOTIFIER, sender=""))
