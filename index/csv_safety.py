"""A value as a CSV cell that no spreadsheet calculates, and back.

A value that a spreadsheet might calculate (OWASP: ``= + - @``, TAB, CR; ASVS 1.2.10 adds NUL; LF and the full-width signs are
taken as such by some) gets an apostrophe in front, and so does one that already begins with an apostrophe. ``value`` undoes it.
Quoting alone does not stop a spreadsheet (Symfony CVE-2021-41270).
"""

LIVE = tuple("=+-@\t\r\n\x00＝＋－＠|%")
_UNSEEN = " \u00a0\u200b\ufeff\u2060\u3000"


def cell(value: str) -> str:
    """Return a value as a cell nothing calculates."""
    return f"'{value}" if value.startswith(("'", *LIVE)) or value.lstrip(_UNSEEN).startswith(LIVE) else value


def value(cell: str) -> str:
    """Return the value a cell was made from."""
    return cell[1:] if cell[:1] == "'" else cell
