"""The pages a run kept, read from its WARC, and whether a posting is what they say: read again, or found in them line by line.

A record stands when its block fits its own digest; one that does not is passed over, so a damaged archive gives all it still can.
"""

import hashlib
import html
import io
import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from crawlers.items import Posting

if TYPE_CHECKING:
    from mmap import mmap

    from crawlers.sources.source import Source

_MEMBER = b"\x1f\x8b\x08"
_PARSERS = ("items.py", "pages", "pictures", "spiders", "text")
_COMPARED = ("title", "text", "url", "native_id", "company", "company_url", "location", "pay_raw", "employment_type", "openings")
"""What a parser reads the same from the same page whenever it does; ``posted_at`` and the like count from now."""
_STANDS = ("title", "text", "company", "location", "pay_raw")
"""What is looked for in the page itself where the parser of today reads it otherwise."""
_MARKUP = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_JOINTS = re.compile(r"(?:[:|·•,;]|\s[-–—])\s")
_BULLET = re.compile(r"^[-*•·–—]\s*")


class KeptPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page as a run kept it: what the server sent, or (``conversion``) what scripts made of that."""

    kind: str
    record_id: str
    beside: str
    """Record id of the response it was made from or taken with; empty for a response."""
    url: str
    at: datetime
    sha256: str
    """Of its body, hex."""
    content_type: str = ""
    body: bytes

    @property
    def text(self) -> str:
        """Its body as text; empty for a picture."""
        from crawlers.text import encoding

        kind = self.content_type.lower()
        pictured = kind.startswith(("image/", "video/", "audio/")) and "xml" not in kind
        return "" if pictured else encoding.decode(self.body, self.content_type)

    def names(self, posting: Posting) -> bool:
        """Tell whether the page gives a posting's address or its own id."""
        address = re.sub(r"^https?://[^/]+", "", posting.url)
        wanted = [word for word in (posting.url, address, posting.native_id) if word and len(word) > 2]
        text = html.unescape(self.text).replace("\\/", "/")
        return any(word in text for word in wanted)


class Derivation(msgspec.Struct, frozen=True, kw_only=True):
    """What the kept pages say of a posting."""

    same: bool
    """Today's parser reads exactly this from them."""
    differs: tuple[str, ...] = ()
    """Fields that it reads otherwise."""
    absent: tuple[str, ...] = ()
    """Sentences: which parts of the posting the pages do not contain."""


@cache
def parser_version() -> str:
    """Return the SHA-256 of the code and the words that pages are read with: others may read the same page otherwise."""
    digest, folder = hashlib.sha256(), Path(__file__).parents[1]
    for part in _PARSERS:
        path = folder / part
        for file in sorted((*path.rglob("*.py"), *path.rglob("*.yml"))) if path.is_dir() else [path]:
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def kept_pages(content: "bytes | mmap") -> Iterator[KeptPage]:
    """Yield the pages and screenshots of the undamaged records of a WARC, in their order."""
    from warcio.archiveiterator import ArchiveIterator

    for member in members(content):
        try:
            for record in ArchiveIterator(io.BytesIO(member), check_digests=True):
                if record.rec_type in ("response", "conversion", "resource"):
                    body = record.content_stream().read()
                    if record.digest_checker.passed is not False:
                        yield _page(record, body)
        except Exception:  # noqa: BLE001, S112 - a damaged record may make the reader raise anything; the next may stand
            continue


def derive(posting: Posting, pages: Sequence[KeptPage], source: "Source | None" = None) -> Derivation:
    """Compare a posting with the pages it was read from: with what the parser of today reads, then with the pages themselves.

    Words read from its pictures are left out: reading them again may give others.
    """
    own = without_pictures(posting)
    readings = [read for read in candidates(pages, own.source, source) if read.id == own.id]
    differs = differences(own, readings)
    if readings and not differs:
        return Derivation(same=True)
    return Derivation(same=False, differs=differs, absent=tuple(absences(own, pages)))


def differences(posting: Posting, readings: Sequence[Posting]) -> tuple[str, ...]:
    """Return the fields of a posting that no reading of the pages confirms; words read from its pictures are left out."""
    own = without_pictures(posting)
    return tuple(
        name
        for name in _COMPARED
        if (value := getattr(own, name)) and readings and value not in {getattr(read, name) for read in readings}
    )


