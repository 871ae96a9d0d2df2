"""Job pages with RDFa Lite (``vocab="https://schema.org/" typeof="JobPosting"``)."""

from crawlers.items import ParsedPage
from crawlers.pages.document import PageDocument
from crawlers.pages.postings import embedded

FAMILY = "rdfa"
_SYNTAX = embedded.Syntax(scope="typeof", kind="typeof", name="property")


def speaks(document: PageDocument) -> bool:
    """Tell whether an element of the page is a JobPosting in RDFa."""
    return "typeof" in document.text and any(
        embedded.is_job_posting(node.attributes.get("typeof")) for node in document.tree.css('[typeof*="JobPosting"]')
    )


def parse(document: PageDocument) -> ParsedPage:
    """Return the postings written as RDFa."""
    return embedded.page(document, FAMILY, _SYNTAX)
