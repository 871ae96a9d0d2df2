"""Contacts published as links beside the words of a posting are contacts like those in the text."""

from datetime import UTC, datetime

import pytest

from crawlers.items import Posting
from enrichment.assess import Assessor
from enrichment.assessment import Assessment, Contact
from enrichment.campaigns.linkage import Rules
from index.base import Record
from index.campaigns.relink import _contacts
from index.terms.record_terms import contact_keys, facets, keys

TEXT = "Tuyển nhân viên, việc nhẹ lương cao, bấm nút bên dưới."
LINKS = {
    "https://t.me/sample_hr_desk?start=1": ("telegram", "sample_hr_desk"),
    "tg://resolve?domain=sample_tg_desk": ("telegram", "sample_tg_desk"),
    "https://t.me/+AbCdEf12345": ("telegram", "+AbCdEf12345"),
    "mailto:sample.hr@example.org?subject=Job%20here": ("email", "sample.hr@example.org"),
    "tel:+44 7700 900123": ("phone", "+447700900123"),
    "tel:0500000142": ("phone", "+84500000142"),
    "sms:+447700900124?body=hi": ("phone", "+447700900124"),
    "https://wa.me/447700900125?text=hi": ("whatsapp", "+447700900125"),
    "whatsapp://send?phone=447700900126": ("whatsapp", "+447700900126"),
    "https://zalo.me/0500000143": ("zalo", "+84500000143"),
    "https://line.me/ti/p/~sample_line": ("line", "sample_line"),
    "line://ti/p/@sample_two": ("line", "sample_two"),
    "viber://chat?number=%2B447700900127": ("viber", "+447700900127"),
    "viber://contact?number=447700900128": ("viber", "+447700900128"),
    "https://m.me/sample.page": ("url", "https://m.me/sample.page"),
}


def judged(assessor: Assessor, text: str, *links: str) -> Assessment:
    """Return the assessment of a posting from Vietnam with links."""
    return assessor.assess(id="1", title=None, text=text, countries=("VN",), links=links)


def test_every_form_of_link_gives_the_contact_a_text_would(assessor: Assessor) -> None:
    """It stands nowhere in the text, and says how it was published."""
    found = judged(assessor, TEXT, *LINKS).contacts
    assert [(one.link, (one.type, one.value)) for one in found] == [*LINKS.items()]
    assert {(one.start, one.end) for one in found} == {(0, 0)}


@pytest.mark.parametrize("link", ["https://t.me/share/url?url=x", "viber://forward?text=x", "tel:", "mailto:?subject=x", "x\ny"])
def test_what_reaches_nobody_is_no_contact(assessor: Assessor, link: str) -> None:
    """Buttons that pass a page on, and empty ones."""
    assert judged(assessor, TEXT, link).contacts == ()


def test_a_contact_in_the_text_and_in_a_link_is_one(assessor: Assessor) -> None:
    """The one in the text stays, for it has a place."""
    (one,) = judged(assessor, "Telegram: @sample_hr_desk", "https://t.me/Sample_HR_desk").contacts
    assert one.link is None
    assert one.start < one.end


def test_it_names_the_campaign_and_is_found_and_linked_by(assessor: Assessor) -> None:
    """As any other contact: facet, keys and linking."""
    found = judged(assessor, TEXT, "https://t.me/sample_hr_desk")
    assert found.campaign_key == "telegram:sample_hr_desk"
    now = datetime(2026, 1, 1, tzinfo=UTC)
    posting = Posting(id="1", source="board", url="https://example.org/1", text=TEXT, contacts=("https://t.me/sample_hr_desk",))
    record = Record(id="1", posting=posting, assessment=found, first_seen=now, last_seen=now, run_id="r", partition="p")
    assert {*contact_keys("telegram", "sample_hr_desk")} <= {*keys(record)}
    assert facets(record)["contact_type"] == ("telegram",)
    assert _contacts(record, Rules()) == {":sample_hr_desk"}


def test_who_quotes_an_advert_and_links_to_his_own_account_gives_a_contact(assessor: Assessor) -> None:
    """A link stands outside all quotation marks; it carries no text of its own that could be blanked or cut."""
    contact = Contact(type="telegram", value="sample", start=0, end=0, link="https://t.me/sample")
    assert contact.link
    text = "Liên hệ mình ngay nhé. Cảnh giác kẻ lừa đảo."
    assert judged(assessor, text, "https://t.me/sample_hr_desk").stance == "offer"
