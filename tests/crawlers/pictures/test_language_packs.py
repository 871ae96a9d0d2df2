"""Language packs follow the script and the languages of the source."""

from pathlib import Path

from crawlers.pictures.language_packs import PACKS, SCRIPT_PACKS, packs_for, scripts_of

ALL = {pack for packs in SCRIPT_PACKS.values() for pack in packs}


def test_every_served_language_has_packs_of_a_known_script():
    served = {folder.name for folder in (Path(__file__).parents[3] / "seeds" / "lures").iterdir() if folder.is_dir()}
    assert served == set(PACKS)
    assert {pack for packs in PACKS.values() for pack in packs} <= ALL


def test_the_languages_of_a_source_come_first_and_latin_stands_beside():
    assert packs_for("Latin", ["vi", "en"], ALL) == ("vie", "eng")
    assert packs_for("Thai", ["vi", "th"], ALL) == ("tha", "eng")
    assert packs_for("Han", ["zh"], ALL) == ("chi_sim", "chi_tra", "eng")


def test_a_script_nobody_expected_is_read_with_its_usual_packs():
    assert packs_for("Khmer", ["vi"], ALL) == ("khm", "eng")
    assert packs_for("Khmer", ["vi"], {"eng", "khm"}) == ("khm", "eng")
    assert packs_for("Runic", ["vi"], ALL) == ("eng",)


def test_scripts_come_in_the_order_of_the_languages():
    assert scripts_of(["th", "vi", "en", "zh"]) == ("Thai", "Latin", "Han")
    assert scripts_of(["uz"]) == ("Latin", "Cyrillic")
