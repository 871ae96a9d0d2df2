"""Chooses the Chromium that renders pages, and its switches: all its connections go through our proxy.

``chromium-headless-shell`` renders two to three times faster than the whole browser (``benchmarks/render.py``), so it is
looked for first; Playwright's own download is the last resort.
"""

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawlers.process import page_reader_environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium-headless-shell", "headless_shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

SWITCHES = (
    # Nothing is resolved or connected to except through the proxy, not even for prefetching, WebRTC or QUIC.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--dns-prefetch-disable",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # No --disable-features here: a second one silently takes back the list that Playwright gives.
    # A page opens no other pages, downloads nothing, and its scripts have a heap of bounded size.
    "--block-new-web-contents",
    "--js-flags=--max-old-space-size=384",
    # No errands of the browser's own.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-sync",
    "--disable-breakpad",
    "--no-first-run",
    "--no-pings",
    "--disable-gpu",
    "--mute-audio",
)
DEAD_PROXY = "http://127.0.0.1:9"
"""Outside of a context nothing can reach the network."""
PRINTED_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[+-]\d\d'\d\d'\)")
FOOTER = (
    '<div style="font: 8px sans-serif; width: 100%; text-align: center; color: #555">'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)
BYPASS = "<-loopback>"
"""Without it Chromium goes to loopback and 169.254.0.0/16 around any proxy (chromium net/docs/proxy.md)."""
HIDDEN_APIS = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "WebTransport"]) {
    try { Object.defineProperty(globalThis, name, {value: undefined, configurable: false, writable: false}); } catch {}
}
"""
"""Second protection against WebRTC and WebTransport, which the switches above keep inside."""


def browser_path(preferred: str = "") -> str | None:
    """Return the Chromium to use: ``preferred`` when it is given, else the fastest installed; None for Playwright's own.

    Raise FileNotFoundError when ``preferred`` is not an executable file.
    """
    if preferred:
        text = shutil.which(preferred)
        if not text:
            raise FileNotFoundError(f"browser {preferred!r} is no executable file; correct LUREWATCH_BROWSER or leave it empty")
        return text
    for name in NAMES:
        if text := shutil.which(name):
            return text
    return None


def can_use_sandbox() -> bool:
    """Return whether Chromium's sandbox can be on: it refuses to start with it as root."""
    return os.geteuid() != 0


def launch_options(preferred: str = "") -> dict[str, Any]:
    """Return the arguments for ``playwright.chromium.launch``."""
    options: dict[str, Any] = {
        "headless": True,
        "chromium_sandbox": can_use_sandbox(),
        "args": list(SWITCHES),
        "proxy": {"server": DEAD_PROXY, "bypass": BYPASS},
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
        "timeout": 30_000,
        # Its own list, whatever environment this process has: no secret, and no variable that opens a way around the proxy.
        "env": page_reader_environment(),
    }
    path = browser_path(preferred)
    if path:
        options["executable_path"] = path
    return options


def print_page(markup: str, at: datetime) -> bytes:
    """Return a page of our own, without scripts and with nothing to load, as PDF; the same markup and moment give the same bytes.

    The browser has no network. Raises OSError where there is none, or it does not print.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:  # Playwright refuses to start where the caller's thread runs a loop
        printed = thread.submit(_print, markup).result()
    moment = at.strftime("%Y%m%d%H%M%S").encode()
    return PRINTED_DATES.sub(rb"/\g<1> (D:" + moment + rb"+00'00')", printed)


def _print(markup: str) -> bytes:
    from playwright.sync_api import Error, PdfMargins, sync_playwright

    margins = PdfMargins(top="16mm", bottom="18mm", left="16mm", right="16mm")
    try:
        with sync_playwright() as playwright:
            browser = _launch_printer(playwright)
            context = browser.new_context(java_script_enabled=False, offline=True, service_workers="block")
            sheet = context.new_page()
            sheet.set_content(markup, wait_until="load")
            printed = sheet.pdf(
                format="A4", tagged=True, outline=True, margin=margins, display_header_footer=True,
                header_template="<span></span>", footer_template=FOOTER,
            )  # fmt: skip
            browser.close()
    except Error as exc:
        raise OSError(str(exc).splitlines()[0][:200]) from exc
    return printed


def _launch_printer(playwright: "Playwright") -> "Browser":
    """Start the browser in its sandbox; without it where a container refuses one, as the page holds nothing that runs."""
    from playwright.sync_api import Error

    options = launch_options()
    options["args"] = [*options["args"], "--disable-dev-shm-usage"]  # a container gives 64 MB of it, a long list takes more
    try:
        return playwright.chromium.launch(**options)
    except Error:
        return playwright.chromium.launch(**options | {"chromium_sandbox": False})
