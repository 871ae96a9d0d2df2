"""Job pages with schema.org microdata (``itemscope itemtype="https://schema.org/JobPosting"``)."""

from crawlers.items import ParsedPage
from crawlers.pages.document import PageDocument
from crawlers.pages.postings import embedded

FAMILY = "microdata"
_SYNTAX = embedded.Syntax(scope="itemscope", kind="itemtype", name="itemprop")


def speaks(document: PageDocument) -> bool:
    """Tell whether an element of the page is a JobPosting in microdata."""
    return "itemtype" in document.text and any(
        embedded.is_job_posting(node.attributes.get("itemtype")) for node in document.tree.css('[itemtype*="JobPosting"]')
    )


def parse(document: PageDocument) -> ParsedPage:
    """Return the postings written as microdata."""
    return embedded.page(document, FAMILY, _SYNTAX)
