"""Links of a list: those a selector names, and the number after this one."""

import re
from collections.abc import Sequence
from urllib.parse import urldefrag

from parsel import Selector

from crawlers.pages.addresses import absolute
from crawlers.visits import Step

NEXT = 'link[rel~="next"], a[rel~="next"]'


def selected(text: str, css: str, base: str) -> list[str]:
    """Return the absolute web addresses ``css`` selects, once each, without fragments; what is no address is left out.

    ``css`` is a parsel selector: ``a::attr(href)`` gives the values, without ``::attr`` the element's ``href`` or that of the
    links within it. The page's ``<base href>`` is obeyed.
    """
    page = Selector(text or " ", type="html", huge_tree=False)
    base = absolute(base, page.css("base::attr(href)").get()) or base
    hrefs: list[str] = []
    for node in page.css(css):
        if not isinstance(node.root, str):
            hrefs += [node.attrib["href"]] if "href" in node.attrib else node.css("a::attr(href)").getall()
        else:
            hrefs.append(node.root)
    found = (absolute(base, href) for href in hrefs)
    return list(dict.fromkeys(urldefrag(address)[0] for address in found if address))


def next_number(starts: Sequence[str], step: Step) -> str | None:
    """Return the address with the next number in place of the ``{page}`` that ``step`` was counted from."""
    for start in starts:
        if "{page}" in start:
            pattern = re.escape(start).replace(re.escape("{page}"), str(step.turn))
            if re.fullmatch(pattern, step.url):
                return start.replace("{page}", str(step.turn + 1))
    return None
