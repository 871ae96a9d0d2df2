"""Places are found in any spelling and disguise; a spelling that is also something else needs its context."""

from pathlib import Path

import pytest

from enrichment.assessment import Language
from enrichment.facts.places import Gazetteer, GazetteerError
from enrichment.text.views import views

ANY = Language(code="und", script="Zyyy", confidence=0.0)


def named(gazetteer: Gazetteer, text: str) -> list[str]:
    found = gazetteer.places(views(text), ANY)
    for place in found:
        assert 0 <= place.start < place.end <= len(text)
    return [place.name for place in found]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("đi làm ở Mộc Bài, xe đón Sài Gòn", ["Moc Bai", "Ho Chi Minh City"]),
        ("di lam o moc bai", ["Moc Bai"]),
        ("đ4c khu T4m G1ác V4ng", ["Golden Triangle SEZ"]),
        ("柬 埔 寨 西 港 招人", ["Cambodia", "Sihanoukville"]),
        ("妙瓦底園區", ["Myawaddy"]),
        ("ทำงานที่ เมียว\u200bดี ข้ามแม่สอด", ["Myawaddy", "Mae Sot"]),
        ("C4mb0dia or My4nm4r", ["Cambodia", "Myanmar"]),
        ("🇰🇭 ปอยเปต", ["Cambodia", "Poipet"]),
        ("work in KK-Park or Shwekokko", ["KK Park", "Shwe Kokko"]),
        ("работа в Камбодже", ["Cambodia"]),
        ("ㅋㅂㄷㅇ 알바", ["Cambodia"]),
    ],
)
def test_a_place_is_found_in_its_disguise(gazetteer: Gazetteer, text: str, names: list[str]) -> None:
    assert named(gazetteer, text) == names


def test_an_ambiguous_spelling_is_read_by_its_context(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, "越南老街旅游") == ["Viet Nam", "Lao Cai"]
    assert "Laukkaing" in named(gazetteer, "果敢老街园区招聘")
    assert named(gazetteer, "古镇老街小吃") == []
    assert named(gazetteer, "木牌上写着菠菜三元") == []


def test_places_are_not_found_inside_words(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, "bavette laostic chinaware") == []


def test_every_spelling_finds_its_own_place(gazetteer: Gazetteer) -> None:
    from ruamel.yaml import YAML

    loaded = YAML(typ="safe").load((Path(__file__).resolve().parents[3] / "seeds" / "places.yml").read_text(encoding="utf-8"))
    for place in loaded["places"]:
        unsure = {entry["spelling"] for entry in place.get("ambiguous") or ()}
        for listed in place["spellings"].values():
            for spelling in listed:
                if spelling not in unsure:
                    found = gazetteer.places(views(f"( {spelling} )"), ANY)
                    assert found, f"{place['name']}: {spelling} is not found"
                    assert found[0].country == place["country"] or any(one.country == place["country"] for one in found), spelling


X = "places:\n  - name: X\n    country: KH\n    kind: town\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("places: []", "no list"),
        ("places:\n  - name: X\n    country: KH\n    kind: town\n", ":2: Object missing required field `spellings`"),
        ("places:\n  - name: X\n    country: KH\n    kind: village\n    spellings: {en: [Xxxx]}\n", "village"),
        ("places:\n  - name: X\n    country: KHM\n    kind: town\n    spellings: {en: [Xxxx]}\n", "ISO 3166"),
        ("places:\n  - name: X\n    country: KH\n    kind: town\n    spellings: {en: [X]}\n", "too short"),
        ("places:\n  - name: X\n    contry: KH\n", "unknown field `contry`"),
        ("places: [", "mend the YAML"),
        (f"{X}    spellings: [Xxxx]\n", ":2: Expected .* spellings: "),
        (f"{X}    spellings: {{en: Xxxx}}\n", ":2: Expected .* spellings: "),
        (f"{X}    spellings: {{en: [Xxxx]}}\n    ambiguous: [Xxxx]\n", ":2: .* ambiguous: "),
        (f"{X}    spellings: {{en: [Xxxx]}}\n    ambiguous: [{{spelling: Y}}]\n", ":2: .* ambiguous: "),
        ("places:\n  - Bavet\n", ":2: .* every place reads"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "places.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GazetteerError, match=message):
        Gazetteer(path)


def test_a_file_that_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "places.yml").write_bytes("places:\n  - name: Mộc Bài".encode("utf-16"))
    with pytest.raises(GazetteerError, match=r"places\.yml:1: not UTF-8"):
        Gazetteer(tmp_path / "places.yml")


def test_a_missing_file_says_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="LUREWATCH_SEEDS"):
        Gazetteer(tmp_path / "none.yml")