def candidates(pages: Iterable[KeptPage], name: str, source: "Source | None" = None) -> Iterator[Posting]:
    """Yield what the parsers of today read from pages of the source ``name``, in each way a spider of ``source`` would."""
    from crawlers.pages import page_families
    from foundation.url_identity import DEFAULT

    ways: list[tuple[str | None, Mapping[str, str]]] = [(None, {})]
    if source and not source.crawl.json_paths:
        ways = [(source.crawl.page, source.crawl.fields.named_fields()), (source.crawl.page, {}), *ways]
    for page in pages:
        text = page.text
        for at, (family, fields) in enumerate(ways):
            if (family, fields) in ways[:at] or not text:
                continue
            try:
                read = page_families.parse(
                    text, page.url, page=family, source=name, now=page.at,
                    identity=source.identity if source else DEFAULT, fields=fields,
                )  # fmt: skip
            except Exception:  # noqa: BLE001, S112 - a parser may raise anything, as it may in a crawl
                continue
            yield from read.postings


def without_pictures(posting: Posting) -> Posting:
    """Return a posting without the words read from its pictures."""
    starts = [media.start for media in posting.media if media.end]
    return msgspec.structs.replace(posting, text=posting.text[: min(starts)].removesuffix("\n\n")) if starts else posting


def absences(posting: Posting, pages: Sequence[KeptPage]) -> Iterator[str]:
    """Yield a sentence for each part of a posting that the pages do not contain: title, text, company, place, pay or address."""
    said = "\n".join(page_words(page.text) for page in pages)
    for name in _STANDS:
        for line in (getattr(posting, name) or "").splitlines():
            if not _stands(line, said):
                yield f"{name}: {line.strip()[:80]!r}"
                break
    addresses = {page.url.partition("#")[0] for page in pages}
    url = posting.url.partition("#")[0]
    if url not in addresses and squeeze(url) not in said and squeeze(re.sub(r"^https?://[^/]+", "", url)) not in said:
        yield f"url: {posting.url[:200]!r}"


def _stands(line: str, said: str) -> bool:
    """Whether a line stands in what pages say, whole or in the parts a parser joined."""
    wanted = squeeze(_BULLET.sub("", line.strip()))
    return wanted in said or all(squeeze(part) in said for part in _JOINTS.split(line))


@lru_cache(maxsize=64)
def page_words(text: str) -> str:
    """Return all a page says, without markup and blanks: as it stands, and what its quoted strings say, as in JSON."""
    from crawlers.pages.posting_fields import letter_repair
    from crawlers.text import zawgyi

    quoted = []
    for match in _QUOTED.finditer(text):
        if "\\" in match[0]:
            try:
                quoted.append(json.loads(match[0], strict=False))
            except ValueError:
                continue
    plain = "\n".join((text, letter_repair.undone(text), *quoted))
    for _ in range(2):  # feeds escape the markup they carry
        plain = html.unescape(_MARKUP.sub("", plain))
    said = squeeze(_MARKUP.sub("", plain))
    return said + squeeze(zawgyi.to_unicode(plain)) if re.search("[\u1000-\u109f]", plain) else said


def squeeze(text: str) -> str:
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))


def members(content: "bytes | mmap") -> Iterator[bytes]:
    """Yield the gzip members of a file that can be unpacked; skip damaged ones."""
    at = content.find(_MEMBER)
    while at >= 0:
        unpacker, view = zlib.decompressobj(31), memoryview(content)
        try:
            end = at
            while not unpacker.eof and end < len(content):
                unpacker.decompress(view[end : end + (1 << 16)])
                end += 1 << 16
            end = min(end, len(content)) - len(unpacker.unused_data)
        except zlib.error:
            end = at
        if unpacker.eof and end > at:
            yield content[at:end]
        at = content.find(_MEMBER, max(end, at + 1))


def _page(record: Any, body: bytes) -> KeptPage:
    header, inner = record.rec_headers.get_header, record.http_headers
    kind = inner.get_header("Content-Type") if inner else header("Content-Type")
    return KeptPage(
        kind=record.rec_type,
        record_id=header("WARC-Record-ID"),
        beside=header("WARC-Refers-To") or header("WARC-Concurrent-To") or "",
        url=header("WARC-Target-URI"),
        at=datetime.fromisoformat(header("WARC-Date")),
        sha256=hashlib.sha256(body).hexdigest(),
        content_type=kind or "",
        body=body,
    )
