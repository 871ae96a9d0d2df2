"""Chooses the Chromium that renders pages, and its switches: all its connections go through our proxy.

``chromium-headless-shell`` renders two to three times faster than the whole browser (``benchmarks/render.py``), so it is
looked for first; Playwright's own download is the last resort.
"""

import os
import shutil
from typing import Any

from crawlers.process import page_reader_environment

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
