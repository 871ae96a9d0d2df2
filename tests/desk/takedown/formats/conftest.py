"""Lists of hostile text in every script, without a desk: made from records and decisions alone."""

import io
import random
from datetime import timedelta

import msgspec
import pytest
from PIL import Image

from desk.cases.case_decisions import Decision
from desk.highlighting import plain_line
from desk.list_maker import Notifier
from desk.takedown.notice import Charge, find_charge, notice, notice_id
from desk.takedown.repository import ListEntry
from desk.takedown.takedown_document import Exhibit, FirstTold, SentencePair, TakedownDocument

SCRIPTS = (
    "Tuyển gấp, giữ hộ chiếu", "高薪招聘，护照由公司保管", "ក្រុមហ៊ុនរក្សាទុកលិខិតឆ្លងដែន", "နိုင်ငံကူးလက်မှတ်ကို သိမ်းထားသည်",
    "کمپنی پاسپورٹ اپنے پاس رکھتی ہے", "บริษัทเก็บพาสปอร์ตไว้", "ບໍລິສັດເກັບປັດສະປອດ", "कंपनी पासपोर्ट रखती है",
    "কোম্পানি পাসপোর্ট রাখে", "ኩባንያው ፓስፖርት ይይዛል", "компания хранит паспорт", "회사가 여권을 보관", "会社がパスポートを保管",
    "גיוס עובדים", "الشركة تحتفظ بالجواز", "நிறுவனம் கடவுச்சீட்டை", "ආයතනය ගමන් බලපත්‍රය", "კომპანია ინახავს პასპორტს",
    "ընկերությունը պահում է", "lương cao\u0301", "👩🏽\u200d💻🇻🇳🇰🇭",
)  # fmt: skip
ATTACKS = (
    "=1+1", '=HYPERLINK("http://evil.example","x")', "@SUM(1,1)", "\t=1+1", "\r\n-1+1", "\x00=1", "＝1+1", "\u200b=1+1", "'",
    "\\", "\\'", "' OR file:name = 'x", "]]>", "<script>alert(1)</script>", "</w:t><!--", "{{ 7*7 }}", "{% raw %}", "\u202eevil",
    "\ufeff", "\ufffe", "\ud800", "\x1b[31m", "%0d%0aBcc: x", '"; DROP', "x" * 3000, "", "\u2028", "\ue000\U000f0000",
    "a\u0300" * 90, "=cmd|'/c calc'!A0",
)  # fmt: skip


def made_picture():
    """Return a small screenshot."""
    out = io.BytesIO()
    Image.new("RGB", (90, 140), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


JPEG = made_picture()
QUERIES = ("%3D1", "'", "=1+1", "%22", "%5C")


@pytest.fixture
def hostile(kept, platforms, now):
    """Return a function that makes a list of hostile items; the same number makes the same list."""

    def do(number, items=2, change="new"):
        dice = random.Random(number)

        def words():
            return " ".join(dice.choice((*SCRIPTS, *ATTACKS)) for _ in range(dice.randint(1, 4)))

        platform = platforms.platforms["board"]
        notifier = Notifier(name=f"Desk {dice.choice(SCRIPTS)}", email="desk@example.org")
        entries = []
        for at in range(items):
            record = kept(
                number * 100 + at, title=words(), text=f"{words()} passport kept {words()}", author=words(),
                native_id=words() or None, url=f"https://board.example.org/jobs/{number * 100 + at}?q={dice.choice(QUERIES)}",
            )  # fmt: skip
            decision = Decision(
                id=at + 1, item_id=record.id, seq=1, kind="confirm", tag="scam_compound", severity="critical",
                clause="forced_labour", note=words(), disclosed=words(), source="s", url=record.posting.url, revision=1,
                text_sha256="0" * 64, by="minh", at=now,
            )  # fmt: skip
            charge = find_charge(record, decision, platforms)
            assert isinstance(charge, Charge)
            body = notice(record, decision, charge, key="board", platform=platform, notifier=notifier)
            entries.append(ListEntry(item_id=record.id, change="new", decision_id=at + 1, body=body))
        pairs = tuple(SentencePair(original=plain_line(words()), words=plain_line(words())) for _ in range(dice.randint(1, 3)))
        shown = Exhibit(picture=JPEG, engine="Sample engine =1+1 <b>", language="en", sentences=pairs)
        document = TakedownDocument(
            exhibits={each.item_id: shown for each in entries if dice.random() < 0.7}, key="board", platform=platform,
            number=number + 1, built_at=now, previous_number=None, previous_manifest=None, notifier=notifier,
            entries=tuple(entries), audit_head="0:" + "0" * 64,
            standing=tuple(sorted(notice_id("board", each.item_id) for each in entries)),
        )  # fmt: skip
        return document if change == "new" else follow(document, change)

    return do


def follow(document, change):
    """Return the list that updates the notices of a list, or takes them back."""
    from desk.takedown.list_drafts import withdrawal

    first = FirstTold(number=document.number, built_at=document.built_at)
    later = document.built_at + timedelta(days=3)
    entries = tuple(
        withdrawal(each, dismissed=False, first=first, sent_at=document.built_at, decision_id=9, now=later)
        if change == "withdrawn"
        else msgspec.structs.replace(each, change="updated", body=each.body | {"changed": ["note"]})
        for each in document.entries
    )
    return msgspec.structs.replace(
        document, number=document.number + 1, built_at=later, entries=entries, previous_number=document.number,
        previous_manifest="0" * 64, told={each.item_id: first for each in entries},
        exhibits={} if change == "withdrawn" else document.exhibits, standing=() if change == "withdrawn" else document.standing,
    )  # fmt: skip
