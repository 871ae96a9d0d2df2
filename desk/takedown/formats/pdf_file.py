"""The readable notice, printed: Chromium shapes Khmer, Burmese, Urdu and every other script as a page in a browser does.

The page is ours: it has no script, loads nothing, and pictures in it were encoded again. The browser has no network and none of
this process's variables.
"""

from crawlers.fetch.handlers.chromium import print_page
from desk.refusals import ListError
from desk.takedown.formats.html_file import page
from desk.takedown.takedown_document import TakedownDocument


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``notice.pdf``; the same list gives the same bytes from the same browser. Raises ListError without one."""
    try:
        return {"notice.pdf": print_page(page(document), document.built_at)}
    except OSError as exc:
        raise ListError(
            f"the notice cannot be printed ({exc}); install Chromium"
            " (`lurewatch doctor` says how), or take pdf out of the formats of this receiver"
        ) from exc
