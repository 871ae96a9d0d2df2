"""No English stands in a template outside a sentence that can be translated."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import nodes

from desk.languages.glosses import WORDS
from desk.web.pages import environment

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = [path for part in ("web", "partners") for path in sorted((ROOT / "desk" / part / "templates").glob("*.html"))]
NAMES = {"LureWatch", "RLO", "UTC", "CSV", "JSON", "Lines", "API", "seeds", "sources", "yml"}
"""Names, which are the same in every language."""
SILENT = {"code", "pre", "kbd", "script", "style"}
SPOKEN = {"title", "aria-label", "placeholder", "alt", "data-confirm"}
WORD = re.compile(r"[A-Za-z]{2,}")
PROSE = re.compile(r"[A-Z][a-z]+|[A-Za-z]+ [a-z]+")


class Words(HTMLParser):
    """Gathers what a reader or a screen reader is told."""

    def __init__(self) -> None:
        super().__init__()
        self.found, self._silent = [], 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in SILENT
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT

    def handle_data(self, data):
        if not self._silent:
            self.found.append(data)


def test_no_sentence_is_glued_to_the_one_on_the_next_line() -> None:
    """Jinja2 drops the line's end behind a block and the blanks before the next one: ``{%+`` keeps a space."""
    glue = re.compile(r"\{% endtrans %\}\n[ \t]*\{% if")
    assert TEMPLATES and [path.name for path in TEMPLATES if glue.search(path.read_text(encoding="utf-8"))] == []


def constants(expression: nodes.Expr) -> Iterator[str]:
    """Yield the words that an expression itself puts on a page."""
    if isinstance(expression, nodes.Const) and isinstance(expression.value, str):
        yield expression.value
    parts: list = []
    if isinstance(expression, nodes.CondExpr):
        parts = [expression.expr1, expression.expr2]
    elif isinstance(expression, nodes.Concat):
        parts = expression.nodes
    elif isinstance(expression, (nodes.Or, nodes.And)):
        parts = [expression.right]
    elif isinstance(expression, nodes.Filter):
        parts = [expression.node]
    for part in parts:
        if part is not None:
            yield from constants(part)


def list_words(node: nodes.Node) -> Iterator[str]:
    """Yield a template as markup without what is computed."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Output):
        for part in node.nodes:
            yield from list_words(part) if isinstance(part, nodes.TemplateData) else constants(part)
    elif not (isinstance(node, nodes.Block) and node.name == "width"):  # a class of CSS
        for child in node.iter_child_nodes():
            if isinstance(child, (nodes.Stmt, nodes.Output)):
                yield from list_words(child)


def hidden(node: nodes.Node) -> Iterator[str]:
    """Yield constants that read like prose and are no argument of a translation: in sets, loops and tables."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in ("_", "gettext", "ngettext"):
        for keyword in node.kwargs:
            yield from hidden(keyword.value)
        return
    if isinstance(node, nodes.Compare):
        return
    if isinstance(node, nodes.Pair):
        yield from hidden(node.value)
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and PROSE.search(node.value):
        yield node.value
    for child in node.iter_child_nodes():
        yield from hidden(child)


def english(path: Path) -> set[str]:
    """Return the words of a template that cannot be translated."""
    tree = environment().parse(path.read_text(encoding="utf-8"))
    words = Words()
    words.feed("".join(list_words(tree)))
    said = [*words.found, *hidden(tree)]
    said = [text for text in said if not text.startswith("@handle, ")]  # examples of contacts
    return {" ".join(text.split()) for text in said if set(WORD.findall(text)) - NAMES}


def test_each_word_can_be_translated() -> None:
    """Whoever adds a sentence wraps it, and says it in every language."""
    assert {path.name: said for path in TEMPLATES if (said := english(path))} == {}


def test_each_action_of_the_audit_log_has_words() -> None:
    """The log is read in each language; an action that no list names would stay English."""
    written = [path.read_text(encoding="utf-8") for part in ("desk", "lurewatch") for path in (ROOT / part).rglob("*.py")]
    assert {action for text in written for action in re.findall(r'action="([a-z_]+)"', text)} - set(WORDS) == set()
