"""Build a platform's lists: one of confirmed items it does not hold yet and changed ones, and one that takes notices back."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
from jsonschema import ValidationError
from msgspec.structs import replace
from sqlalchemy import Connection, Engine

from desk.cases.case_decisions import Case, decided_cases
from desk.cases.comments import escalated_items
from desk.cases.reason_marks import struck_ground, without_struck
from desk.custody import audit
from desk.database import writing
from desk.list_maker import ListPlan, Notifier, PlannedEntry, WithheldItem
from desk.people.accounts import EMAIL, User
from desk.people.roles import Right
from desk.platforms import Platform, Platforms
from desk.refusals import CannotBuild, ListError
from desk.takedown import repository
from desk.takedown.exhibits import exhibit_files, exhibits_of
from desk.takedown.formats.xarf_file import NotXarf
from desk.takedown.holdings import Holdings, fallen_notices, holdings_of, stuck_retractions, unsent_equal
from desk.takedown.list_files import files_of
from desk.takedown.notice import changes, find_charge, held_back, lacking, notice, notice_id, write_moment
from desk.takedown.repository import ListEntry, TakedownList
from desk.takedown.takedown_document import FirstTold, TakedownDocument
from desk.translation.translator import Translator
from foundation.messages import Message, _, sentence_of
from index.base import Record, RecordStore

MAX_AGE = timedelta(days=7)
"""An item not seen for longer is looked at again before anybody is asked to remove it."""
UNDO = (
    "Please put back what was removed because of it, lift any measure against whoever posted it, and tell them that this was our"
    " mistake. We apologise to them and to you."
)
"""What a platform is asked to do about a notice that is taken back."""
FAULTS = (ListError, NotXarf, ValidationError)
"""What keeps one platform's list from being built, and no other's."""


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of building for one platform."""

    platform: str
    list_id: int | None = None
    """None when the platform already holds everything."""
    number: int | None = None
    new: int = 0
    updated: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    held: tuple[WithheldItem, ...] = ()
    """Confirmed items that are held back, each with the reason."""
    fault: str = ""
    """Why nothing could be built, with the fix."""


def build(
    engine: Engine, store: RecordStore, platforms: Platforms, *, routes: Mapping[str, str], notifier: Notifier, now: datetime,
    by: User | str, only: frozenset[str] = frozenset(), max_age: timedelta = MAX_AGE, translator: Translator | None = None,
) -> tuple[list[BuildReport], tuple[WithheldItem, ...]]:  # fmt: skip
    """Build the lists of each enabled platform that has something to tell; also return what belongs to no enabled platform.

    Notices are taken back on a list of their own, as ``take_back`` does.
    ``by`` is the person who builds, or the name of a service. Run twice it changes nothing: an unsent list that says the same
    stays. An approved list stays too and the next one follows it, unless it cannot leave any more: then the next one says what
    still holds of it. Raises CannotBuild when the notifier is not set, as no notice could fill DSA Art. 16(2)(c), and when the
    person may build no lists.
    """
    if isinstance(by, User) and not by.may(Right.LISTS):
        raise CannotBuild(_("the role %(role)s builds no lists; ask an analyst", role=by.role))
    _check_notifier(notifier)
    if unknown := only - set(platforms.platforms):
        raise CannotBuild(_("no platform %(unknown)s in seeds/platforms.yml", unknown=", ".join(sorted(unknown))))
    wanted = {key: platform for key, platform in platforms.platforms.items() if platform.enabled and (not only or key in only)}
    with engine.connect() as connection:
        sure = _confirmed_cases(connection)
    records = _named_records(store, platforms, sure)
    sorted_out, unroutable = _sorted_out(platforms, routes, sure, records)
    build_context = BuildContext(
        records=records, platforms=platforms, notifier=notifier, now=now, by=by, max_age=max_age, translator=translator
    )
    results: list[BuildReport] = []
    for key, platform in wanted.items():
        retraction = _report_of(engine, key, platform, None, build_context)
        results += [retraction] if retraction.withdrawn or retraction.fault else []
        results.append(_report_of(engine, key, platform, sorted_out.get(key, {}), build_context))
    return results, unroutable + stuck_retractions(engine, platforms)


