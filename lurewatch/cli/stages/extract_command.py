"""`lurewatch extract`: a saved page -> posting lines, with the page family found by itself."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec
from rich.console import Console
from rich.text import Text

from crawlers.items import ParsedPage, Posting
from lurewatch.cli.presenter import print_fact, print_json

SHOWN = ("company", "location", "pay_raw", "posted_at", "valid_through", "employment_type", "openings", "author",
         "forwarded_from", "form", "url")  # fmt: skip
"""Fields of a posting that people are shown."""


@click.command(no_args_is_help=True)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True, dir_okay=False))
@click.option("--url", default="", help="Address the page came from; relative links and dates without a country are read by it.")
@click.option(
    "--page", "family", metavar="NAME", help="Read it as this page family instead of finding the family (see --families)."
)
@click.option("--content-type", metavar="TYPE", help="Content-Type header the page came with; its charset helps to decode it.")
@click.option(
    "--fetched", metavar="TIME", help="When the page was fetched (ISO 8601); relative dates count from it. Default: now."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines: one per posting, then one about the page.")
@click.option(
    "--families",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, value: _families(ctx, value),
    help="List the page families.",
)
def command(file: Path, url: str, family: str | None, content_type: str | None, fetched: str | None, as_json: bool) -> None:
    """Read the saved page FILE ("-" is standard input) into postings.

    \b
    lurewatch extract page.html --url https://board.example.org/jobs/1
    curl -s https://t.me/s/durov | lurewatch extract - --url https://t.me/s/durov --json

    With --json each posting is a line {"kind": "posting", ...} with every field, times in UTC; the last line {"kind":
    "page", ...} holds
    family, title, item_count, links, urls, next_page, previous_page, rejected and facts. Exit code 1 when the page could not
    be read.
    """
    from crawlers.pages import page_families
    from crawlers.text import dates, encoding  # 0.3 s to import: `--help` stays quick

    try:
        urlsplit(url)
    except ValueError as exc:
        raise click.BadParameter(f"{url!r} is no address ({exc}); write https://host/path", param_hint="--url") from exc
    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as exc:
        raise click.ClickException(
            f"{file}: cannot be read ({exc.strerror}); give the path of a saved page, or - for standard input"
        ) from exc
    now = dates.moment(fetched, now=datetime.now(UTC)) if fetched else None
    if fetched and now is None:
        raise click.BadParameter(f"{fetched!r} is no time; write 2025-03-20 or 2025-03-20T12:00:00Z", param_hint="--fetched")
    if family and family not in page_families.FAMILIES:
        raise click.BadParameter(
            f"no page family {family!r}; there are: {', '.join(sorted(page_families.FAMILIES))}", param_hint="--page"
        )
    text, codec = encoding.decode_body(body, content_type)
    page = page_families.parse(text, url, page=family, now=now)
    if as_json:
        print_json(*({"kind": "posting", **msgspec.to_builtins(posting)} for posting in page.postings))
        print_json({"kind": "page", "encoding": codec, **_summary(page)})
    else:
        _print(page, codec)
    if not page.postings and not page.links and page.rejected:
        sys.exit(1)


def _families(ctx: click.Context, value: bool) -> None:
    if not value:
        return
    from crawlers.pages import page_families

    for name, row in page_families.FAMILIES.items():
        click.echo(f"{name:<16}{row.about}")
    ctx.exit()


def _summary(page: ParsedPage) -> dict[str, Any]:
    urls = dict.fromkeys(
        (*([page.facts["home"]] if "home" in page.facts else []), *page.links, *(posting.url for posting in page.postings))
    )
    return {
        "family": page.family,
        "title": page.title,
        "item_count": max(len(page.postings), len(page.links)),
        "postings": len(page.postings),
        "next_page": page.next_page,
        "previous_page": page.previous_page,
        "links": page.links,
        "urls": [url for url in urls if url],
        "rejected": [msgspec.to_builtins(reject) for reject in page.rejected],
        "facts": page.facts,
    }


def _print(page: ParsedPage, codec: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for posting in page.postings:
        console.print(Text(_clean(posting.title or posting.native_id or posting.url), style="bold"))
        for name, value in _facts(posting):
            print_fact(console, f"  {name}", _clean(value), 16)
        console.print(Text(f"  {_clean(posting.text)[:600]}{'…' if len(posting.text) > 600 else ''}"))
        console.print()
    for reject in page.rejected:
        console.print(Text(f"rejected: {reject.reason} {_clean(reject.url)} {_clean(reject.detail)}", style="yellow"))
    if not page.postings and not page.links and not page.rejected:
        console.print(Text("Nothing on this page: no posting and no list of postings.", style="yellow"))
    for link in page.links if not page.postings else ():
        console.print(Text(f"  {_clean(link)}"))
    summary = _summary(page)
    said = [f"family {page.family}", f"encoding {codec}", f"{summary['postings']} postings", f"{len(page.links)} links"]
    said += [f"{name.replace('_', ' ')} {value}" for name in ("next_page", "previous_page") if (value := summary[name])]
    said += [f"{name} {value}" for name, value in page.facts.items() if not name.startswith("lastmod ")]
    console.print(Text(_clean(" · ".join(said)), style="dim"))


def _facts(posting: Posting) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for name in SHOWN:
        if value := getattr(posting, name):
            entries.append((name.removesuffix("_raw").replace("_", " "), str(value)))
    if posting.is_open is False:
        entries.append(("open", "no longer open"))
    entries.extend(("contact", contact) for contact in posting.contacts)
    return entries


def _clean(text: str) -> str:
    """Return ``text`` without control characters: a page must not be able to steer the terminal."""
    return "".join(char if char == "\n" or char.isprintable() or char in "\u200c\u200d" else "\ufffd" for char in text)
