"""The rewrites an advertiser could make: complete in every language, and each does what it says."""

from pathlib import Path

import pytest

from evaluation.attacks import ADDITIONS, COMBINED, REWRITES, Attacks, combined
from evaluation.measures import DataError
from evaluation.text_sets import carried_texts

TEXT = "Chat staff wanted abroad. Free flight and dormitory.\nWrite to @sample_hr_desk now"
SERVED = {
    "am", "ar", "bn", "en", "es", "fr", "ha", "hi", "id", "ja", "km", "ko", "lo", "ms", "my", "ne", "pt", "ru", "si", "sw", "ta",
    "th", "tl", "tr", "ur", "uz", "vi", "zh",
}  # fmt: skip


@pytest.fixture
def attacks() -> Attacks:
    """Return the library of the wordings to tune on."""
    return Attacks(carried_texts().additions())


def test_every_language_served_has_every_addition_in_both_halves(attacks: Attacks) -> None:
    """No wording stands in both halves."""
    held_out = Attacks(carried_texts().additions(held_out=True))
    assert set(attacks.languages) >= SERVED
    for code in attacks.languages:
        known, unknown = (library.lure("1", TEXT, code, ()).added for library in (attacks, held_out))
        assert set(known) == set(unknown) == {*ADDITIONS, "forwarded"}
        assert not set(known.values()) & set(unknown.values())


def test_the_language_of_a_text_is_read_without_its_script_or_second_language(attacks: Attacks) -> None:
    """As labelled files write them."""
    assert [attacks.language(code) for code in ("zh-Hant", "en/tl", "th", "xx")] == ["zh", "en", "th", None]


def test_each_rewrite_keeps_the_offer_and_does_what_it_says(attacks: Attacks) -> None:
    """Additions stand above or below, marks around the whole, noise inside."""
    start = TEXT.index("@")
    lure = attacks.lure("1", TEXT, "en", [(start, start + len("@sample_hr_desk"))])
    made = {name: rewrite(lure) for name, rewrite in REWRITES.items()}
    assert made["warning"] == [f"{TEXT}\n{lure.added['warning']}"]
    assert made["warning first"] == [f"{lure.added['warning']}\n{TEXT}"]
    assert made["quoted"] == [f"“{TEXT}”"]
    wrapped = f"{lure.added['warning']} HR Linda 2026: “{TEXT.replace('@sample_hr_desk', '')}” Telegram @example_hr88"
    assert made["quoted under a warning, contact outside"] == [wrapped]
    assert made["foreign padding"] == [f"{TEXT}\n\n{lure.foreign}"]
    assert "@sample_ hr_desk" in made["split handles"][0]
    assert "@sample_hr_desk" in made["homoglyphs"][0]
    assert made["homoglyphs"][0] != TEXT
    assert len(made["homoglyphs"][0]) == len(TEXT)
    assert made["two posts"] == ["Chat staff wanted abroad. Free flight and dormitory.", "Write to @sample_hr_desk now"]
    assert all(len(texts) == 1 and texts[0] != TEXT for name, texts in made.items() if name != "two posts")


def test_chinese_is_parted_by_emoji_and_no_handle_is(attacks: Attacks) -> None:
    """Chinese writes no spaces between words."""
    lure = attacks.lure("1", "西港高薪急招打字员包吃包住包机票 @sample_hr_desk", "zh", ())
    assert "西港高薪急招打字💰员包吃" in REWRITES["emoji"](lure)[0]
    assert "@sample_hr_desk" in REWRITES["emoji"](lure)[0]


def test_two_rewrites_stand_one_upon_the_other(attacks: Attacks) -> None:
    """Handles are still found after the first."""
    start = TEXT.index("@")
    lure = attacks.lure("1", TEXT, "en", [(start, len(TEXT) - len(" now"))])
    both = combined(lure, "split handles", "warning")[0]
    assert both.endswith(lure.added["warning"])
    assert "@sample_ hr_desk" in both
    assert "@sample_ hr_desk" in combined(lure, "homoglyphs", "split handles")[0]
    assert len({*COMBINED}) == len(COMBINED)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """With its fault."""
    broken = tmp_path / "additions.yml"
    broken.write_text("en: [1]\n", encoding="utf-8")
    with pytest.raises(DataError, match="each language has additions"):
        Attacks(broken)