def take_back(
    engine: Engine, platforms: Platforms, *, notifier: Notifier, now: datetime, by: User | str
) -> tuple[list[BuildReport], tuple[WithheldItem, ...]]:
    """Build a list for each enabled platform that holds notices nobody stands behind any more; it reads no index.

    Such a list accuses nobody and leaves by itself. Also return the notices of platforms that are not enabled.
    """
    build_context = BuildContext(records={}, platforms=platforms, notifier=notifier, now=now, by=by, max_age=MAX_AGE)
    enabled = {key: platform for key, platform in platforms.platforms.items() if platform.enabled}
    built = [_report_of(engine, key, platform, None, build_context) for key, platform in enabled.items()]
    return [each for each in built if each.withdrawn or each.fault], stuck_retractions(engine, platforms)


def plan(
    engine: Engine, store: RecordStore, platforms: Platforms, key: str, *, routes: Mapping[str, str], notifier: Notifier,
    now: datetime,
) -> ListPlan:  # fmt: skip
    """Return what ``build`` would do for one platform now, or for none ("") what no platform takes; nothing is stored."""
    with engine.connect() as connection:
        sure = _confirmed_cases(connection)
        records = _named_records(store, platforms, sure)
        sorted_out, unroutable = _sorted_out(platforms, routes, sure, records)
        result = ListPlan(homeless=unroutable + stuck_retractions(engine, platforms))
        if not key:
            return result
        context = BuildContext(
            records=records, platforms=platforms, notifier=notifier, now=now, by="plan", max_age=MAX_AGE, writes=False
        )
        try:
            _check_notifier(notifier)
            back = _draft_retraction(connection, key, platforms.platforms[key], context)
            notices = _draft_notices(connection, key, platforms.platforms[key], sorted_out.get(key, {}), context)
        except (CannotBuild, *FAULTS) as exc:
            return replace(result, fault=_fault_words(key, exc))
    return replace(
        result, entries=tuple(map(_plan_entry, notices.entries)), taken_back=tuple(map(_plan_entry, back.entries)),
        unchanged=notices.result.unchanged, left_out=notices.result.held, same=notices.result.list_id,
    )  # fmt: skip


def _confirmed_cases(connection: Connection) -> dict[str, Case]:
    return {case.item_id: case for case in decided_cases(connection) if case.state == "confirmed"}


def _named_records(store: RecordStore, platforms: Platforms, items: Iterable[str]) -> dict[str, Record]:
    """Return the records of items; one that was met at a redirect or an embed has the address that this names."""
    return {
        item: replace(record, posting=replace(record.posting, url=platforms.target(record.posting.url)))
        for item, record in store.get_many(items).items()
    }


def _plan_entry(entry: ListEntry) -> PlannedEntry:
    body = entry.body
    return PlannedEntry(
        item_id=entry.item_id, change=entry.change, title=body.get("title") or "", url=body["url"],
        explanation=body.get("explanation") or body.get("withdrawn_because") or "",
    )  # fmt: skip


class BuildContext(msgspec.Struct, frozen=True, kw_only=True):
    """The inputs of one building, the same for every platform."""

    records: dict[str, Record]
    """The confirmed items, as far as the index has them."""
    platforms: Platforms
    notifier: Notifier
    now: datetime
    by: User | str
    max_age: timedelta
    translator: Translator | None = None
    """Whose kept translations stand beside quotes; nothing is sent to it."""
    writes: bool = True
    """Whether files are written: a plan has none."""


class _Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A list before it is stored."""

    lists: tuple[tuple[int, str], ...]
    """The platform's lists and their states when it was drafted: it can be kept while they are the same."""
    result: BuildReport
    document: TakedownDocument | None
    """None when there is nothing to keep: nothing to tell, or an unsent list tells it already."""
    stale: tuple[int, ...] = ()
    """Unsent lists that it replaces, or that nothing replaces because nothing of them holds."""
    previous: int | None = None
    contents: dict[str, tuple[str, bytes]] = {}
    entries: tuple[ListEntry, ...] = ()
    """What it says, also where an unsent list says it already."""


