"""Every YAML file that an operator or a stranger hands in is read within limits, by every reader, with a line and a fix."""

import pytest

from crawlers.errors import SourceError
from crawlers.sources.source import load_source
from crawlers.text import yaml_limits
from crawlers.text.yaml_limits import YamlRefused, limited
from desk.platforms import load_platforms
from enrichment.facts.places import Gazetteer, GazetteerError
from enrichment.lexicon.lexicon import LexiconError, lexicon


def bomb(levels):
    """Return a text in which every level names the one before it nine times."""
    lines = ["a0: &a0 [" + ",".join("x" * 9) + "]"]
    lines += [f"a{at}: &a{at} [{','.join([f'*a{at - 1}'] * 9)}]" for at in range(1, levels)]
    return "\n".join(lines) + "\n"


HOSTILE = {
    "aliases that multiply": (bomb(9), "2: alias .a0: aliases are not read; write the value out in full"),
    "an alias that names itself": ("a: &a [*a]\n", "1: alias .a"),
    "a merge of aliases": ("a: &a {b: c}\nd:\n  <<: *a\n", "3: alias .a"),
    "brackets in brackets": ("a: " + "[" * 400 + "]" * 400, "1: more than 30 lists or mappings inside one another"),
    "lists in lists": ("".join(" " * at + "-\n" for at in range(300)), "3[01]: more than 30 lists"),
    "a file without an end": ("a: " + "x" * (5 << 20), "1: the file has more than [0-9,]+ bytes"),
    "very many keys": ("a: [" + "x," * 250_000 + "]", "1: (more than [0-9,]+ keys and values|the file has more than)"),
    "a bad escape": ('a: "\\x"\n', "1: not YAML: "),
    "a control character": ("a: \x07\n", "1: not YAML: "),
    "a tab for a blank": ("a:\n\t- b\n", "2: not YAML: "),
    "a mark in the middle": ("a: b\nc: d: e\n", "2: not YAML: "),
}


@pytest.fixture(params=["source", "platforms", "places", "lexicon"])
def read(request, tmp_path, seeds):
    """Return a function that hands a text to one reader."""

    def hand(text):
        raw = text.encode()
        if request.param == "source":
            (tmp_path / "x_board.yml").write_bytes(raw)
            load_source(tmp_path / "x_board.yml")
        elif request.param == "platforms":
            (tmp_path / "platforms.yml").write_bytes(raw)
            load_platforms(tmp_path)
        elif request.param == "places":
            (tmp_path / "places.yml").write_bytes(raw)
            Gazetteer(tmp_path / "places.yml")
        else:
            (tmp_path / "indicators.yml").write_bytes((seeds / "lures" / "indicators.yml").read_bytes())
            (tmp_path / "vi").mkdir()
            (tmp_path / "vi" / "job.yml").write_bytes(raw)
            lexicon(tmp_path)

    return hand


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_file_is_refused_with_its_line_by_every_reader(read, text):
    raw, says = HOSTILE[text]
    with pytest.raises((SourceError, GazetteerError, LexiconError), match=rf"\.yml:{says}"):
        read(raw)


SHAPES = ["", "- a\n", "? [a, b]\n: c\n", "places: 2026-13-45\n", "a: b\n---\nc: d\n", "2026-13-45: x\n", "a: " + "9" * 5000,
          "a: !!int x\n", "a: !!timestamp x\n", "a: !!set {b}\n", "!!python/name:os.system x"]  # fmt: skip


@pytest.mark.parametrize("text", SHAPES)
def test_a_file_of_another_shape_is_refused_in_words_and_never_breaks_the_reader(read, text):
    with pytest.raises((SourceError, GazetteerError, LexiconError), match=r"\.yml"):
        read(text)


def test_no_more_of_a_file_is_looked_at_than_the_limit(tmp_path, monkeypatch):
    """Counted in events of the parser: ten times the brackets or the aliases cost no more."""
    seen = []
    parse = yaml_limits.yaml.parse

    def counted(*given, **named):
        seen.append(0)
        for event in parse(*given, **named):
            seen[-1] += 1
            yield event

    monkeypatch.setattr(yaml_limits.yaml, "parse", counted)
    for text in (bomb(20), bomb(200), "a: " + "[" * 50, "a: " + "[" * 500, "- x\n" * 6000, "- x\n" * 30_000):
        (tmp_path / "x.yml").write_text(text)
        with pytest.raises(YamlRefused):
            limited(tmp_path / "x.yml")
    assert seen[0] == seen[1]
    assert seen[2] == seen[3]
    assert seen[4] == seen[5]


def test_what_is_within_the_limits_is_read_as_it_stands(tmp_path):
    (tmp_path / "x.yml").write_bytes("\ufeffa: &unused b\nc: 'đ'\n".encode())
    assert limited(tmp_path / "x.yml") == "a: &unused b\nc: 'đ'\n"
