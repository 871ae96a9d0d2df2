"""The read-only part of TAXII 2.1: one collection a platform, with the STIX objects of its notices.

Discovery, API root, collections, objects, one object, its versions, the manifest, with the filters of the standard. Not there, as
the collection takes nothing in: adding and deleting objects, and the status of such a request. A server library that is kept up
for production was not found.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import Connection
from stix2.utils import format_datetime, parse_into_datetime

from desk.partners import served
from desk.partners.door_access import Door, DoorVisit, Reading
from desk.partners.served import ServedChange
from desk.takedown.formats.stix_file import SINCE, common_objects, indicator, indicator_id
from desk.takedown.notice import Notifier
from desk.takedown.takedown_document import Exhibit, FirstTold

MEDIA = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"
PAGE = 100
"""Objects in an answer: each may hold a screenshot."""
router = APIRouter(prefix="/taxii2")


class StixVersion(NamedTuple):
    """A version of an object, and since when the collection has it."""

    added: datetime
    id: str
    version: str
    """What the standard calls so: the moment it was modified."""
    number: int = 0
    """The list that told it; none did of what all notices refer to."""
    notice_id: str = ""
    first: FirstTold | None = None


class ObjectFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which versions are asked for."""

    added_after: datetime | None
    ids: frozenset[str]
    types: frozenset[str]
    versions: tuple[str, ...]
    spec_versions: frozenset[str]
    limit: int
    start: int


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
    return _reply(request, {"title": f"Notices to {visit.platform}", "versions": [MEDIA], "max_content_length": 1 << 20})


@router.get("/notices/collections/")
def read_collections(request: Request, visit: Reading) -> Response:
    """Return the one collection that this token may read."""
    return _reply(request, {"collections": [_collection(visit.platform)]})


@router.get("/notices/collections/{collection}/")
def read_collection(request: Request, visit: Reading, collection: str) -> Response:
    """Return the collection."""
    _check_own(visit.platform, collection)
    return _reply(request, _collection(visit.platform))


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
    page, more, start = _find_page(request, visit.door, visit.platform, collection, object_id, every=True)
    fields: dict[str, Any] = {"more": more, "versions": [each.version for each in page]}
    return _reply(request, fields | ({"next": start} if more else {}), page)


@router.get("/notices/collections/{collection}/manifest/")
def read_manifest(request: Request, visit: Reading, collection: str) -> Response:
    """Return of each object id, version and the moment it was added."""
    page, more, start = _find_page(request, visit.door, visit.platform, collection)
    entries = [{"id": each.id, "date_added": _stamp(each.added), "version": each.version, "media_type": STIX} for each in page]
    return _reply(request, {"more": more, "objects": entries} | ({"next": start} if more else {}), page)


Page = tuple[list[StixVersion], bool, str]


def _find_page(request: Request, door: Door, platform: str, collection: str, object_id: str = "", *, every: bool = False) -> Page:
    """Return the page of versions that is asked for, whether more follow, and where."""
    _check_own(platform, collection)
    asked = _filter(request, every=every)
    with door.engine.connect() as connection:
        found = stix_versions(connection, platform, door.notifier)
        versions = [each for each in found if object_id in ("", each.id)]
    if object_id and not versions:
        raise HTTPException(404, "the collection has no such object")
    chosen = list(_choose_versions(versions, asked))
    page = chosen[asked.start : asked.start + asked.limit]
    return page, len(chosen) > asked.start + asked.limit, str(asked.start + asked.limit)


def stix_versions(connection: Connection, platform: str, notifier: Notifier) -> Iterator[StixVersion]:
    """Yield every version of every object of a platform; what all of them refer to stands there from the beginning."""
    for common in common_objects(notifier):
        yield StixVersion(SINCE, common.id, _version(common.get("modified", common.created)))
    first: dict[str, FirstTold] = {}
    for row in served.told_of(connection, platform):
        if row.change == "new" or row.notice_id not in first:
            first[row.notice_id] = FirstTold(number=row.number, built_at=row.built_at)
        told = first[row.notice_id]
        yield StixVersion(row.sent_at, indicator_id(row.notice_id, told), _version(row.built_at), row.number, row.notice_id, told)


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


def _choose_versions(versions: Iterable[StixVersion], asked: ObjectFilter) -> Iterator[StixVersion]:
    """Yield the versions that pass a filter; without ``match[version]`` the last one of each object."""
    found = [
        each
        for each in versions
        if (asked.added_after is None or each.added > asked.added_after)
        and (not asked.ids or each.id in asked.ids)
        and (not asked.types or each.id.partition("--")[0] in asked.types)
        and (not asked.spec_versions or "2.1" in asked.spec_versions)
    ]
    kept = set()
    for name, group in groupby(sorted(found, key=lambda each: (each.id, each.version)), key=lambda each: each.id):
        own = [each.version for each in group]
        for wanted in asked.versions:
            kept |= {(name, version) for version in own if wanted in ("all", version)}
            kept |= {(name, own[0 if wanted == "first" else -1])} if wanted in ("first", "last") else set()
    return (each for each in found if (each.id, each.version) in kept)


def _filter(request: Request, *, every: bool) -> ObjectFilter:
    given = request.query_params
    try:
        after = datetime.fromisoformat(given["added_after"].replace("Z", "+00:00")) if "added_after" in given else None
        limit, start = int(given.get("limit", PAGE)), int(given.get("next", "0"))
    except ValueError as exc:
        raise HTTPException(400, "added_after is a moment; limit and next are numbers") from exc
    if limit < 1 or not 0 <= start < 1 << 31 or (after is not None and after.tzinfo is None):
        raise HTTPException(400, "limit is 1 or more; next is as it was given; added_after ends with Z")
    names = {key: _values(given.get(f"match[{key}]", "")) for key in ("id", "type", "version", "spec_version")}
    return ObjectFilter(
        added_after=after, ids=frozenset(names["id"]), types=frozenset(names["type"]),
        versions=("all",) if every else names["version"] or ("last",), spec_versions=frozenset(names["spec_version"]),
        limit=min(limit, PAGE), start=start,
    )  # fmt: skip


def _values(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip())


def _check_own(platform: str, collection: str) -> None:
    if collection != collection_id(platform):
        raise HTTPException(404, "there is no such collection")


def _collection(platform: str) -> dict[str, Any]:
    fields = {"id": collection_id(platform), "title": f"Notices to {platform}", "can_read": True, "can_write": False}
    return fields | {"media_types": [STIX]}


def _envelope(request: Request, visit: DoorVisit, collection: str, object_id: str = "") -> Response:
    page, more, start = _find_page(request, visit.door, visit.platform, collection, object_id)
    with visit.door.engine.connect() as connection:
        objects = _objects(connection, visit.platform, visit.door.notifier, page)
    fields: dict[str, Any] = {"more": more, "objects": objects} if page else {"more": False}
    return _reply(request, fields | ({"next": start} if more else {}), page)


def _reply(request: Request, fields: dict[str, Any], page: Iterable[StixVersion] = ()) -> Response:
    accepted = request.headers.get("accept", "*/*").replace(" ", "").lower()
    if not any(part in accepted for part in ("*/*", "application/*", "application/taxii+json")):
        raise HTTPException(406, f"this answers as {MEDIA}")
    added = [each.added for each in page]
    dates = {"X-TAXII-Date-Added-First": _stamp(min(added)), "X-TAXII-Date-Added-Last": _stamp(max(added))} if added else {}
    return Response(json.dumps(fields, ensure_ascii=False), media_type=MEDIA, headers=dates)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