def _sorted_out(
    platforms: Platforms, routes: Mapping[str, str], sure: dict[str, Case], records: dict[str, Record]
) -> tuple[dict[str, dict[str, Case]], tuple[WithheldItem, ...]]:
    """Return the confirmed cases of each platform, and those that have nowhere to go."""
    results: dict[str, dict[str, Case]] = {}
    unroutable = []
    for item, case in sorted(sure.items()):
        record = records.get(item)
        if record is None:
            unroutable.append(WithheldItem(item, "evidence", "it is no longer in the index"))
            continue
        key = platforms.of(record.posting.url, record.posting.source, routes)
        if key is None or not platforms.platforms[key].enabled:
            why = (
                f"{platforms.platforms[key].title} is not enabled in seeds/platforms.yml"
                if key
                else "no platform takes its address"
            )
            unroutable.append(WithheldItem(item, "platform", why))
        else:
            results.setdefault(key, {})[item] = case
    return results, tuple(unroutable)


def _report_of(
    engine: Engine, key: str, platform: Platform, sure: dict[str, Case] | None, build_context: BuildContext
) -> BuildReport:
    """Build one list of a platform; what is wrong with it is told in its report and keeps no other list from being built."""
    try:
        return _build_one(engine, key, platform, sure, build_context)
    except FAULTS as exc:
        return BuildReport(platform=key, fault=_fault_words(key, exc))


def _fault_words(key: str, exc: Exception) -> str:
    fault = sentence_of(exc)
    told = fault if isinstance(fault, Message) else fault.splitlines()[0][:500]
    return _("no list of %(platform)s can be built: %(fault)s", platform=key, fault=told)


def _build_one(
    engine: Engine, key: str, platform: Platform, sure: dict[str, Case] | None, build_context: BuildContext
) -> BuildReport:
    """Draft a platform's list and keep it; again when another process built or sent one of its lists in between.

    Without the ``sure`` cases it is the list that takes notices back.
    """
    while True:
        # Drafting reads much and must not keep analysts from deciding meanwhile; only keeping is under the lock. A decision
        # that changes in between stops the list at its approval.
        with engine.connect() as connection:
            if sure is None:
                draft = _draft_retraction(connection, key, platform, build_context)
            else:
                draft = _draft_notices(connection, key, platform, sure, build_context)
        if draft.document is None and not draft.stale:
            return draft.result
        with writing(engine) as connection:
            if _lists_of(connection, key) == draft.lists:
                repository.supersede(connection, draft.stale, by=build_context.by, now=build_context.now)
                if draft.document is None:
                    return draft.result
                list_id = repository.keep(
                    connection, platform=key, number=draft.document.number, previous=draft.previous,
                    by=build_context.by, now=build_context.now,
                    found=list(draft.document.entries), manifest_sha256=draft.contents["manifest.json"][0],
                    contents=draft.contents,
                )  # fmt: skip
                return replace(draft.result, list_id=list_id, number=draft.document.number)


def _lists_of(connection: Connection, key: str) -> tuple[tuple[int, str], ...]:
    return tuple((takedown_list.id, takedown_list.state) for takedown_list in repository.all_lists(connection, key))


def _draft_retraction(connection: Connection, key: str, platform: Platform, build_context: BuildContext) -> _Draft:
    """Draft the list that takes notices back. It waits for no list that cannot leave now: such a one is built again after it."""
    before = holdings_of(connection, key, build_context.platforms, build_context.notifier)
    fallen = fallen_notices(connection, before.known)
    told = repository.first_lists(connection, key)
    list_entries = [
        withdrawal(before.known[item], dismissed=case.state == "dismissed", first=told[item], sent_at=told[item].sent_at,
                   decision_id=case.history[-1].id, now=build_context.now)
        for item, case in sorted(fallen.items())
    ]  # fmt: skip
    if not list_entries:  # only retractions are stale then; notices are looked at when the next list of them is drafted
        stale = tuple(each.id for each in before.unsent if each.retraction)
        return _Draft(lists=_lists_of(connection, key), result=BuildReport(platform=key), document=None, stale=stale)
    result = BuildReport(platform=key, withdrawn=len(list_entries))
    return _draft(connection, key, platform, list_entries, before, result, build_context)


