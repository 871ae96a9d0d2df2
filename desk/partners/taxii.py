"""The read-only part of TAXII 2.1: one collection a platform, with the STIX objects of its notices.

Discovery, API root, collections, objects, one object, its versions, the manifest, with the filters of the standard. Not there, as
the collection takes nothing in: adding and deleting objects, and the status of such a request. A server library that is kept up
for production was not found.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import Connection
from stix2.utils import format_datetime, parse_into_datetime

from desk.list_maker import Notifier
from desk.partners import served
from desk.partners.door_access import Door, DoorVisit, KnownObjects, Reading
from desk.partners.served import ServedChange
from desk.takedown.formats.stix_file import SINCE, common_objects, indicator, indicator_id
from desk.takedown.takedown_document import Exhibit, FirstTold

MEDIA = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"
PAGE = 100
"""Objects in an answer: each may hold a screenshot."""
COMMON = "common."
"""Begins ``next`` among the objects that all notices refer to."""
_NEXT = re.compile(rf"{re.escape(COMMON)}[1-9]|{served.CURSOR.pattern}", re.ASCII)
_TAKES = re.compile(r"(?:\*/\*|application/\*|application/taxii\+json(?:;version=2\.1)?)(?:;q=(?:1|0\.0*[1-9]).*)?")
"""A part of ``Accept`` that takes ``MEDIA``."""
router = APIRouter(prefix="/taxii2")


class StixVersion(NamedTuple):
    """A version of an object, and since when the collection has it."""

    added: datetime
    id: str
    version: str
    """What the standard calls so: the moment it was modified."""
    following: str
    """What ``next`` is for those after it."""
    number: int = 0
    """The list that told it; none did of what all notices refer to."""
    notice_id: str = ""
    first: FirstTold | None = None


class Page(NamedTuple):
    """Versions that are answered at once, and what is said of those that follow."""

    versions: list[StixVersion]
    fields: dict[str, Any]


class ObjectFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which versions are asked for."""

    added_after: datetime | None
    ids: frozenset[str]
    types: frozenset[str]
    versions: tuple[str, ...]
    spec_versions: frozenset[str]
    limit: int
    start: str
    """Where the page before ended: what all notices refer to comes first, then changes by their cursor."""


def collection_id(platform: str) -> str:
    """Return the id of a platform's collection."""
    return str(uuid.UUID(bytes=hashlib.sha256(f"lurewatch-notices|{platform}".encode()).digest()[:16], version=4))


@router.get("/")
def discover(request: Request, visit: Reading) -> Response:
    """Say which API root there is."""
    root = f"{visit.door.public_url}/taxii2/notices/"
    fields = {"title": f"Notices of {visit.door.notifier.name}", "contact": visit.door.notifier.email, "default": root}
    return _reply(request, fields | {"api_roots": [root]})


@router.get("/notices/")
def read_root(request: Request, visit: Reading) -> Response:
    """Say what the API root speaks."""
    return _reply(request, {"title": _title(visit), "versions": [MEDIA], "max_content_length": 1 << 20})


@router.get("/notices/collections/")
def read_collections(request: Request, visit: Reading) -> Response:
    """Return the one collection that this token may read."""
    return _reply(request, {"collections": [_collection(visit)]})


@router.get("/notices/collections/{collection}/")
def read_collection(request: Request, visit: Reading, collection: str) -> Response:
    """Return the collection."""
    _check_own(visit.platform, collection)
    return _reply(request, _collection(visit))


@router.get("/notices/collections/{collection}/objects/")
def read_objects(request: Request, visit: Reading, collection: str) -> Response:
    """Return objects, in the order they were added."""
    return _envelope(request, visit, collection)


@router.get("/notices/collections/{collection}/objects/{object_id}/")
def read_object(request: Request, visit: Reading, collection: str, object_id: str) -> Response:
    """Return one object."""
    return _envelope(request, visit, collection, object_id)


@router.get("/notices/collections/{collection}/objects/{object_id}/versions/")
def read_versions(request: Request, visit: Reading, collection: str, object_id: str) -> Response:
    """Return which versions of an object there are."""
    found = _find_page(request, visit.door, visit.platform, collection, object_id, every=True)
    return _reply(request, {"versions": [each.version for each in found.versions]} | found.fields, found.versions)


