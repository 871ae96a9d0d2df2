"""An element of a page: its names, and the way from it outwards."""

from collections.abc import Container, Iterator

from selectolax.lexbor import LexborNode

BODY = ("body", "html", "-document", None)
TEXT_BODY = (*BODY, "main")


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