def _draft_notices(
    connection: Connection, key: str, platform: Platform, sure: dict[str, Case], build_context: BuildContext
) -> _Draft:
    """Draft the list of what is new or updated."""
    before = holdings_of(connection, key)
    known = before.known
    list_entries: list[ListEntry] = []
    withheld_items: list[WithheldItem] = []
    unchanged = 0
    apart = escalated_items(connection)
    for item, case in sure.items():
        entry = (
            _escalated_item(item, item in known)
            if item in apart
            else _entry(build_context.records[item], case, key, platform, build_context)
        )
        if isinstance(entry, WithheldItem):
            withheld_items.append(entry)
        elif item not in known:
            list_entries.append(entry)
        elif changed := _changes(known[item], entry, case):
            list_entries.append(replace(entry, change="updated", body=entry.body | {"changed": changed}))
        else:
            unchanged += 1
    others = set(known) - set(sure) - set(fallen_notices(connection, known))
    withheld_items += [_left_item(item, build_context.records) for item in sorted(others)]
    result = BuildReport(
        platform=key,
        new=sum(list_entry.change == "new" for list_entry in list_entries),
        updated=sum(list_entry.change == "updated" for list_entry in list_entries),
        unchanged=unchanged,
        held=tuple(withheld_items),
    )
    if not list_entries:  # a retraction that was refused is not among those that a list of notices replaces
        stale = tuple(each.id for each in before.unsent if not each.retraction)
        return _Draft(lists=_lists_of(connection, key), result=result, document=None, stale=stale)
    return _draft(connection, key, platform, list_entries, before, result, build_context)


def _draft(
    connection: Connection, key: str, platform: Platform, list_entries: list[ListEntry], before: Holdings,
    result: BuildReport, build_context: BuildContext,
) -> _Draft:  # fmt: skip
    """Return a list of these entries as it would be kept; nothing to keep where an unsent one says the same."""
    list_entries.sort(key=lambda list_entry: (list_entry.change, list_entry.item_id))
    retraction, last, lists = result.withdrawn > 0, before.last, _lists_of(connection, key)
    # notices replace no retraction: one that was refused is still to be sent
    replaced = tuple(each.id for each in before.unsent if retraction or not each.retraction)
    if (same := unsent_equal(connection, before, list_entries, platform.recipient)) is not None:
        stale = tuple(number for number in replaced if number != same.id)
        result = replace(result, list_id=same.id, number=same.number)
        return _Draft(lists=lists, result=result, document=None, stale=stale, entries=tuple(list_entries))
    if not build_context.writes:
        return _Draft(lists=lists, result=result, document=None, entries=tuple(list_entries))
    shown = exhibits_of(connection, list_entries, build_context.records, platform.language, build_context.translator)
    # a notice that nobody stands behind stands until its own retraction leaves: that may need a second person
    named = {item.item_id for item in list_entries}
    after = set(before.known) - named if retraction else set(before.known) | named
    document = TakedownDocument(
        key=key, platform=platform, number=repository.next_number(connection, key), built_at=build_context.now,
        notifier=_check_notifier(build_context.notifier),
        entries=tuple(list_entries), previous_number=last.number if last else None,
        previous_manifest=last.manifest_sha256 if last else None, audit_head=audit.head(connection),
        standing=tuple(sorted(notice_id(key, item) for item in after)),
        told=_told_before(connection, key, list_entries),
        exhibits=shown, seeds=build_context.platforms.seeds,
    )  # fmt: skip
    return _Draft(
        lists=lists, result=result, document=document, stale=replaced, previous=last.id if last else None,
        contents=files_of(document) | exhibit_files(document), entries=tuple(list_entries),
    )  # fmt: skip


