"""Changes keys of a source file and keeps its comments, its order and all other lines."""

import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from crawlers.sources.source import Source
from crawlers.sources.source_file import check_values

_UNVERIFIED = re.compile(
    r"\A# Written from what is publicly known about the site, not from a fetch[^\n]*\n(?:# Before enabling:[^\n]*\n)?"
)
"""The remark that the shipped files carry until somebody has verified them."""
_PLAIN = re.compile(
    r"(?!(?:true|false|null|yes|no|on|off|y|n)$)"
    r"(?:[A-Za-z][\w/.-]*(?: [\w/.(][\w/.()-]*)*|https?://[\w.-]+(?::\d+)?[\w./%&=?~+-]*)",
    re.I,
)
_WIDTH = 160
_WHOLE_LINES = 1 << 16
_ON_ONE_LINE = 3


def edit_text(text: str, changes: Mapping[str, Any]) -> str:
    """Return the file ``text`` with each dotted key of ``changes`` set to its value; new keys come after the last of their block.

    A mapping as value replaces the whole block. The remark that a file was never verified goes with the key ``verified``.
    """
    yaml = _dumper(_WIDTH)
    yaml.preserve_quotes = True
    if "verified" in changes:
        text = _UNVERIFIED.sub("", text)
    tree = yaml.load(text)
    for key, value in changes.items():
        *above, last = key.split(".")
        node = tree
        for name in above:
            node = node.setdefault(name, CommentedMap())
        if last not in node and last == "verified" and "enabled" in node:
            node.insert(list(node).index("enabled") + 1, last, _node(value))
        elif last in node and isinstance(value, Mapping) and isinstance(node[last], CommentedMap):
            _replace(node[last], value)
        else:
            node[last] = _node(value)
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def source_text(values: Mapping[str, Any], comments: Mapping[str, Iterable[str]]) -> str:
    """Return a whole source file that reads back as ``values``.

    ``comments``: lines to stand before a dotted key, "" for the head of the file; what would end a line is left out of them.
    """
    tree = CommentedMap()
    for key, value in values.items():
        block = isinstance(value, Mapping)
        tree[key] = CommentedMap({_key(name): _laid_out(inner) for name, inner in value.items()}) if block else _laid_out(value)
    for key, lines in comments.items():
        text = "\n".join(map(printable_line, lines))
        above, _, last = key.rpartition(".")
        if key:
            before = text if above else f"\n{text}" if text else "\n"
            (tree[above] if above else tree).yaml_set_comment_before_after_key(last, before=before, indent=2 * bool(above))
        else:
            tree.yaml_set_start_comment(text)
    out = io.StringIO()
    yaml = _dumper(_WHOLE_LINES)
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(tree, out)
    return out.getvalue()


def _dumper(width: int) -> YAML:
    yaml = YAML(typ="rt")
    yaml.width = width
    yaml.representer.ignore_aliases = lambda *_: True  # two equal days are no alias; source files have none
    return yaml


def _laid_out(value: Any) -> Any:
    """Return the value as new files write it: a mapping of more than three keys and a list of mappings on lines of their own."""
    if isinstance(value, Mapping) and len(value) > _ON_ONE_LINE:
        return CommentedMap({_key(name): _node(inner) for name, inner in value.items()})
    if isinstance(value, list | tuple) and any(isinstance(inner, Mapping) for inner in value):
        return CommentedSeq([_node(inner) for inner in value])
    return _node(value)


def printable_line(text: str) -> str:
    """Return a text as one line without control characters: YAML takes more letters for a line break than a terminal does."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _replace(block: CommentedMap, values: Mapping[str, Any]) -> None:
    """Give ``block`` exactly ``values``; comments after keys that stay are kept."""
    for name in [name for name in block if name not in values]:
        del block[name]
    for name, value in values.items():
        if block.get(name) != value:
            block[name] = _node(value)


def _node(value: Any) -> Any:
    """Return the value as the files write it: short mappings and lists on one line."""
    if isinstance(value, Mapping):
        block = CommentedMap({_key(name): _node(inner) for name, inner in value.items()})
        block.fa.set_flow_style()
        return block
    if isinstance(value, list | tuple):
        sequence = CommentedSeq([_node(inner) for inner in value])
        sequence.fa.set_flow_style()
        return sequence
    # ruamel writes some texts in brackets so that they do not read back (": a")
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not _is_plain(value) else value


def _key(name: str) -> str:
    """Return a key as files write it: ``on`` stands without quotes."""
    return name if re.fullmatch(r"[A-Za-z_]+", name) else _node(name)


def _is_plain(text: str) -> bool:
    """Tell whether every reader of YAML takes a text for itself without quotes."""
    return text.isprintable() and _PLAIN.fullmatch(text) is not None


def checked_edit(path: Path, changes: Mapping[str, Any]) -> tuple[str, Source]:
    """Return the new text of the file at ``path`` and the source it loads as; raise SourceError when it would not load."""
    text = edit_text(path.read_text(encoding="utf-8"), changes)
    return text, draft_source(path.stem, text)


def draft_source(name: str, text: str) -> Source:
    """Return the source that a file of this name with this text would load as; raise SourceError when it would not load."""
    return check_values(Path(f"{name}.yml"), Source, {"name": name}, text.encode())
