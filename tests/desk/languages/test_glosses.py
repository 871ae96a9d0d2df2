"""What reasons mean, in the reader's language; what nobody translated stays English and is marked."""

import pytest

from desk.languages.glosses import shown_gloss, translate_gloss
from desk.languages.reader_locale import ReaderLocale, reading
from enrichment.combinations import COMBINATIONS
from enrichment.lexicon.lexicon import lexicon, read_indicators
from enrichment.lexicon.matches import describe_meaning
from tests.conftest import ROOT


@pytest.mark.parametrize("language", ["vi", "fr"])
def test_whatever_a_rule_or_a_place_means_is_said_in_the_readers_language(language: str) -> None:
    """In notices, mails and pages; names of places stay, those of countries and languages are the CLDR's."""
    rules = lexicon(ROOT / "seeds/lures")
    meanings = {describe_meaning(entry, entry.indicator) for entry in rules.entries} | {"named by the analyst who confirmed it"}
    with reading(ReaderLocale(language=language)):
        assert sorted(each for each in meanings if translate_gloss(each) is None) == []
        assert "Cambodia" not in str(translate_gloss("a country to which compounds recruit is named (Cambodia)"))


def test_titles_concepts_and_combinations_are_all_translated() -> None:
    """A bounded set: whoever adds one is told by the catalogues' test."""
    titles = [each.title for each in read_indicators(ROOT / "seeds/lures/indicators.yml", [])]
    for language in ("vi", "fr"):
        with reading(ReaderLocale(language=language)):
            found = [translate_gloss(gloss) for gloss in (*titles, *(each.gloss for each in COMBINATIONS))]
        assert len(found) > 100 and None not in found and not set(found) & set(titles)


@pytest.mark.parametrize(
    ("gloss", "said"),
    [
        ("the work is elsewhere than the place named (Bavet)", "le travail est ailleurs qu’au lieu nommé (Bavet)"),
        (
            "control over people, abroad: going out is forbidden; something or somebody abroad is named",
            "contrôle des personnes, à l’étranger\u00a0: il est interdit de sortir; "
            "quelque chose ou quelqu’un à l’étranger est nommé",
        ),
        (
            "pays about 6.2 times what unskilled work ordinarily brings here or there",
            "paie environ 6,2 fois ce que rapporte d’ordinaire un travail non qualifié ici ou là-bas",
        ),
        (
            "contact @crew is that of 2 confirmed lures since 2026-11-23",
            "le contact @crew est celui de 2 leurres confirmés depuis 2026-11-23",
        ),
        ("the same text as 1 confirmed lure since 2026-11-23", "le même texte que 1 leurre confirmé depuis 2026-11-23"),
        ("contact @crew on 3 sources within two days", "le contact @crew sur 3 sources en deux jours"),
        ("3 phrases of a warning", "3 phrases d’avertissement"),
        (
            "letters are disguised: 37 spaced letters, 2 direction marks",
            "lettres déguisées\u00a0: 37 lettres espacées, 2 marques de direction",
        ),
        ("4 kinds of indicators: journey, place", "4 sortes d’indices\u00a0: voyage, lieu"),
        ("a short message, and this is its point: no contract", "un message court, dont voici le but\u00a0: pas de contrat"),
    ],
)
def test_what_enrichment_composes_is_translated_part_by_part(gloss: str, said: str) -> None:
    """Records keep the English of their day."""
    assert translate_gloss(gloss) == gloss
    with reading(ReaderLocale(language="fr")):
        assert translate_gloss(gloss) == said


@pytest.mark.parametrize("gloss", ["a slang word of <b>one</b> crew", "no contract: and something new", "no such title (Bavet)"])
def test_what_is_not_translated_wholly_is_marked_as_english(gloss: str) -> None:
    """So that a screen reader says it as English; half a sentence of each would help nobody."""
    with reading(ReaderLocale(language="vi")):
        assert translate_gloss(gloss) is None
        shown = str(shown_gloss(gloss))
    assert shown.startswith('<span lang="en">') and "<b>" not in shown
    assert str(shown_gloss(gloss)) == gloss
