"""Lists of hostile text in all scripts pass validators nobody here wrote: `LUREWATCH_TEST_LISTS=1000` runs a thousand."""

import json
import os
import re
from pathlib import Path

import jsonschema
import pytest
import xarf
from referencing import Registry, Resource
from stix2validator import ValidationOptions, validate_string

from desk.takedown.formats import csv_file, html_file, json_file, stix_file, xarf_file
from tests.desk.takedown.accusing_words import accusing_words

LISTS = int(os.environ.get("LUREWATCH_TEST_LISTS", "24"))
STRICT = ValidationOptions(strict=True, strict_types=True, version="2.1", enforce_refs=True)
CHANGES = ("new", "new", "updated", "withdrawn")


@pytest.fixture(scope="module")
def xarf_schema():
    folder = Path(xarf.__file__).parent / "schemas"
    contents = [json.loads(path.read_text()) for path in [*folder.glob("*.json"), *folder.glob("types/*.json")]]
    registry = Registry().with_resources([(each["$id"], Resource.from_contents(each)) for each in contents])
    main = json.loads((folder / "types" / "content-fraud.json").read_text())
    return jsonschema.Draft202012Validator(main, registry=registry, format_checker=jsonschema.FormatChecker())


def refusals(document, xarf_schema, list_schema):
    """Return what the validators say against a list."""
    said = [str(error.message) for error in list_schema.iter_errors(json.loads(json_file.render(document)["list.json"]))]
    for line in xarf_file.render(document).get("reports.xarf.jsonl", b"").split(b"\n"):
        if line:
            report = json.loads(line)
            said += [str(error) for error in [*xarf.parse(report).errors, *xarf_schema.iter_errors(report)]]
    result = validate_string(stix_file.render(document)["notices.stix.json"].decode(), STRICT)
    said += map(str, [*result.errors, *result.warnings])
    return said


def test_every_list_is_accepted_by_every_validator(hostile, xarf_schema):
    list_schema = jsonschema.Draft202012Validator(
        json.loads(json_file.SCHEMA.read_text()), format_checker=jsonschema.FormatChecker()
    )
    wrong = {}
    for number in range(LISTS):
        document = hostile(number, items=1 if number else 60, change=CHANGES[number % 4])
        if said := refusals(document, xarf_schema, list_schema):
            wrong[number] = said[:3]
    assert wrong == {}


def test_no_text_format_of_a_retraction_accuses(hostile):
    for number in range(3):
        document = hostile(number, items=2, change="withdrawn")
        files = {
            **csv_file.render(document), **json_file.render(document), **stix_file.render(document), **html_file.render(document),
        }  # fmt: skip
        for name, content in files.items():
            bare = re.sub(
                r"<style>.*?</style>|https?://\S+|takedown-list|Desk [^<,\"\r\n]*", "", content.decode("utf-8-sig"),
                flags=re.DOTALL,
            )  # fmt: skip
            assert accusing_words(bare) == [], name
