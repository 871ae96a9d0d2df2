"""Bundles are accepted by the validator of OASIS, with its warnings as errors; what is taken back is revoked and says nothing."""

import json

import stix2
from stix2validator import ValidationOptions, validate_string

from desk.takedown.formats import stix_file
from desk.takedown.formats.stix_file import EXTENSION, TLP_AMBER_STRICT
from tests.desk.takedown.formats.conftest import follow

STRICT = ValidationOptions(strict=True, strict_types=True, version="2.1", enforce_refs=True)


def bundle_of(document):
    return json.loads(stix_file.render(document)["notices.stix.json"])


def indicators(bundle):
    return [each for each in bundle["objects"] if each["type"] == "indicator"]


def test_hostile_lists_are_accepted_by_the_strict_validator(hostile):
    for number, change in enumerate(["new", "updated", "withdrawn"] * 3):
        text = stix_file.render(hostile(number, items=6, change=change))["notices.stix.json"].decode()
        result = validate_string(text, STRICT)
        assert result.is_valid, "\n".join(map(str, [*result.errors, *result.warnings]))
        assert stix2.parse(text, allow_custom=False)
        assert len(indicators(json.loads(text))) == 6


def test_every_indicator_is_marked_with_tlp_2(hostile):
    bundle = bundle_of(hostile(1))
    (marking,) = [each for each in bundle["objects"] if each["type"] == "marking-definition"]
    assert (marking["id"], marking["name"], "definition" in marking) == (TLP_AMBER_STRICT, "TLP:AMBER+STRICT", False)
    assert all(each["object_marking_refs"] == [TLP_AMBER_STRICT] for each in indicators(bundle))
    assert not [name for each in bundle["objects"] for name in each if name.startswith("x_")]
    assert all(each["extensions"][EXTENSION]["grounds"] for each in indicators(bundle))


def test_an_updated_notice_keeps_its_id_and_one_taken_back_is_revoked(hostile):
    first = hostile(2)
    told, updated, back = (indicators(bundle_of(each)) for each in (first, follow(first, "updated"), follow(first, "withdrawn")))
    assert [each["id"] for each in told] == [each["id"] for each in updated] == [each["id"] for each in back]
    assert all(
        new["modified"] > old["modified"] and new["created"] == old["created"] for old, new in zip(told, updated, strict=True)
    )
    assert all(each["revoked"] for each in back)
    again = indicators(bundle_of(hostile(2, change="new").__class__(**{**_fields(first), "number": 9})))
    assert not {each["id"] for each in again} & {each["id"] for each in told}


def _fields(document):
    return {name: getattr(document, name) for name in document.__struct_fields__}
