"""Names and values about the list, beside the items of a JSON answer and in its headers, the nearest first.

Names are recognised by their shape: ``hydra:totalItems``, ``total_items`` and ``X-Total-Items`` are one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

PAGE = r"(?:current|cur|this|active)?page(?:no|num|number|index|idx|nr)?|current|p|pg|paged"
SIZE = r"\w*(?:perpage|pagesize|pagelimit|take)|size|limit|top|rows|maxresults|numrows"
OFFSET = r"\w*(?:offset|skip)|start(?:at|index|row|from)?|from|firstresult|beginindex"
CURSOR = r"\w*(?:cursor|token|continuation)|after|startingafter|since|bookmark|marker|scrollid"
NEXT = (
    r"next(?:page|results?|set|batch)?(?:url|uri|link|href)?|more\w{0,20}(?:url|uri|link|href)|next\w{0,20}(?:url|uri|link|href)"
)
CONTINUES = r"next\w*(?:cursor|token|key|marker|offset|continuation)|(?:end|after)cursor|continuation\w*|scrollid"
"""Names whose value says where the next items begin."""
MORE = (
    r"has(?:more|next)\w{0,12}|more(?:pages|results|items|available)?|\w{0,4}truncated|incompleteresults|partial|"
    r"remaining(?:count)?"
)
LAST = r"(?:is)?(?:last(?:page)?|end|ended)|eof|finished|(?:is)?complete|done|exhausted"
"""Names that say with ``false`` that there is more."""
PAGES = r"(?:total|num|nb|max|last|all|maxnum|numberof|countof|no(?:of)?)pages?|pages?(?:count|total|s)|pages|\w{1,12}pagecount"
_THINGS = (
    "jobs?|posts?|topics?|threads?|items?|results?|offers?|ads|adverts?|listings?|vacanc(?:y|ies)|positions?|openings?|"
    "entries|records?|elements?|hits|rows|docs|documents|objects|members|matches"
)
TOTAL = (
    rf"(?:grand|all|over)?total(?:{_THINGS})?(?:count|number|size|found|results)?|(?:num|nb)(?:{_THINGS}|found)|"
    rf"(?:{_THINGS})total|\w{{0,20}}countall|foundcount|totalfound|alltotal"
)
COUNT = rf"numberof(?:{_THINGS})|(?:{_THINGS})count|found|hits|count|\w{{0,12}}resultcount"
"""Names that count the whole list or this page: equal to the number of items shown they say nothing."""
_BESIDE = re.compile(
    r"\w*(?:meta|metadata|paging|pagination|paginator|pager|cursors?|links?)|pages?|(?:page|result)?info|view|continue|next|"
    r"\w*header|params"
)
"""Objects beside the items in which APIs put such names; other objects count when they hold two of them."""
_NAMESPACE = re.compile(r"^[@\w-]*[.:$](?=\w)")
_DEEPEST = 3
_MOST = 400
"""Objects that are looked at."""


class Fact(NamedTuple):
    """One name and value beside the items."""

    name: str
    """In lower case, without what joins words and without its namespace."""
    path: tuple[str, ...]
    """Keys from the answer down, as written."""
    value: Any


class Facts:
    """All of them, the nearest to the items first."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts = list(facts)

    def all_named(self, pattern: str) -> Iterator[Fact]:
        """Yield those whose name is of the shape ``pattern``."""
        regex = re.compile(pattern)
        return (fact for fact in self._facts if regex.fullmatch(fact.name))

    def count(self, pattern: str) -> tuple[Fact, int] | None:
        """Return the nearest with a number, and that; None where there is none."""
        return next(((fact, n) for fact in self.all_named(pattern) if (n := count_of(fact.value)) is not None), None)


def plain_name(key: Any) -> str:
    """Return a key in lower case without what joins its words and without its namespace (``hydra:``, ``@odata.``, ``$``)."""
    return re.sub(r"[^a-z0-9]", "", _NAMESPACE.sub("", str(key)[:200]).lower())


def parameter_name(name: str) -> str:
    """Return the name of a parameter as ``plain_name`` does; of ``page[offset]`` what stands in the brackets, of ``page[number]``
    what it is the number of."""
    outer, inner = re.sub(r"\[[^\[\]]*\]$", "", name), re.search(r"\[([^\[\]]+)\]$", name)
    return plain_name(inner[1]) if inner and plain_name(inner[1]) not in ("number", "no", "num") else plain_name(outer)


def count_of(value: Any) -> int | None:
    """Return a number of items or pages as an answer may write it; None for anything else."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("value", "total", "$t", "#text") if key in value), None)
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 12:
        return int(value)
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**12
    return int(value) if number else None


def at_path(value: Any, path: str) -> Any:
    """Return what stands at a dotted path (``data.jobs``, ``places.0.name``; ``""`` or ``.`` is the value itself), else None."""
    for part in filter(None, path.split(".")):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    return value


def answer_facts(answer: Any, items: str) -> Iterator[Fact]:
    """Yield what the objects around the list of ``items`` say, the nearest first, and those beside it that speak of a list."""
    chain: list[tuple[Any, tuple[str, ...]]] = [(answer, ())]
    for part in items.strip(".").split("."):
        value, path = chain[-1]
        chain.append((value.get(part) if isinstance(value, dict) else None, (*path, part)))
    for outer, path in reversed(chain):
        if isinstance(outer, dict):
            yield from _object_facts(outer, path)


def _object_facts(outer: dict[str, Any], path: tuple[str, ...]) -> Iterator[Fact]:
    waiting = [(outer, path, 0)]
    for _ in range(_MOST):
        if not waiting:
            return
        current, here, depth = waiting.pop(0)
        for key, inner in current.items():
            name, place = plain_name(key), (*here, str(key))
            if name in ("links", "link") and isinstance(inner, list):
                yield from (Fact("next", place, link) for link in inner if isinstance(link, dict) and link.get("rel") == "next")
            else:
                yield Fact(name, place, inner)
            if isinstance(inner, dict) and depth < _DEEPEST and _speaks_of_list(name, inner):
                waiting.append((inner, place, depth + 1))


def _speaks_of_list(name: str, inner: dict[str, Any]) -> bool:
    if _BESIDE.fullmatch(name):
        return True
    names = [plain_name(key) for key, value in inner.items() if not isinstance(value, dict | list)]
    kinds = (PAGES, TOTAL, CONTINUES, MORE, PAGE, SIZE, OFFSET)
    return any(re.fullmatch(PAGES, entry) for entry in names) or (
        sum(any(re.fullmatch(kind, entry) for entry in names) for kind in kinds) >= 2
    )


def header_facts(headers: Mapping[str, str]) -> Iterator[Fact]:
    """Yield what headers (names in lower case) say: ``X-Total-Count``, ``X-Next-Page``, ``X-Pagination``, ``Content-Range``."""
    for key, value in headers.items():
        name = re.sub(r"^x-(?:wp-|pagination-)?|^pagination-", "", key)
        if key.startswith("x-") and value.lstrip()[:1] == "{":
            with_names = _decode(value[:8192])
            yield from (Fact(plain_name(inner), (str(inner),), said) for inner, said in with_names.items())
        elif key.startswith(("x-", "pagination-", "total-")) and len(value) < 100:
            yield Fact(plain_name(name), (name,), value.strip())
    if match := re.fullmatch(r"\s*(?:\w+\s+)?[\d*]+(?:-\d+)?/(\d{1,11})\s*", headers.get("content-range", "")):
        yield Fact("total", ("content-range",), match[1])


def _decode(text: str) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {}
    return value if isinstance(value, dict) else {}
