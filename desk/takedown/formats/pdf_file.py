"""The readable notice, printed: Chromium shapes Khmer, Burmese, Urdu and every other script as a page in a browser does.

The page is ours: it has no script, loads nothing, and pictures in it were encoded again. The browser has no network and none of
this process's variables.
"""

import re
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Browser, Error, PdfMargins, Playwright, sync_playwright

from crawlers.fetch.handlers.chromium import launch_options
from desk.refusals import ListError
from desk.takedown.formats.html_file import page
from desk.takedown.takedown_document import TakedownDocument

_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[+-]\d\d'\d\d'\)")
FOOTER = (
    '<div style="font: 8px sans-serif; width: 100%; text-align: center; color: #555">'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)
MARGINS = PdfMargins(top="16mm", bottom="18mm", left="16mm", right="16mm")


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``notice.pdf``; the same list gives the same bytes from the same browser. Raises ListError without one."""
    with ThreadPoolExecutor(max_workers=1) as thread:  # Playwright refuses to start where the caller's thread runs a loop
        return thread.submit(_print_notice, document).result()


def _print_notice(document: TakedownDocument) -> dict[str, bytes]:
    try:
        with sync_playwright() as playwright:
            browser = _launch(playwright)
            context = browser.new_context(java_script_enabled=False, offline=True, service_workers="block")
            sheet = context.new_page()
            sheet.set_content(page(document), wait_until="load")
            printed = sheet.pdf(
                format="A4", tagged=True, outline=True, margin=MARGINS, display_header_footer=True,
                header_template="<span></span>", footer_template=FOOTER,
            )  # fmt: skip
            browser.close()
    except (Error, OSError) as exc:
        raise ListError(
            f"the notice cannot be printed ({str(exc).splitlines()[0][:200]}); install Chromium"
            " (`lurewatch doctor` says how), or take pdf out of the formats of this receiver"
        ) from exc
    at = document.built_at.strftime("%Y%m%d%H%M%S").encode()
    return {"notice.pdf": _DATES.sub(rb"/\g<1> (D:" + at + rb"+00'00')", printed)}


def _launch(playwright: Playwright) -> Browser:
    """Start the browser in its sandbox; without it where a container refuses one, as the page holds nothing that runs."""
    options = launch_options()
    options["args"] = [*options["args"], "--disable-dev-shm-usage"]  # a container gives 64 MB of it, a long list takes more
    try:
        return playwright.chromium.launch(**options)
    except Error:
        return playwright.chromium.launch(**options | {"chromium_sandbox": False})
