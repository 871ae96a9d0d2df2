"""Every YAML file that an operator or a stranger hands in is read within limits, by every reader, with a line and a fix."""

from datetime import date

import pytest

from crawlers.sources.source import load_source
from desk.platforms import load_platforms
from enrichment.facts.places import Gazetteer, GazetteerError
from enrichment.lexicon.lexicon import LexiconError, lexicon
from foundation import yaml_limits
from foundation.crawl_errors import SourceError
from foundation.yaml_limits import YamlRefused, compose_limited, line_of, read_limited, values_of


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
    "a control character": ("a: \x07\n", "1: holds the control character U.0007; remove it"),
    "a line break in a title": (
        'a: b\ntitle: "Board\\nof Viet Nam"\n',
        "2: title: holds a line break, and is one line of plain text",
    ),
    "a block as title": ("a: b\ntitle: |\n  Board\n  of Viet Nam\n", "2: title: holds a line break"),
    "a line break deep inside": ('a:\n- b: {c: [x, "y\\rz"]}\n', "2: c: holds a line break"),
    "a line break in a key": ('? "a\\nb"\n: c\n', "1: a key: holds a line break"),
    "a tab in a value": ('a: "b\\tc"\n', "1: a: holds a tab"),
    "a null in a note": ('note: "b\\0c"\n', "1: note: holds the control character U.0000"),
    "a carriage return in a note": ('note: "b\\rc"\n', "1: note: holds a line break"),
    "an escape sequence": ('a: "\\e[31mred"\n', "1: a: holds the control character U.001B"),
    "a C1 character": ('a: "b\\x9bc"\n', "1: a: holds the control character U.009B"),
    "a next line": ("a: b\n\nb: c\x85d\n", "3: holds the control character U.0085"),
    "a line separator": ("a: b\u2028c\n", "1: holds the control character U.2028 .LINE SEPARATOR."),
    "a paragraph separator, escaped": ('note: "b\\u2029c"\n', "1: note: holds the control character U.2029"),
    "an override": ("a: b\nb: \u202egpj.exe\n", "2: holds the control character U.202E .RIGHT-TO-LEFT OVERRIDE."),
    "an escaped isolate": ('a: "\\u2066b"\n', "1: a: holds the control character U.2066"),
    "a mark in a comment": ("a: b\n# \u202e evil\n", "2: holds the control character U.202E"),
    "a tab for a blank": ("a:\n\t- b\n", "2: not YAML: "),
    "a mark in the middle": ("a: b\nc: d: e\n", "2: not YAML: "),
    "a tag": ("a: b\nc: !!timestamp x\n", "2: c: the tag tag:yaml.org,2002:timestamp is not read"),
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
            read_limited(tmp_path / "x.yml")
    assert seen[0] == seen[1]
    assert seen[2] == seen[3]
    assert seen[4] == seen[5]


@pytest.mark.parametrize("text", [
    "\ufeffa: &unused b\nc: 'đ'\n", "note: |\n  first\n  second\nsummary: >\n  a\n\n  b\n",
    "rules:\n- pattern: |-\n    a\n    |b\n  catches: ['می\u200cخواهم', \"a\\nb\"]\n", "# a comment\r\na: b\r\n", "a: b\n  c\n",
])  # fmt: skip
def test_what_is_within_the_limits_is_read_as_it_stands(tmp_path, text):
    (tmp_path / "x.yml").write_bytes(text.encode())
    assert read_limited(tmp_path / "x.yml") == text.removeprefix("\ufeff")


def test_values_are_those_of_yaml_1_2():
    """A step of a source says ``on:``, a schedule or a wording may look like a time; a day alone is more than text."""
    text = "on: yes\nb: [12:30, 010, 1_000, 0x1F, '5']\nc: [true, 7, -2, 1.5, 1e3, ~, 2026-01-02]\nd:\n"
    assert values_of(compose_limited(text.encode())) == {
        "on": "yes", "b": ["12:30", "010", "1_000", "0x1F", "5"], "c": [True, 7, -2, 1.5, 1000.0, None, date(2026, 1, 2)],
        "d": None,
    }  # fmt: skip
    assert values_of(compose_limited(b"# nothing\n")) is None


@pytest.mark.parametrize(
    ("text", "line"), [("a: 1\nb: {c: 2026-13-45}\n", 2), ("a: 1\n? [b]\n: c\n", 2), ("a:\n- b: 1\n  b: 2\n", 3)]
)
def test_what_cannot_be_a_value_is_named_with_its_line(text, line):
    with pytest.raises(YamlRefused) as caught:
        values_of(compose_limited(text.encode()))
    assert caught.value.line == line


def test_a_place_in_a_file_has_the_line_of_its_deepest_written_part():
    root = compose_limited(b"a:\n  b:\n  - c: 1\n  - d: 2\n")
    lines = {("a",): 1, ("a", "b"): 2, ("a", "b", 1): 4, ("a", "b", 1, "d", "e"): 4, ("a", "x"): 1, ("y",): 1, (): 1}
    assert {where: line_of(root, where) for where in lines} == lines
