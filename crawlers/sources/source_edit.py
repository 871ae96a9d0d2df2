"""Changing keys of a source file while its comments, order and the rest of its lines stay as the operator wrote them."""

import io
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from crawlers.sources.source import Source, load_source

_UNVERIFIED = re.compile(
    r"\A# Written from what is publicly known about the site, not from a fetch[^\n]*\n(?:# Before enabling:[^\n]*\n)?"
)
"""The remark that the shipped files carry until somebody has verified them."""
_WIDTH = 160


def edited(text: str, changes: Mapping[str, Any]) -> str:
    """Return the file ``text`` with each dotted key of ``changes`` set to its value; new keys come after the last of their block.

    A mapping as value replaces the whole block. The remark that a file was never verified goes with the key ``verified``.
    """
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.representer.ignore_aliases = lambda *_: True  # two equal days are no alias; source files have none
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
        block = CommentedMap({name: _node(inner) for name, inner in value.items()})
        block.fa.set_flow_style()
        return block
    if isinstance(value, list | tuple):
        sequence = CommentedSeq([_node(inner) for inner in value])
        sequence.fa.set_flow_style()
        return sequence
    return value


def checked_edit(path: Path, changes: Mapping[str, Any]) -> tuple[str, Source]:
    """Return the new text of the file at ``path`` and the source it loads as; raise SourceError when it would not load."""
    text = edited(path.read_text(encoding="utf-8"), changes)
    return text, draft_source(path.stem, text)


def draft_source(name: str, text: str) -> Source:
    """Return the source that a file of this name with this text would load as; raise SourceError when it would not load."""
    with TemporaryDirectory() as folder:
        draft = Path(folder) / f"{name}.yml"
        draft.write_text(text, encoding="utf-8")
        return load_source(draft)
