"""Facts written into attributes of HTML: microdata (HTML Living Standard, section 5) and RDFa Lite 1.1, as nested dicts like
JSON-LD."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from selectolax.lexbor import LexborNode

from crawlers.items import ParsedPage
from crawlers.pages.document import PageDocument
from crawlers.pages.postings import job_posting

MARKUP = frozenset({"description", "responsibilities", "qualifications", "skills", "jobBenefits"})
"""Properties whose value is kept as markup, so that its lines survive."""


class Syntax(NamedTuple):
    """The attributes a syntax writes in."""

    scope: str
    """Begins a thing: ``itemscope`` or ``typeof``."""
    kind: str
    """Names what the thing is: ``itemtype`` or ``typeof``."""
    name: str
    """Names a property: ``itemprop`` or ``property``."""


MICRODATA, RDFA = "microdata", "rdfa"
SYNTAXES = {
    MICRODATA: Syntax(scope="itemscope", kind="itemtype", name="itemprop"),
    RDFA: Syntax(scope="typeof", kind="typeof", name="property"),
}


def speaks(document: PageDocument, family: str) -> bool:
    """Tell whether an element of the page is a JobPosting in this syntax."""
    kind = SYNTAXES[family].kind
    return kind in document.text and any(
        is_job_posting(node.attributes.get(kind)) for node in document.tree.css(f'[{kind}*="JobPosting"]')
    )


def page(document: PageDocument, family: str) -> ParsedPage:
    """Return the postings of every JobPosting written in this syntax; several make a list with links and pages."""
    syntax = SYNTAXES[family]
    scopes = [
        node for node in document.tree.css(f'[{syntax.kind}*="JobPosting"]') if is_job_posting(node.attributes.get(syntax.kind))
    ]
    found = [read(scope, syntax, document) for scope in scopes]
    here, alone = document.identity.page(document.url), len(scopes) == 1
    addresses = [
        document.address if alone else _own_address(facts, scope, document) or f"{here}#job-{position}"
        for position, (facts, scope) in enumerate(zip(found, scopes, strict=True), start=1)
    ]
    return job_posting.page(document, family, list(zip(found, addresses, strict=True)))


def is_job_posting(kinds: str | None) -> bool:
    """Tell whether a type attribute names schema.org's JobPosting, with or without address or prefix."""
    return any(
        kind.rstrip("/").replace("#", "/").replace(":", "/").split("/")[-1] == "JobPosting" for kind in (kinds or "").split()
    )


def read(scope: LexborNode, syntax: Syntax, document: PageDocument, depth: int = 0) -> dict[str, Any]:
    """Return property -> value (text, nested dict, or list of these) of one thing."""
    facts: dict[str, Any] = {"@type": scope.attributes.get(syntax.kind)}
    for node in _properties(scope, syntax, document):
        for name in (node.attributes.get(syntax.name) or "").split():
            name = name.rstrip("/").split("/")[-1].split(":")[-1]
            value = _value(node, name, syntax, document, depth)
            if value in (None, ""):
                continue
            known = facts.get(name)
            facts[name] = value if known is None else [*known, value] if isinstance(known, list) else [known, value]
    return facts


def _properties(scope: LexborNode, syntax: Syntax, document: PageDocument) -> Iterator[LexborNode]:
    """Yield the elements that carry a property of ``scope`` itself, not of a thing inside it; walked without recursion."""
    waiting = _children(scope)[::-1]
    for reference in (scope.attributes.get("itemref") or "").split():
        if reference.replace("-", "").replace("_", "").isalnum() and (node := document.tree.css_first(f'[id="{reference}"]')):
            waiting.insert(0, node)
    while waiting:
        node = waiting.pop()
        if node.tag is None or node.tag.startswith("-"):
            continue
        attributes = node.attributes
        if syntax.name in attributes and (
            syntax.name == "itemprop" or not (attributes.get("property") or "").startswith(("og:", "fb:", "twitter:"))
        ):
            yield node
        if syntax.scope not in attributes:
            waiting.extend(_children(node)[::-1])


def _children(node: LexborNode) -> list[LexborNode]:
    children: list[LexborNode] = []
    child = node.first_child
    while child is not None:
        children.append(child)
        child = child.next
    return children


def _value(node: LexborNode, name: str, syntax: Syntax, document: PageDocument, depth: int) -> Any:
    attributes = node.attributes
    if syntax.scope in attributes and depth < 20:
        inner = read(node, syntax, document, depth + 1)
        return inner if len(inner) > 1 else {**inner, "name": document.line(node)}
    if attributes.get("content") is not None:
        return attributes["content"]
    if node.tag in ("time", "del", "ins") and attributes.get("datetime"):
        return attributes["datetime"]
    if node.tag in ("data", "meter") and attributes.get("value") is not None:
        return attributes["value"]
    if (
        node.tag in ("a", "link", "area")
        and name in ("url", "sameAs", "image", "logo", "hiringOrganization")
        and attributes.get("href")
    ):
        return document.line(node) if name == "hiringOrganization" else document.absolute(attributes["href"])
    if node.tag in ("img", "audio", "video", "source", "embed"):
        return document.absolute(attributes.get("src"))
    return node.html if name in MARKUP else document.line(node)


def _own_address(facts: dict[str, Any], scope: LexborNode, document: PageDocument) -> str | None:
    for value in (facts.get("url"), facts.get("@id")):
        if isinstance(value, str) and (address := document.absolute(value)):
            return address
    anchor = scope.css_first("h1 a[href], h2 a[href], h3 a[href], h4 a[href], a[itemprop][href], a[href]")
    return document.absolute(anchor.attributes.get("href")) if anchor is not None else None