def _entry(record: Record, case: Case, key: str, platform: Platform, build_context: BuildContext) -> ListEntry | WithheldItem:
    decision, record = case.in_force, without_struck(record, case.struck_reasons)
    assert decision is not None, "a confirmed case has a decision in force"
    if (withheld_item := held_back(record, decision, platform, now=build_context.now, max_age=build_context.max_age)) is not None:
        return withheld_item
    if why := build_context.platforms.incoherence(decision.tag, decision.clause, decision.note):
        return WithheldItem(record.id, "clause", f"{why}; decide again")
    charge = find_charge(record, decision, build_context.platforms)
    if isinstance(charge, WithheldItem):
        return charge
    body = notice(record, decision, charge, key=key, platform=platform, notifier=build_context.notifier)
    if missing := lacking(body):
        return WithheldItem(record.id, missing[0].split(" ")[0], f"the notice lacks {', '.join(missing)}")
    return ListEntry(item_id=record.id, change="new", decision_id=decision.id, body=body)


def _changes(before: ListEntry, after: ListEntry, case: Case) -> list[str]:
    history = {decision.id: decision for decision in case.history}
    found = changes(before.body, after.body, history.get(before.decision_id), history[after.decision_id])
    return sorted({*found, "ground"}) if struck_ground(before.body.get("grounds", ()), case.struck_reasons) else found


def _left_item(item: str, records: Mapping[str, Record]) -> WithheldItem:
    """Say why the notice of a confirmed item stays although the item cannot be read or belongs to another receiver."""
    field, why = (
        ("platform", "its address is not this platform's any more")
        if item in records
        else ("evidence", "it is no longer in the index")
    )
    return WithheldItem(item, field, f"{why}; its notice stays in force until the decision is undone")


def _escalated_item(item: str, known: bool) -> WithheldItem:
    """Say what an escalated item waits for: neither its notice nor a retraction leaves by itself."""
    then = "; its notice stands until somebody undoes the decision" if known else ""
    why = f"escalated as a possible victim's: somebody with the right to victims' items returns it, or undoes its decision{then}"
    return WithheldItem(item, "victim", why)


def _told_before(connection: Connection, key: str, list_entries: list[ListEntry]) -> dict[str, FirstTold]:
    """Return the list that told first of each entry that is not new."""
    first = repository.first_lists(connection, key)
    old = [entry.item_id for entry in list_entries if entry.change != "new"]
    return {item: FirstTold(number=first[item].number, built_at=first[item].built_at) for item in old}


def withdrawal(
    known: ListEntry,
    *,
    dismissed: bool,
    first: FirstTold | TakedownList,
    sent_at: datetime | None,
    decision_id: int,
    now: datetime,
) -> ListEntry:
    """Return the entry that takes a notice back, told since ``first`` was sent."""
    body = {
        "notice_id": known.body["notice_id"],
        "url": known.body["url"],
        "withdrawn_because": "A person looked again and took this notice back. Please treat it as never made."
        if dismissed
        else "The decision behind this notice was undone. Please treat the notice as never made.",
        "withdrawn_at": write_moment(now),
        "notice_list": first.number,
        "notice_sent_at": write_moment(sent_at) if sent_at else None,
        "requested_action": UNDO,
    }
    return ListEntry(item_id=known.item_id, change="withdrawn", decision_id=decision_id, body=body)


def _check_notifier(notifier: Notifier) -> Notifier:
    if not notifier.name.strip():
        raise CannotBuild(_("notifier name (DSA Art. 16(2)(c)) is empty; set LUREWATCH_ORGANISATION"))
    if not EMAIL.fullmatch(notifier.email):
        raise CannotBuild(_("notifier e-mail (DSA Art. 16(2)(c)) is missing or no address; set LUREWATCH_CONTACT_EMAIL"))
    return notifier
