"""Makes a Posting of a schema.org JobPosting (JSON-LD, microdata, RDFa).

Field meanings: https://schema.org/JobPosting and Google's job posting guide (jobLocationType, applicantLocationRequirements,
baseSalary).
"""

import html
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crawlers.items import ParsedPage, Posting, Reject
from crawlers.pages.document import SHARED, PageDocument, separate_postings
from crawlers.pages.listings import pager
from crawlers.pages.posting_fields import prose
from crawlers.text.stated_pay import Pay, Period

Facts = Mapping[str, Any]
PERIODS: dict[str, Period] = {
    "HOUR": "hour", "DAY": "day", "WEEK": "week", "MONTH": "month", "YEAR": "year",
    "ANN": "year", "HUR": "hour", "MON": "month", "WEE": "week",
}  # fmt: skip
"""``unitText`` as schema.org and, in the second row, UN/CEFACT write it, by prefix."""


def page(
    document: PageDocument,
    family: str,
    found: Sequence[tuple[Facts, str]],
    *,
    rejected: Sequence[Reject] = (),
    said: Mapping[str, str] | None = None,
) -> ParsedPage:
    """Return the page with the postings of the facts ``found`` on it, each at its address; several make a list with links.

    ``said``: further facts of the page.
    """
    read = [(address, posting(facts, document, address)) for facts, address in found]
    nameless = [
        Reject(url=address, reason="no_title", detail="JobPosting with neither title nor description")
        for address, result in read
        if result is None
    ]
    postings, shared = separate_postings(result for _, result in read if result is not None)
    facts = {**(said or {}), **({SHARED: str(shared)} if shared else {})}
    result = ParsedPage(family=family, postings=tuple(postings), rejected=(*rejected, *nameless), facts=facts)
    if len(postings) <= 1:
        return msgspec.structs.replace(result, title=next((posting.title for posting in postings), None))
    following, preceding = pager.pages(document)
    links = tuple(posting.url for posting in postings if "#" not in posting.url)
    return msgspec.structs.replace(result, title=document.heading, links=links, next_page=following, previous_page=preceding)


def posting(facts: Facts, document: PageDocument, address: str | None = None) -> Posting | None:
    """Return the posting that ``facts`` describe; None when they name neither a title nor a description."""
    title = _text(facts.get("title")) or _text(facts.get("name"))
    description = _description(facts, document.base)
    if not title and not description.text:
        return None
    published, deadline = _text(facts.get("datePosted")), _text(facts.get("validThrough"))
    language = _text(facts.get("inLanguage")) or document.language
    location = "; ".join(_places_of(facts))
    organisation = facts.get("hiringOrganization") or facts.get("employer")
    pay = _pay(facts.get("baseSalary") or facts.get("estimatedSalary"), facts)
    contacts = dict.fromkeys(description.contacts) | _application_contacts(facts)
    return document.posting(
        address or document.address,
        text=description.text or title or "",
        native_id=_identifier(facts.get("identifier")),
        title=title,
        company=_organisation(organisation),
        company_url=_company_url(organisation, document),
        location=location or None,
        pay=pay,
        pay_raw=pay.raw if pay else _text(facts.get("baseSalary")) or _text(facts.get("salary")),
        posted_at=document.moment(published, language),
        posted_at_raw=published,
        valid_through=document.moment(deadline, language),
        employment_type=", ".join(dict.fromkeys(_texts(facts.get("employmentType")))) or None,
        remote=True if any("TELECOMMUTE" in word.upper() for word in _texts(facts.get("jobLocationType"))) else None,
        openings=_text(facts.get("totalJobOpenings")),
        language_hint=language,
        contacts=tuple(contacts),
        links=description.links,
    )


def _places_of(facts: Facts) -> list[str]:
    """Return the place of work; else a short list of countries that applicants may live in."""
    places = list(dict.fromkeys(_places(facts.get("jobLocation"))))
    if places:
        return places
    allowed = list(dict.fromkeys(_places(facts.get("applicantLocationRequirements"))))
    return allowed if len(allowed) <= 3 else []


def _texts(value: Any) -> list[str]:
    """Return the words in a value that schema.org lets be a text, a number, an object with a name, or a list of these."""
    if isinstance(value, str):
        text = prose.one_line(html.unescape(value) if "&" in value else value)
        return [prose.text_of_html(text).replace("\n", " ")] if text and "<" in text else [text] if text else []
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [f"{value:g}" if abs(value) < 1e6 else str(value)]
    if isinstance(value, dict):
        return _texts(value.get("@value") or value.get("name") or value.get("value"))
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return []


def _text(value: Any) -> str | None:
    texts = _texts(value)
    return texts[0] if texts else None


