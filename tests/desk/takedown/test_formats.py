"""Every list is accepted by validators nobody here wrote; no cell is a formula; defects are refused before sending."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
import xarf

from crawlers.items import Capture
from desk.takedown import repository
from desk.takedown.formats import json_file, xarf_file
from index import export
from index.export import csv_lines

ROOT = Path(__file__).resolve().parents[3]
FORMULAS = (
    "=1+1", '=HYPERLINK("http://evil.example","x")', "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "\n=1+1", "\x00=1+1",
    "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", " =1+1", "\u00a0=1+1", "\u200b=1+1", "=cmd|'/c calc'!A0", "'=1+1", "\ufeff=1+1",
    "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip


@pytest.fixture
def listed(desk_db, store, people, kept, confirm, build):
    """Return a function that confirms records and returns the files of their list."""

    def do(*records, **fields):
        store.put(records)
        confirm(*records, by=people["minh"], **fields)
        (made, *_), _ = build()
        with desk_db.connect() as connection:
            return repository.files(connection, made.list_id)

    return do


def formats(schema: object) -> set[str]:
    """Return the formats that a schema names, wherever."""
    if isinstance(schema, list):
        return set().union(*map(formats, schema))
    if not isinstance(schema, dict):
        return set()
    named = {schema["format"]} if isinstance(schema.get("format"), str) else set()
    return named.union(*map(formats, schema.values()))


def test_every_format_in_a_schema_is_checked():
    """The library passes over a format whose checker is not installed."""
    broken = {
        "date": "x", "date-time": "2026-03-01", "email": "x", "hostname": "a b", "ipv4": "x", "ipv6": "x", "uri": "a b",
        "uuid": "x",
    }  # fmt: skip
    ours = json.loads(json_file.SCHEMA.read_text())
    theirs = [json.loads(path.read_text()) for path in Path(xarf.__file__).parent.glob("schemas/**/*.json")]
    assert formats([ours, *theirs]) == set(broken)
    for name, value in broken.items():
        assert not jsonschema.FormatChecker().conforms(value, name), name


def test_no_process_builds_a_grammar_when_it_starts():
    """jsonschema imports what its extra brings, and Airflow imports jsonschema: rfc3987-syntax cost each process 2 s."""
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "\nrfc3987-syntax==" not in path.read_text(), path


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula_and_every_value_can_be_read_back(formula):
    cell = export.cell(formula)
    assert cell[0] == "'"
    assert export.value(cell) == formula


@pytest.mark.parametrize("plain", ["", "Tuyển gấp", "https://board.example.org/jobs/1", "a=b", "1-2", "x@y.example.org"])
def test_ordinary_values_stay_as_they_are(plain):
    assert export.cell(plain) == plain


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_exported_search_holds_no_formula_that_a_list_would_not(formula, record, now):
    """One guard for both."""
    content = b"".join(csv_lines([record(1, title=formula)], formula, now)).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(content, newline="")))
    assert row["title"][0] == row["query"][0] == "'"
    assert row["title"] == row["query"] == export.cell(formula.replace("\0", ""))


def test_formulas_in_every_field_of_a_real_list_are_dead(kept, listed):
    for number, formula in enumerate(FORMULAS):
        contents = listed(
            kept(number, title=formula, text=f"{formula} passport kept", author=formula, native_id=formula), note=formula
        )
        for row in csv.reader(io.StringIO(contents["list.csv"].decode("utf-8-sig"))):
            for cell in row:
                assert cell.lstrip(" \u00a0\u200b\ufeff")[:1] not in tuple("=+-@\t\r\n\x00＝＋－＠"), (formula, cell)


def defects(document):
    """Yield (name, broken copy) of a good list."""

    def broken(name, change):
        copy = json.loads(json.dumps(document))
        change(copy)
        return name, copy

    entry = document["entries"][0]
    for field in sorted(entry):
        yield broken(f"no {field}", lambda d, field=field: d["entries"][0].pop(field))
    for field in sorted(document):
        yield broken(f"no {field}", lambda d, field=field: d.pop(field))
    for name, value in {
        "url": "https://board.example.org/",
        "kind": "none",
        "severity": "huge",
        "explanation": "bad",
        "good_faith": "",
        "language": "EN1",
        "first_seen": "yesterday",
        "notice_id": "1",
        "change": "maybe",
        "notifier": {"name": "", "email": "a@b.c"},
    }.items():
        yield broken(f"bad {name}", lambda d, name=name, value=value: d["entries"][0].__setitem__(name, value))
    yield broken("root address", lambda d: d["entries"][0].__setitem__("url", "https://board.example.org"))
    yield broken("unknown field", lambda d: d["entries"][0].__setitem__("victim", "x"))
    yield broken("short digest", lambda d: d["entries"][0]["evidence"].__setitem__("sha256", "ab"))
    yield broken("no entries", lambda d: d.__setitem__("entries", []))
    yield broken("number zero", lambda d: d.__setitem__("number", 0))


def test_forty_and_more_defects_are_refused_by_the_published_schema(kept, listed):
    document = json.loads(listed(kept(1, author="hr", native_id="1", campaign="c1"))["list.json"])
    validator = json_file.validator()
    assert validator.is_valid(document)
    tried = list(defects(document))
    assert len(tried) >= 40
    assert [name for name, broken in tried if validator.is_valid(broken)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"confidence": 0.85}, {"fraud_type": "job"}, {"url": None}, {"reporter": {}}, {"xarf_version": "3"}, {"category": "spam"},
        {"evidence": [{"payload": "x"}]}, {"tags": ["no namespace"]}, {"timestamp": None},
    ],
)  # fmt: skip
def test_what_the_xarf_library_waves_through_or_refuses_is_refused_here(kept, listed, change):
    report = json.loads(listed(kept(1))["reports.xarf.jsonl"])
    xarf_file.check(report)
    with pytest.raises(xarf_file.NotXarf):
        xarf_file.check({name: value for name, value in (report | change).items() if value is not None})


def test_kidney_offers_are_not_called_employment(kept, listed):
    files = listed(kept(1, tag="organ_trade"), tag="organ_trade")
    report = json.loads(files["reports.xarf.jsonl"])
    assert report["fraud_type"] == "other"
    (entry,) = json.loads(files["list.json"])["entries"]
    assert f"notice:{entry['notice_id']}" in report["tags"], "answers name the notice"
    evidence = entry["evidence"]
    assert evidence["sha256"] in report["evidence"][0]["description"], "the page, not the excerpt"
    (row,) = csv.DictReader(files["list.csv"].decode("utf-8-sig").splitlines())
    assert (row["captured_at"], row["evidence_sha256"]) == (evidence["captured_at"] or "", evidence["sha256"])


def test_the_shipped_receivers_are_well_formed(seeds):
    from desk.platforms import load_platforms

    shipped = load_platforms(seeds)
    assert all(one.note for one in shipped.platforms.values() if not one.enabled)
    assert {key for key, one in shipped.platforms.items() if one.enabled} == {"sample_boards", "sample_channels"}
    tags = {tag for clause in shipped.clauses.values() for tag in clause.tags}
    assert tags == {"scam_compound", "organ_trade", "surrogacy_or_egg", "marriage_broker", "money_scam"}
    assert shipped.platforms["telegram"].refusal("https://t.me/some_channel/12") is None
    for root in ("https://t.me/some_channel", "https://t.me/", "https://t.me/s/some_channel"):
        assert shipped.platforms["telegram"].refusal(root)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("unknown: 1", r"platforms\.yml:\d+: .*unknown"),
        ("platforms: {x: {title: X, enabled: true, item: '^https://x\\.example/\\d+$', formats: [csv]}}", "contact"),
        ("platforms: {x: {title: X, enabled: false, item: '[', formats: [csv]}}", "pattern"),
        (
            "platforms: {x: {title: X, enabled: false, item: '^https://x\\.example/\\d+$', formats: [xarf]}}",
            "XARF cannot take a notice back",
        ),
        (
            "platforms: {x: {title: X, enabled: false, item: '^https://x\\.example/\\d+$', formats: [csv], rules: {nothing: y}}}",
            "no clause nothing",
        ),
    ],
)
def test_a_bad_receivers_file_is_refused_with_the_reason(tmp_path, line, words):
    from desk.platforms import load_platforms
    from foundation.crawl_errors import SourceError

    rest = "" if line.startswith("platforms") else "platforms: {}\n"
    (tmp_path / "platforms.yml").write_text(f"clauses: {{a: {{title: A, law: B, means: C}}}}\n{rest}{line}\n")
    with pytest.raises(SourceError, match=words):
        load_platforms(tmp_path)


def test_capture_is_what_the_evidence_names(kept, listed):
    capture = Capture(record_id="<urn:uuid:00000000-0000-4000-8000-000000000009>", sha256="cd" * 32)
    entry = json.loads(listed(kept(1, capture=capture))["list.json"])["entries"][0]
    assert (entry["evidence"]["sha256"], entry["evidence"]["warc_record_id"]) == (capture.sha256, capture.record_id)