@router.get("/notices/collections/{collection}/manifest/")
def read_manifest(request: Request, visit: Reading, collection: str) -> Response:
    """Return of each object id, version and the moment it was added."""
    found = _find_page(request, visit.door, visit.platform, collection)
    entries = [
        {"id": each.id, "date_added": _stamp(each.added), "version": each.version, "media_type": STIX} for each in found.versions
    ]
    return _reply(request, {"objects": entries} | found.fields, found.versions)


def _find_page(request: Request, door: Door, platform: str, collection: str, object_id: str = "", *, every: bool = False) -> Page:
    """Return the page of versions that is asked for, whether more follow, and where."""
    _check_own(platform, collection)
    asked = _filter(request, every=every)
    with door.engine.connect() as connection:
        if object_id:
            named = _notices_of(connection, door, platform, {object_id})
            if not named and all(object_id != each.id for each in common_objects(door.notifier)):
                raise HTTPException(404, "the collection has no such object")
            asked = msgspec.structs.replace(asked, ids=frozenset({object_id}))
        found = list(islice(stix_versions(connection, door, platform, asked), asked.limit + 1))
    page, more = found[: asked.limit], len(found) > asked.limit
    return Page(page, {"more": more} | ({"next": page[-1].following} if more else {}))


def stix_versions(connection: Connection, door: Door, platform: str, asked: ObjectFilter) -> Iterator[StixVersion]:
    """Yield the versions of a platform's objects that pass a filter, in the order they were added.

    What all of them refer to stands there from the beginning, in one version. The last version of each object is given where
    ``match[version]`` asks for no other.
    """
    if asked.spec_versions and "2.1" not in asked.spec_versions:
        return
    passed = int(asked.start.removeprefix(COMMON)) if asked.start.startswith(COMMON) else 9 if asked.start else 0
    for place, each in enumerate(common_objects(door.notifier), 1):
        known = StixVersion(SINCE, each.id, _version(each.get("modified", each.created)), f"{COMMON}{place}")
        if place > passed and _passes(known, asked):
            yield known
    if asked.types and "indicator" not in asked.types:
        return
    names = _notices_of(connection, door, platform, asked.ids) if asked.ids else None
    which: list[str | int] = list(asked.versions)
    which += [number for each in asked.versions for number in _told_at(connection, platform, each)]
    rows = served.versions_after(
        connection, platform, "" if asked.start.startswith(COMMON) else asked.start, 0 if asked.ids else asked.limit + 1,
        added_after=asked.added_after, names=names, which=which,
    )  # fmt: skip
    found = list(rows)
    built = served.built_moments(connection, platform, {row.first for row in found})
    for row in found:
        told = FirstTold(number=row.first, built_at=built[row.first])
        own = indicator_id(row.notice_id, told)
        if not asked.ids or own in asked.ids:
            cursor = f"{row.number}.{row.notice_id}"
            yield StixVersion(row.sent_at, own, _version(row.built_at), cursor, row.number, row.notice_id, told)


def _told_at(connection: Connection, platform: str, version: str) -> list[int]:
    """Return the lists whose objects have a version, a moment to the millisecond."""
    with suppress(ValueError, OverflowError):
        moment = _moment(version)
        return served.built_between(connection, platform, moment, moment + timedelta(milliseconds=1))
    return []


def _passes(known: StixVersion, asked: ObjectFilter) -> bool:
    """Tell whether an object of one version is asked for."""
    return (
        (asked.added_after is None or known.added > asked.added_after)
        and (not asked.ids or known.id in asked.ids)
        and (not asked.types or known.id.partition("--")[0] in asked.types)
        and bool({"all", "first", "last", known.version} & set(asked.versions))
    )


def _notices_of(connection: Connection, door: Door, platform: str, ids: Collection[str]) -> set[str]:
    """Return the notices that some objects are about. An id tells no notice: the door keeps both, and reads what came since."""
    kept = door.objects.setdefault(platform, KnownObjects())
    for row in served.versions_after(connection, platform, kept.cursor, which=("first",)):
        kept.notices[indicator_id(row.notice_id, FirstTold(number=row.first, built_at=row.built_at))] = row.notice_id
        kept.cursor = f"{row.number}.{row.notice_id}"
    return {kept.notices[each] for each in ids if each in kept.notices}


