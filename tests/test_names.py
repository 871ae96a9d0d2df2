"""Names say what they are, and docstrings and pages name only what exists."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.test_tree import ROOT, STAGES, tracked


def words_of(text: str) -> set[str]:
    """Return the words of a list that is written as a text."""
    return set(re.findall(r"[\w.]+", text))


PARTICIPLES = words_of(
    "told shown given held asked sought begun found made kept seen sent said written taken drawn heard known meant built "
    "hidden spoken left lost chosen lent met won bound born broken brought bought caught come done driven fallen felt gone "
    "got grown laid led lain paid risen sold stood stolen struck swept sworn taught thought thrown understood woken worn"
)
"""Irregular ones; the regular end in ``ed``."""
VERBS = words_of("speed need seed feed embed shed proceed exceed bed")
"""Words in ``ed`` that are no participles."""
LOOSE = words_of(
    "below beyond near far own whole best gravest fresh due standing further plain fit rest one other others both each like "
    "such same again ahead behind apart alone here there words ways things what why where whence alike lone beside"
)
"""Prepositions, adjectives and words that stand for others."""
MOST = 30
"""Functions that may be named so: where the word is the field's own term."""


def is_riddle(name: str) -> bool:
    """Tell whether a function's name is a bare participle, or begins with or is a loose word."""
    word = name.strip("_")
    if "_" not in word and word not in VERBS:
        return word in PARTICIPLES or word in LOOSE or re.fullmatch(r"[a-z]+ed", word) is not None
    return word.startswith(("of_", "by_", "with_", "in_", "on_"))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the path and the tree of each Python file of these folders."""
    for path in tracked(*(f"{folder}/*.py" for folder in folders)):
        yield str(path.relative_to(ROOT)), tree_of(path)


def test_functions_are_named_by_verbs_or_nouns() -> None:
    """A bare participle, preposition or adjective has to be looked up before it is understood."""
    riddles = [
        f"{path}:{node.lineno} {node.name}"
        for path, module in sources(*STAGES)
        for node in ast.walk(module)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and is_riddle(node.name)
    ]
    assert len(riddles) <= MOST, riddles


def docstrings(module: ast.Module) -> Iterator[ast.Constant]:
    """Yield the texts that describe a module, a class, a function or the line above."""
    for node in ast.walk(module):
        body = getattr(node, "body", None)
        for line in body if isinstance(body, list) else []:
            if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str):
                yield line.value


QUOTED = re.compile(r"``([^`]+)``|(?<!`)`([^`\n]+)`(?!`)")
OURS = (*STAGES, "evaluation", "benchmarks", "tests", "seeds", "docs", "deploy")
EXAMPLES = words_of(
    "card__header lina_hr_5063 hr_jobs name_with_underscores name_with_underscore helpers.streaming_bulk parallel_bulk "
    "kind_value lurewatch.toml airflow_local_settings.py wp_send_json_success paginate_links LUREWATCH_X LUREWATCH_X_FILE"
)
"""What pages, people and other people's programs write."""
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?")


def names(text: str) -> Iterator[str]:
    """Yield what stands between back-ticks."""
    for match in QUOTED.finditer(text):
        yield (match[1] or match[2]).strip()


@cache
def known_words() -> set[str]:
    """Return all words that stand in files besides pages and docstrings: identifiers, keys, values, commands."""
    known: set[str] = set()
    for _, module in sources(*OURS):
        described = {id(constant) for constant in docstrings(module)}
        for node in ast.walk(module):
            for value in (getattr(node, field, None) for field in ("id", "attr", "name", "arg", "module", "asname")):
                known.update(re.findall(r"\w+", value) if isinstance(value, str) else ())
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
                known.update(re.findall(r"\w+", node.value))
    for path in tracked("*.yml", "*.yaml", "*.toml", "*.json", "*.html", "*.js", "*.tpl", "Makefile", "Dockerfile", ".ci/*"):
        if path.stat().st_size < 500_000 and "lures" not in path.parts:
            known.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return known


def is_module(path: str, files: set[str]) -> bool:
    """Tell whether a path names a module or a package; the empty one counts as the place all of them are in."""
    return not path or f"{path}.py" in files or f"{path}/__init__.py" in files


def is_stale(name: str, words: set[str], files: set[str]) -> bool:
    """Tell whether a name that looks like one of this project's is nowhere in it."""
    if name in EXAMPLES:
        return False
    path = name.partition("::")[0]
    if re.fullmatch(r"[\w./-]+\.py", path):
        return not any(file == path or file.endswith(f"/{path}") for file in files)
    if re.fullmatch(r"[\w./-]+\.(?:md|yml|json|html|css)", path):
        return "/" in path and path.partition("/")[0] in OURS and path not in files
    if not NAME.fullmatch(name):
        return False
    parts = name.removesuffix("()").split(".")
    if len(parts) > 1 and parts[0] in STAGES:
        module = max(size for size in range(len(parts) + 1) if is_module("/".join(parts[:size]), files))
        return module < 2 or any(part not in words for part in parts[module:])
    telling = [part for part in parts if "_" in part.strip("_") or re.fullmatch(r"(?:[A-Z][a-z0-9]+){2,}", part)]
    return any(part not in words for part in telling)


def test_docstrings_name_what_exists() -> None:
    """A name between back-ticks that was renamed or deleted sends its reader on a search."""
    words, files = known_words(), {str(path.relative_to(ROOT)) for path in tracked("*")}
    stale = [
        f"{path}:{constant.lineno} {name}"
        for path, module in sources(*OURS)
        for constant in docstrings(module)
        for name in names(str(constant.value))
        if is_stale(name, words, files)
    ]
    assert stale == []


def test_pages_name_what_exists() -> None:
    """Modules between back-ticks in the docs and in the pages at the root: whole paths, ends of paths, and dotted names."""
    words, files = known_words(), {str(path.relative_to(ROOT)) for path in tracked("*.py")}
    stale: set[str] = set()
    for page in tracked("docs/*.md", "README.md", "CONTRIBUTING.md"):
        blocks = () if page.name == "guides.md" else names(page.read_text(encoding="utf-8"))  # a test follows the guides
        for block in blocks:
            paths = re.findall(r"(?<![\w/.*-])(?:[\w-]+/)*[\w-]+\.py\b", block)
            named = [name for name in paths if not any(file == name or file.endswith(f"/{name}") for file in files)]
            dotted = [block] if block.partition(".")[0] in STAGES and is_stale(block, words, files) else []
            stale.update(f"{page.relative_to(ROOT)}: {name}" for name in [*named, *dotted])
    assert stale == set()
