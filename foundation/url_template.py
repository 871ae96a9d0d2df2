"""Addresses of lists that are counted: ``{page}``, ``{offset}``, ``{size}`` or a ``{cursor}`` an answer names; page numbers."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

_NUMBER = re.compile(
    (
        r"([?&](?:page|paged|p|pg|pn|pageno|page_no|pagenum|currentpage|start_page|trang|halaman|hal|pagina|seite|strana|page_id_all)=|/(?:page|paged|p|pg|trang|trang-|page-|halaman|seite|strana|pagina|list_|index_|p-)[/-]?|[-_/](?:page|p|trang)[-_]?)(\d{1,6})(?=\D|$)"
    ),
    re.I,
)
PLACEHOLDERS = frozenset({"{page}", "{offset}", "{size}", "{cursor}"})


def placeholders(template: str) -> frozenset[str]:
    """Return everything in braces."""
    return frozenset(re.findall(r"\{[^}]*\}", template))


def is_counted(template: str) -> bool:
    """Return whether the next address is this one plus one page."""
    return "{page}" in template or "{offset}" in template


def fill_template(template: str, turn: int, *, first: int, size: int | None) -> str:
    """Return the address of a list's page number ``turn`` (from 1); ``first`` is the number the site gives its first page,
    ``size`` the items of a page. A cursor that is not known yet is left out together with its parameter."""
    number, items = turn - 1 + first, size or 0
    url = template.replace("{page}", str(number)).replace("{offset}", str((turn - 1) * items)).replace("{size}", str(items))
    if "{cursor}" not in url:
        return url
    parts = urlsplit(url)
    query = "&".join(part for part in parts.query.split("&") if "{cursor}" not in part)
    return urlunsplit(parts._replace(query=query))


def continue_at(template: str, cursor: str, *, size: int | None) -> str:
    """Return the address of the items after ``cursor``."""
    return template.replace("{size}", str(size or 0)).replace("{cursor}", quote(cursor, safe=""))


def page_number(address: str) -> int | None:
    """Return the page number an address carries; None when it carries none."""
    matches = list(_NUMBER.finditer(address))
    return int(matches[-1][2]) if matches else None
