"""Job feeds in XML of the board's own making (Indeed's ``source/job``, Trovit's ``ad``, Startupjobs' ``offer``…): one
Posting per repeated element."""

import re
from collections import Counter

from crawlers.items import ParsedPage, Posting, Reject
from crawlers.pages import page_urls, xml
from crawlers.pages.document import SHARED, PageDocument, separate_postings
from crawlers.pages.posting_fields import prose
from foundation.yaml_limits import read_table

FAMILY = "xml_jobs"
_NOT_JOBS = frozenset(
    ["html", "rss", "feed", "rdf", "channel", "urlset", "sitemapindex", "svg", "math", "xhtml", "opml", "error"]
)
_FIELDS = read_table(__file__, "xml_jobs.yml", dict[str, str])
_FIELD_OF = {name: field for field, names in _FIELDS.items() for name in names.split()}


def speaks(document: PageDocument) -> bool:
    """Tell whether the text is XML that repeats an element with a title and a link or a description."""
    name = xml.first_element(document.text)
    if not name or name in _NOT_JOBS or not document.text.lstrip("\ufeff \r\n\t").startswith("<"):
        return False
    if not (
        document.text.lstrip("\ufeff \r\n\t").startswith("<?xml")
        or name not in ("div", "section", "article", "body", "p", "table", "ul", "span", "main", "head", "a", "h1", "li", "form")
    ):
        return False
    root = xml.root(document.text)
    return root is not None and bool(_items(root))


def parse(document: PageDocument) -> ParsedPage:
    """Return the adverts of the feed; one without a title is a Reject ``no_title``."""
    root = xml.root(document.text)
    read_postings: list[Posting] = []
    rejected: list[Reject] = []
    for position, item in enumerate(_items(root) if root is not None else (), start=1):
        facts = _facts(item)
        address = document.absolute(facts.get("url")) or f"{document.url}#{facts.get('native_id') or position}"
        title = prose.one_line(prose.text_of_html(facts.get("title", "")))
        if not title:
            rejected.append(Reject(url=address, reason="no_title", detail=xml.name(item)))
            continue
        markup = facts.get("text", "")
        contacts, links = page_urls.of(PageDocument(markup, document.url).body, address) if "<" in markup else ((), ())
        published = facts.get("posted_at")
        posting = document.posting(
            address,
            native_id=facts.get("native_id"),
            title=title,
            text=prose.text_of_html(markup) or title,
            company=facts.get("company"),
            location=facts.get("location"),
            pay_raw=facts.get("pay_raw"),
            posted_at=document.moment(published),
            posted_at_raw=published,
            valid_through=document.moment(facts.get("valid_through")),
            employment_type=facts.get("employment_type"),
            remote=True if re.search(r"^(?:true|yes|1|fully)|remote", facts.get("remote", ""), re.I) else None,
            contacts=contacts,
            links=links,
        )
        read_postings.append(posting)
    postings, shared = separate_postings(read_postings)
    return ParsedPage(
        family=FAMILY,
        postings=tuple(postings),
        links=tuple(posting.url for posting in postings if "#" not in posting.url),
        rejected=tuple(rejected),
        facts={SHARED: str(shared)} if shared else {},
    )


def _items(root: xml.Element) -> list[xml.Element]:
    """Return the elements of the name that most often has a title with a link or a description beside it."""
    likely: Counter[str] = Counter()
    for element in root.iter():
        if len(element) >= 2:
            fields = {_FIELD_OF.get(xml.name(child)) for child in element}
            if "title" in fields and fields & {"url", "text", "company"}:
                likely[xml.name(element)] += 1
    if not likely:
        return []
    best = likely.most_common(1)[0][0]
    return [element for element in root.iter() if xml.name(element) == best and len(element) >= 2]


def _facts(item: xml.Element) -> dict[str, str]:
    """Return field -> words; where several names of a field occur the first of the table's order wins."""
    results: dict[str, tuple[int, str]] = {}
    for child in item:
        name = xml.name(child)
        field = _FIELD_OF.get(name)
        if field is None:
            continue
        parts = [xml.element_text(part) for part in child] if len(child) and field != "text" else []
        said = ", ".join(dict.fromkeys(part for part in parts if part)) or xml.element_text(child)
        said = said if field == "text" else prose.one_line(said) or ""
        rank = _FIELDS[field].split().index(name)
        if said and (field not in results or rank < results[field][0]):
            results[field] = (rank, said)
    return {field: said for field, (_, said) in results.items()}
