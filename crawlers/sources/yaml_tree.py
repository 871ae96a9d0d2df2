"""Reads a YAML file as a tree whose keys know their lines. It is a module of its own because ruamel.yaml loads slowly and
known files do not need it."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from crawlers.crawl_errors import SourceError


def tree_of(path: Path, text: str) -> CommentedMap:
    """Return the file's mapping, which knows its lines; raise SourceError where it is no YAML or none of keys and values."""
    try:
        tree = YAML(typ="rt").load(text)
    except DuplicateKeyError as exc:
        twice = re.search(r'duplicate key "([^"]*)"', str(exc.problem))
        raise SourceError(f"{path}:{_line(exc)}: {twice[1] if twice else 'a key'}: written twice; remove one") from exc
    except MarkedYAMLError as exc:
        raise SourceError(f"{path}:{_line(exc)}: not YAML: {exc.problem or exc.context}; mend the line") from exc
    except YAMLError as exc:
        raise SourceError(f"{path}:1: not YAML: {' '.join(str(exc).split())}; mend the file") from exc
    except ValueError as exc:  # a date or number that cannot be one: 2026-13-45
        raise SourceError(f"{path}:1: not YAML: {exc}; put the value into quotation marks or correct it") from exc
    if not isinstance(tree, CommentedMap):
        raise SourceError(f"{path}:1: the file must be a list of `key: value` lines; see docs/sources.md")
    return tree


def plain_tree(node: Any) -> Any:
    """Return the tree without ruamel's own classes, so that pydantic sees ordinary values."""
    if isinstance(node, CommentedMap):
        return {key: plain_tree(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [plain_tree(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def line_of(tree: Any, where: tuple[str | int, ...]) -> int:
    """Return the line (from 1) of the deepest part of ``where`` that is written in the file."""
    line, node = 0, tree
    for step in where:
        if isinstance(node, CommentedMap) and step in node:
            line = node.lc.key(step)[0]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            line = node.lc.item(step)[0]
        else:
            break
        node = node[step]
    return line + 1


def _line(exc: MarkedYAMLError) -> int:
    mark = exc.problem_mark or exc.context_mark
    return int(mark.line) + 1 if mark else 1