def _description(facts: Facts, base: str) -> prose.Fragment:
    """Return the advert's words; the parts beside the description repeat it on most boards and count only without one."""
    for names in (("description",), ("responsibilities", "skills", "qualifications", "experienceRequirements", "jobBenefits")):
        values = [facts.get(name) for name in names]
        texts = [item for value in values for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
        read = [prose.fragment(text, base) for text in texts]
        if text := "\n".join(part.text for part in read if part.text):
            contacts = dict.fromkeys(contact for part in read for contact in part.contacts)
            return prose.Fragment(text, tuple(contacts), tuple(dict.fromkeys(link for part in read for link in part.links)))
    return prose.Fragment("", (), ())


def _organisation(value: Any) -> str | None:
    if isinstance(value, dict):
        return _text(value.get("name")) or _text(value.get("legalName"))
    return _text(value)


def _company_url(value: Any, document: PageDocument) -> str | None:
    """Return the employer's own site when the page names a real address (``http://Stealth co`` is none)."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, dict):
        return None
    for name in ("sameAs", "url"):
        for text in _texts(value.get(name)):
            if text.startswith("http") and (address := document.absolute(text)) and "." in address.split("/")[2]:
                return address
    return None


def _places(value: Any) -> list[str]:
    if isinstance(value, str):
        return [text] if (text := _text(value)) else []
    if isinstance(value, list):
        return [place for item in value for place in _places(item)]
    if not isinstance(value, dict):
        return []
    address = value.get("address")
    if isinstance(address, str | list):
        return _places(address) or _places(value.get("name"))
    where = address if isinstance(address, dict) else value
    parts = [_text(where.get(name)) for name in ("addressLocality", "addressRegion", "addressCountry")]
    named = list(dict.fromkeys(part for part in parts if part))
    if not any(parts[:2]) and (street := _text(where.get("streetAddress"))):
        named.insert(0, street)
    # "Toronto, Ontario, Canada" in one field and "Canada" in the next would say the country twice
    kept = [part for at, part in enumerate(named) if not any(part in other.split(", ")[1:] for other in named[:at])]
    return [", ".join(kept)] if kept else _texts(value.get("name"))


def _pay(value: Any, facts: Facts) -> Pay | None:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), None)
    elif isinstance(value, int | float):
        value = {"value": value}
    if not isinstance(value, dict):
        return None
    figures = value["value"] if isinstance(value.get("value"), dict) else value
    low, high = _bounds(figures, value)
    if low is None or high is None or high <= 0 or math.inf in (low, high):
        return None
    currency = _first_text(value.get("currency"), figures.get("currency"), facts.get("salaryCurrency"))
    unit = (_first_text(figures.get("unitText"), value.get("unitText"), figures.get("unitCode")) or "").upper()
    period = next((name for prefix, name in PERIODS.items() if unit.startswith(prefix)), None)
    amount = f"{low:g}" if low == high else f"{low:.10g}–{high:.10g}"
    raw = " ".join(word for word in (currency, amount, unit) if word)
    return Pay(low=min(low, high), high=max(low, high), currency=currency.upper() if currency else None, period=period, raw=raw)


def _bounds(figures: Facts, value: Facts) -> list[float | None]:
    """Return the least and the greatest pay; where one of them is not said, the exact figure or the other."""
    said = [_number(figures.get(name) or value.get(name)) for name in ("minValue", "maxValue")]
    exact = _number(figures.get("value"))
    return [next((number for number in (bound, exact, *said[::-1]) if number is not None), None) for bound in said]


def _first_text(*values: Any) -> str | None:
    return next(filter(None, map(_text, values)), None)


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list) and value:
        return _number(value[0])
    if not isinstance(value, str):
        return None
    digits = re.sub(r"[\s\u00a0']", "", value)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?", digits):
        whole, _, rest = re.match(r"(\d{1,3}(?:[.,]\d{3})+)([.,]?)(\d{0,2})$", digits).groups()  # type: ignore[union-attr]
        return float(re.sub(r"[.,]", "", whole) + (f".{rest}" if rest else ""))
    return float(digits.replace(",", ".")) if re.fullmatch(r"\d+(?:[.,]\d+)?", digits) else None


def _identifier(value: Any) -> str | None:
    if isinstance(value, dict):
        return _text(value.get("value")) or _text(value.get("@value"))
    return _text(value)


def _application_contacts(facts: Facts) -> dict[str, None]:
    """Return the addresses of ``applicationContact``."""
    contacts: dict[str, None] = {}
    point = facts.get("applicationContact")
    for item in point if isinstance(point, list) else [point]:
        if isinstance(item, dict):
            contacts.update(dict.fromkeys(f"mailto:{mail.removeprefix('mailto:')}" for mail in _texts(item.get("email"))))
            contacts.update(dict.fromkeys(f"tel:{number}" for number in _texts(item.get("telephone"))))
    return contacts
