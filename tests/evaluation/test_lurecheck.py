"""LureCheck judges cases by functionality and language, and names each that went wrong."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from enrichment.lexicon.lexicon import lexicon
from evaluation import lurecheck
from evaluation.commands import command
from evaluation.measures import DataError, sum_rows
from evaluation.text_sets import carried_texts

BASE = "about: A lure.\nexpect: flagged\ntemplate: '{text} {contact}'\ntexts: {en: Nothing of it.}\n"


def suite(folder: Path, **files: str) -> Path:
    """Write the files of a suite."""
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def test_the_carried_pairs_hold_what_was_reached(seeds: Path, tmp_path: Path) -> None:
    """Floors for the first file; the aim is 0.97 of the pairs with both texts right."""
    pairs = (carried_texts().lurecheck / "pairs.yml").read_text(encoding="utf-8")
    results = lurecheck.report(suite(tmp_path, pairs=pairs), seeds=seeds)
    spared = {name: row[2] / row[3] for name, row in results["pairs"].items()}
    assert spared["polarity"] >= 0.95
    assert spared["role"] >= 0.94
    assert spared["address"] == 1
    assert sum(row[0] for row in results["pairs"].values()) >= 110


def test_the_carried_suite_is_whole(seeds: Path) -> None:
    """Each text stands once, in all languages, and each indicator is one of the lexicon."""
    files = lurecheck.read_suite(carried_texts().lurecheck)
    languages = files["compound_lure"].texts.keys()
    assert len(languages) == 29
    assert {name: languages ^ one.texts.keys() for name, one in files.items() if one.texts and languages ^ one.texts.keys()} == {}
    named = {indicator for one in files.values() for indicator in (*one.shows, *one.never)}
    assert named <= lexicon(seeds / "lures").indicators.keys()
    cases = list(lurecheck.make_cases(files))
    assert len({(case.language, case.text) for case in cases}) == len(cases)
    pairs = lurecheck.read_pairs(carried_texts().lurecheck)
    assert {pair.indicator for pair in pairs} <= lexicon(seeds / "lures").indicators.keys()
    assert {pair.language for pair in pairs} == languages


def test_the_carried_suite_holds_what_was_reached_in_one_language(seeds: Path) -> None:
    """A floor for English, so that the suite is run where the lexicon changes; the whole is a command."""
    results = lurecheck.report(carried_texts().lurecheck, seeds=seeds, language="en")
    right, total = sum_rows(results["languages"]["en"].values())
    assert right / total >= 0.85


def test_each_wrong_case_is_told_with_what_was_shown(seeds: Path, tmp_path: Path) -> None:
    """A lure that is not flagged, a reason that is missing and one that should not stand there."""
    told = "about: It says so.\nexpect: not_flagged\nshows: [organ]\nnever: [documents_held]\n"
    folder = suite(tmp_path, compound_lure=BASE, told=told + "texts: {en: The company keeps your passport.}\n")
    results = lurecheck.report(folder, seeds=seeds)
    assert results["functionalities"]["compound_lure"] == {"en": [0, 1]}
    lure, told_case = (one for one in results["failures"] if "," not in one["functionality"])
    assert lure["faults"] == ["not flagged"]
    assert lure["verdict"] == "not flagged"
    assert lure["text"] == f"Nothing of it. {lurecheck.CONTACT}"
    assert told_case["faults"][-2:] == ["does not show organ", "shows documents_held"]
    assert "shown: documents_held" in lurecheck.render(results, failures=True)
    assert "compound_lure" in lurecheck.render(results)


def test_a_template_holds_texts_of_other_files(tmp_path: Path) -> None:
    """A wrapper is written once per language; without texts of its own it stands in every language of the lure."""
    wrapper = "about: Quoted.\nexpect: flagged\ntemplate: '{text} “{compound_lure}”'\ntexts: {en: Beware}\n"
    doubled = "about: Twice.\nexpect: flagged\ntemplate: '{compound_lure} {compound_lure}'\n"
    files = lurecheck.read_suite(suite(tmp_path, compound_lure=BASE, wrapper=wrapper, doubled=doubled))
    texts = {case.functionality: case.text for case in lurecheck.make_cases(files)}
    assert texts["wrapper"] == "Beware “Nothing of it.”"
    assert texts["doubled"] == "Nothing of it. Nothing of it."


def test_lures_and_honest_adverts_are_disguised(tmp_path: Path) -> None:
    """The contact stays as it must be typed; what is honest stays so, with a contact of its own."""
    honest = BASE.replace("expect: flagged", "expect: not_flagged").replace("{contact}", "jobs@example.org")
    files = lurecheck.read_suite(suite(tmp_path, compound_lure=BASE, honest_advert=honest))
    cases = {case.functionality: case for case in lurecheck.make_cases(files)}
    assert cases["lure, capitals"].text == f"NOTHING OF IT. {lurecheck.CONTACT}"
    assert cases["lure, capitals"].flagged
    assert cases["honest advert, capitals"].text == "NOTHING OF IT. jobs@example.org"
    assert not cases["honest advert, capitals"].flagged


def test_each_wrong_pair_is_named(seeds: Path, tmp_path: Path) -> None:
    """With the text that was missed, or that was read into."""
    pairs = "polarity:\n  documents_held:\n    en: [Nothing of it., The company keeps your passport.]\n"
    results = lurecheck.report(suite(tmp_path, pairs=pairs), seeds=seeds)
    assert results["pairs"] == {"polarity": [0, 0, 0, 1]}
    (wrong,) = results["wrong_pairs"]
    assert (wrong["missed"], wrong["false"]) == (True, True)
    assert "pair polarity/documents_held en: missed: Nothing of it." in lurecheck.render(results, failures=True)


@pytest.mark.parametrize(
    "files",
    [
        {"pairs": "polarity: [1]"}, {"pairs": "polarity:\n  organ:\n    en: [one]"},
        {"one": "about: No verdict.\ntexts: {en: A text.}"}, {"one": "about: A slip.\nexpect: flagged\ntext: {en: A text.}"},
        {"one": "about: No such file.\nexpect: flagged\ntemplate: '{other}'\ntexts: {en: A text.}"}, {},
    ],
)  # fmt: skip
def test_a_faulty_suite_is_named(seeds: Path, tmp_path: Path, files: dict[str, str]) -> None:
    """With the file, or the folder that holds none."""
    with pytest.raises(DataError, match=f"{next(iter(files), tmp_path.name)}"):
        lurecheck.report(suite(tmp_path, **files), seeds=seeds)


def test_the_cases_are_written_for_other_detectors() -> None:
    """One JSON object a line, with what is expected."""
    ran = CliRunner().invoke(command, ["lurecheck", "--cases", "--language", "th"])
    assert ran.exit_code == 0, ran.output
    written = [msgspec.json.decode(line) for line in ran.output.splitlines()]
    cases = lurecheck.read_cases(carried_texts().lurecheck, "th")
    assert [(one["functionality"], one["text"], one["flagged"]) for one in written] == [(case[0], *case[2:4]) for case in cases]
    assert {one["flagged"] for one in written} == {True, False}


def test_a_report_is_one_json_object(seeds: Path, tmp_path: Path) -> None:
    """As `--json` writes it."""
    results = lurecheck.report(suite(tmp_path, compound_lure=BASE), seeds=seeds)
    assert msgspec.json.decode(msgspec.json.encode(results))["folder"] == str(tmp_path)
