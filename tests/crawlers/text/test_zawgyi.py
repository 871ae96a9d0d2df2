"""Zawgyi is told from Unicode Burmese and turned into it; everything else is left alone."""

import pytest

from crawlers.text import zawgyi

PAIRS = [
    ("ကၽြန္ေတာ္တို႔", "ကျွန်တော်တို့"), ("ႏိုင္ငံျခား", "နိုင်ငံခြား"), ("အလုပ္သမား လိုသည္", "အလုပ်သမား လိုသည်"), ("စကၠန္႔", "စက္ကန့်"), ("တနဂၤေႏြ", "တနင်္ဂနွေ"),
    ("ကုမၸဏီ", "ကုမ္ပဏီ"), ("ျပႆနာ", "ပြဿနာ"), ("ေျပာသည္မွာ", "ပြောသည်မှာ"), ("လစဥ္", "လစဉ်"), ("ဝန္ႀကီး", "ဝန်ကြီး"),
    ("သူ႔ဖုန္း ၀၉၄၅၀၀၀၀၀၀", "သူ့ဖုန်း ၀၉၄၅၀၀၀၀၀၀"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), PAIRS)
def test_zawgyi_becomes_unicode(written: str, meant: str) -> None:
    assert zawgyi.is_zawgyi(written) > 0.5
    assert zawgyi.to_unicode(written) == meant


@pytest.mark.parametrize("text", [*(meant for _, meant in PAIRS), "plain English", "ไทย", "", "အပ်ချုပ်ဝန်ထမ်း (မဲဆောက်၊ ကတ်ရှိ)"])
def test_what_is_unicode_stays_as_it_is(text: str) -> None:
    assert zawgyi.is_zawgyi(text) <= 0.5
    assert zawgyi.to_unicode(text) == text


def test_real_zawgyi_is_told_from_real_burmese(shared_data) -> None:
    rows = [line.split("\t") for line in (shared_data / "langid-dev.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    burmese = [(row[1], row[2]) for row in rows if row[0] == "my"]
    zawgyi_rows = [text for text, stratum in burmese if "zawgyi" in stratum]
    assert len(zawgyi_rows) >= 30
    assert all(zawgyi.is_zawgyi(text) > 0.5 for text in zawgyi_rows)
    # one post of the social stratum is in fact written in Zawgyi
    assert sum(zawgyi.is_zawgyi(text) > 0.5 for text, stratum in burmese if "zawgyi" not in stratum) <= 1
