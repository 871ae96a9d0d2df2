"""A feed is read by pymisp; an update edits an attribute, and what is taken back deletes it."""

import hashlib
import io
import json
import zipfile

from pymisp import MISPEvent

from desk.takedown.formats import misp_file
from tests.desk.takedown.formats.conftest import follow


def feed_of(document):
    """Return the files of a feed by name, as they lie in its folder."""
    with zipfile.ZipFile(io.BytesIO(misp_file.render(document)["misp-feed.zip"])) as archive:
        return {name.removeprefix("misp-feed/"): archive.read(name).decode() for name in archive.namelist()}


def events_of(document):
    """Return what pymisp reads of a feed, and check the manifest and the hashes against it."""
    files = feed_of(document)
    events = []
    for uuid, entry in json.loads(files["manifest.json"]).items():
        event = MISPEvent(strict_validation=True)
        event.from_json(files[f"{uuid}.json"])
        assert event.uuid == uuid
        assert (entry["info"], entry["date"], entry["Orgc"]["uuid"]) == (event.info, str(event.date), event.Orgc.uuid)
        assert event.to_feed()["Event"]["info"] == event.info
        events.append(event)
    lines = files["hashes.csv"].split()
    kept = [each for event in events for each in event.attributes if not each.deleted]
    assert sorted(line.split(",")[0] for line in lines) == sorted(hashlib.md5(each.value.encode()).hexdigest() for each in kept)
    assert len(files) == len(events) + 2
    return events


def test_hostile_lists_are_read_by_pymisp(hostile):
    for number, change in enumerate(["new", "updated", "withdrawn"] * 4):
        document = hostile(number, items=6, change=change)
        (event,) = events_of(document)
        assert [each.value for each in event.attributes if each.type == "url"] == [each.body["url"] for each in document.entries]
        shown = [each for each in event.attributes if each.type != "url" and not each.deleted]
        assert len(shown) == 2 * len(document.exhibits)
        assert [tag.name for tag in event.tags] == ["tlp:amber+strict"]
        assert not any(each.to_ids for each in event.attributes)
        assert misp_file.render(document) == misp_file.render(document)


def test_an_update_edits_and_a_retraction_deletes_the_attribute_that_was_told(hostile):
    first = hostile(3)
    (told,), (updated,), (back,) = (events_of(each) for each in (first, follow(first, "updated"), follow(first, "withdrawn")))
    assert told.uuid == updated.uuid == back.uuid
    for event in (updated, back):
        assert {each.uuid for each in event.attributes} >= {each.uuid for each in told.attributes}
        assert len(event.attributes) == 6  # the address, the translation and the screenshot of each
    assert {each.deleted for each in back.attributes} == {True}
    shown = {each.uuid for each in updated.attributes if not each.deleted}
    assert first.exhibits and shown == {each.uuid for each in told.attributes}
