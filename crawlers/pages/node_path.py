"""The way from an element of a page outwards."""

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
