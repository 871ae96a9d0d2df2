"""An element of a page: its names, and the way from it outwards."""

import re
from collections.abc import Container, Iterator

from selectolax.lexbor import LexborNode

BODY = ("body", "html", "-document", None)
TEXT_BODY = (*BODY, "main")
_STATE = re.compile(r"active|odd|even|first|last|read|bg\d?$")


def climb(node: LexborNode | None, most: int = 10_000, *, until: Container[str | None] = BODY) -> Iterator[LexborNode]:
    """Yield ``node`` and the elements around it, from the inside out: at most ``most``, none from a tag of ``until`` on."""
    for _ in range(most):
        if node is None or node.tag in until:
            return
        yield node
        node = node.parent


def class_and_id(node: LexborNode) -> str:
    """Return the classes and the id that a page gives an element."""
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"


def name_tag(node: LexborNode) -> str:
    """Return ``tag.class`` with the first class that is not generated or a state."""
    for name in (node.attributes.get("class") or "").split():
        if re.fullmatch(r"[A-Za-z][A-Za-z_-]*[A-Za-z]", name) and not (_STATE.search(name) or _is_made_up(name)):
            return f"{node.tag}.{name}"
    return node.tag or ""


def _is_made_up(name: str) -> bool:
    """Tell whether a build wrote a class name (Card_link__QzWvT): the next build, or the next kind of card, has another."""
    end = re.split("[-_]", name)[-1]
    humps = len(re.findall(r"[A-Z][a-z]*|^[a-z]+", end))
    return name.startswith(("css-", "sc-", "jsx-", "svelte-")) or (not end.isupper() and len(end) >= 5 and len(end) < 3 * humps)