def _objects(connection: Connection, platform: str, notifier: Notifier, page: Iterable[StixVersion]) -> list[dict[str, Any]]:
    """Return the objects of a page; one whose words are damaged is left out."""
    common = {each.id: each for each in common_objects(notifier)}
    names = {each.notice_id for each in page if each.first}
    told = {(each.number, each.notice_id): each for each in served.history_of(connection, platform, names)}
    made = []
    for each in page:
        if each.first is None:
            made.append(common[each.id])
        elif (change := told.get((each.number, each.notice_id))) is not None:
            body = change.body | _shown_fields(connection, platform, change)
            made.append(indicator(change.change, body, each.first, change.built_at, notifier))
    return [json.loads(each.serialize()) for each in made]


def _shown_fields(connection: Connection, platform: str, change: ServedChange) -> dict[str, Any]:
    """Return what the mailed file shows beside a notice, so that one version of an object says one thing."""
    if change.change == "withdrawn":
        return {}
    picture, told = (served.file_of(connection, platform, change.number, change.exhibit_name(kind)) for kind in ("jpg", "json"))
    return Exhibit(picture=picture).fields | ({"translation": json.loads(told)} if told else {})


@lru_cache(1024)
def _version(moment: datetime) -> str:
    return str(format_datetime(parse_into_datetime(moment, "millisecond", "min")))


def _filter(request: Request, *, every: bool) -> ObjectFilter:
    given = request.query_params
    try:
        after = _moment(given["added_after"]) if "added_after" in given else None
        limit, start = int(given.get("limit", PAGE)), given.get("next", "")
        if limit < 1 or (start and not _NEXT.fullmatch(start)):
            raise ValueError("not a page")
    except (ValueError, OverflowError) as exc:
        raise HTTPException(400, "limit is 1 or more; next is as it was given; added_after is a moment that ends with Z") from exc
    names = {key: _values(given.get(f"match[{key}]", "")) for key in ("id", "type", "version", "spec_version")}
    return ObjectFilter(
        added_after=after, ids=frozenset(names["id"]), types=frozenset(names["type"]),
        versions=("all",) if every else names["version"] or ("last",), spec_versions=frozenset(names["spec_version"]),
        limit=min(limit, PAGE), start=start,
    )  # fmt: skip


def _moment(text: str) -> datetime:
    """Return a moment; raise ValueError for anything else, and OverflowError for one that has no year in UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment.astimezone(UTC)


def _values(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip())


def _check_own(platform: str, collection: str) -> None:
    if collection != collection_id(platform):
        raise HTTPException(404, "there is no such collection")


def _title(visit: DoorVisit) -> str:
    return f"Notices to {visit.door.titles.get(visit.platform, visit.platform)}"


def _collection(visit: DoorVisit) -> dict[str, Any]:
    fields = {"id": collection_id(visit.platform), "title": _title(visit), "can_read": True, "can_write": False}
    return fields | {"media_types": [STIX]}


def _envelope(request: Request, visit: DoorVisit, collection: str, object_id: str = "") -> Response:
    found = _find_page(request, visit.door, visit.platform, collection, object_id)
    with visit.door.engine.connect() as connection:
        objects = _objects(connection, visit.platform, visit.door.notifier, found.versions)
    return _reply(request, ({"objects": objects} if objects else {}) | found.fields, found.versions)


def _reply(request: Request, fields: dict[str, Any], page: Iterable[StixVersion] = ()) -> Response:
    accepted = (request.headers.get("accept") or "*/*").replace(" ", "").lower()
    if not any(map(_TAKES.fullmatch, accepted.split(","))):
        raise HTTPException(406, f"this answers as {MEDIA}")
    added = [each.added for each in page]
    dates = {"X-TAXII-Date-Added-First": _stamp(min(added)), "X-TAXII-Date-Added-Last": _stamp(max(added))} if added else {}
    return Response(json.dumps(fields, ensure_ascii=False), media_type=MEDIA, headers=dates)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
