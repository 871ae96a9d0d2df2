"""Where a local number may be from: what the source is for and what the text speaks for, never one country by guess."""

from enrichment.assessment import Language
from enrichment.contacts.countries import LANGUAGE_COUNTRIES, grouped_at_home, looks_at_home, nations, only_home


def spoken(code: str, script: str = "Latn") -> Language:
    """Return a language told with confidence."""
    return Language(code=code, script=script, confidence=1.0)


def test_a_source_for_one_country_comes_first_and_the_language_after_it() -> None:
    """The likeliest first."""
    order = nations(("TH",), spoken("vi"), "tuyen nhan vien").order
    assert order[0] == "TH"
    assert "VN" in order
    assert len(order) == len({*order})


def test_of_a_source_for_several_countries_what_the_text_speaks_for_comes_first() -> None:
    """None of them is likelier by itself."""
    assert nations(("TH", "KH", "VN"), spoken("vi"), "tuyen nhan vien").order[0] == "VN"


def test_a_language_nobody_told_and_no_source_give_no_country() -> None:
    """Rather than a guess."""
    assert nations((), spoken("und", "Zyyy"), "").order == ()
    assert nations((), spoken("und", "Zyyy"), "\u202e\u0000 12345").home == ""


def test_groups_of_digits_tell_a_country_only_where_hardly_anybody_else_writes_so() -> None:
    """And never against what the likeliest country writes as well."""
    assert only_home("5000001234", (5, 5), "IN") == ""
    assert only_home("5000001234", (4, 6), "VN") == ""
    assert not grouped_at_home("5000000000", (5, 5), "VN")
    assert not looks_at_home("12", "VN")
    assert not looks_at_home("0900000000", None)


def test_countries_of_languages_are_iso_codes() -> None:
    """Two capital letters, none twice for a language."""
    for code, countries in LANGUAGE_COUNTRIES.items():
        assert all(len(country) == 2 and country.isupper() for country in countries), code
        assert len(set(countries)) == len(countries), code
