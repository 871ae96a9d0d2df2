"""A reply is judged by its own words: the title of its thread, somebody else's, is never evidence."""

import pytest

from crawlers.items import Posting
from crawlers.pages.document import PageDocument
from crawlers.pages.threads import forum_thread
from enrichment.assess import Assessor, PostingText
from tests.crawlers.pages.threads.test_forum_thread import post

TITLES = (
    "25 seats: online marketing, airfare and hostel on us",
    "Typists wanted for Poipet, free flight and dormitory, the company keeps passports",
    "Tuyển gấp nhân viên nhập liệu đi Bavet, bao vé máy bay, bao ăn ở, công ty giữ hộ chiếu",
    "Dibutuhkan segera admin chat di Sihanoukville, tiket gratis, paspor dipegang perusahaan",
    "รับสมัครด่วนแอดมินตอบแชทที่ปอยเปต ตั๋วเครื่องบินฟรี บริษัทเก็บพาสปอร์ต",
    "西港高薪急招打字员，包吃包住包机票，护照由公司保管",
    "Need a kidney donor, blood group O, we pay 50,000 USD, passport and flight arranged",
    "Egg donors wanted abroad, all costs paid, reward for each girl you bring",
)
REPLIES = (
    "bump", "up", "Up up", "Which company is this?", "This is a scam, report it.", "Is this still open?",
    "Interested, how do I apply?", "Locked. Do not contact the handle in this thread.",
    "My cousin went there and could not leave. Do not go!", "Following", "Reported to the police.", "How much is the pay?",
    "Công ty này tên gì vậy?", "Lừa đảo đó, đừng đi.", "Chấm", "Ini penipuan, hati-hati.", "Masih ada lowongan?",
    "มิจฉาชีพครับ อย่าไป", "สนใจครับ", "骗子，别去", "顶", "请问是哪家公司？", "Это обман, не верьте.", "Ap", "Merci pour l'info",
)  # fmt: skip


def read_thread(title: str) -> list[Posting]:
    """Return the posts of a thread whose opening post names a messenger, and under it all replies."""
    posts = [
        post(1, "sample_a", "Write on Telegram @sample_ops"),
        *(post(at, "sample_b", said) for at, said in enumerate(REPLIES, 2)),
    ]
    markup = f'<html id="phpbb"><h2 class="topic-title"><a>{title}</a></h2>{"".join(posts)}'
    return list(forum_thread.parse(PageDocument(markup, "https://forum.example.org/viewtopic.php?t=1")).postings)


@pytest.mark.parametrize("title", TITLES)
def test_no_reply_is_flagged_by_the_title_of_its_thread(assessor: Assessor, title: str) -> None:
    """``TITLES`` times ``REPLIES`` are 200; the opening post is judged with its title."""
    opening, *replies = read_thread(title)
    assert (opening.title, {reply.title for reply in replies}, len(replies)) == (title, {None}, len(REPLIES))
    judged = list(assessor.assess_all(PostingText(each.id, each.title, each.text) for each in (opening, *replies)))
    assert [(reply.text, found.score) for reply, found in zip(replies, judged[1:], strict=True) if found.flagged] == []
    assert judged[0].score > max(found.score for found in judged[1:])
