"""What the facts of one listing cost: views, language, contacts, pay, places, against the usual tools, in one process and one
run.

``python -m benchmarks.facts [--json]``. Listings of about 1,500 characters (3 KB) in 20 languages with a contact and a figure
in the middle and at the end, made here from everyday
sentences.
Peers: langdetect for the language; ``PhoneNumberMatcher`` with one regular expression for the other contacts; NFKC, casefold and
``unicodedata`` decomposition for the views. Times are the least of several rounds of CPU time; read the ratios.
"""

import argparse
import json
import random
import re
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import langdetect
import phonenumbers

from enrichment.assessment import Language
from enrichment.contacts.countries import LANGUAGE_COUNTRIES
from enrichment.contacts.extract import contacts
from enrichment.facts.pay import pay
from enrichment.facts.places import Gazetteer
from enrichment.language.detect import language
from enrichment.text.views import Views

SENTENCES = {
    "vi": "Công ty cần tuyển nhân viên chăm sóc khách hàng làm việc tại văn phòng. Bao ăn ở, có xe đưa đón, cần biết đánh máy. ",
    "en": "We are hiring customer service staff for our new office. Free ticket and dormitory. No experience is required. ",
    "id": "Dibutuhkan karyawan untuk kantor kami di luar negeri. Tiket dan tempat tinggal ditanggung perusahaan. ",
    "ms": "Syarikat kami mahu mengambil pekerja untuk pejabat baharu. Tempat tinggal dan makanan disediakan percuma. ",
    "tl": "Naghahanap kami ng mga empleyado para sa opisina sa ibang bansa. Libre ang tiket at tirahan ng lahat. ",
    "fr": "Nous recherchons des jeunes pour travailler dans notre nouveau bureau. Le billet et le logement sont offerts. ",
    "pt": "Estamos contratando pessoas para trabalhar no nosso escritório. A passagem e a moradia são pagas pela empresa. ",
    "es": "Buscamos personas para trabajar en nuestra oficina. La empresa paga el pasaje y el alojamiento de todos. ",
    "sw": "Tunatafuta vijana kwa ajili ya kazi katika ofisi yetu mpya. Tiketi na malazi yanalipwa na kampuni. ",
    "ru": "Требуются сотрудники для работы в нашем новом офисе. Билет и проживание оплачивает компания. ",
    "th": "รับสมัครพนักงานตอบแชทลูกค้า มีที่พักและอาหารฟรี ไม่ต้องมีประสบการณ์ เดินทางได้ทันที ",
    "zh": "公司招聘客服人员，包吃包住，机票由公司承担，不需要经验，会打字就行，欢迎联系我们了解详情。",
    "km": "ក្រុមហ៊ុនត្រូវការបុគ្គលិកធ្វើការ មានកន្លែងស្នាក់នៅ និងអាហារ មិនចាំបាច់មានបទពិសោធន៍ ",
    "my": "ကုမ္ပဏီမှ ဝန်ထမ်းများ ခေါ်ယူနေပါသည်။ နေစရာနှင့် အစားအသောက် ကုမ္ပဏီမှ တာဝန်ယူသည်။ ",
    "lo": "ບໍລິສັດຮັບພະນັກງານຕອບແຊັດລູກຄ້າ ມີທີ່ພັກແລະອາຫານຟຣີ ບໍ່ຕ້ອງມີປະສົບການ ",
    "hi": "कंपनी को नए कार्यालय के लिए कर्मचारियों की जरूरत है। रहना और खाना कंपनी की तरफ से होगा। ",
    "bn": "কোম্পানির নতুন অফিসে কাজ করার জন্য লোক দরকার। থাকা ও খাওয়া কোম্পানি দেবে। ",
    "ur": "کمپنی کو نئے دفتر کے لیے لوگوں کی ضرورت ہے۔ رہائش اور کھانا کمپنی کی طرف سے ہوگا۔ ",
    "ko": "새 사무실에서 일할 직원을 구합니다. 숙소와 식사를 제공하며 경력은 필요하지 않습니다. ",
    "ja": "新しいオフィスで働くスタッフを募集しています。寮と食事は会社が用意します。経験は不問です。",
}
ENDINGS = (
    "Telegram @sample_hr_{n}, 1,{n} USD. ", "WhatsApp +44 7700 900{n}. Salary 9{n}$. ",
    "hr{n}@example.org, https://example.org/jobs/{n} ",
    "Zalo 0500 000 {n}, 22 triệu. ", "微信 sample{n}，月薪1.5万. ", "Bangkok 2025-05-{n}, tel 0500000{n}. ",
)  # fmt: skip


def listings(count: int) -> list[tuple[str, str]]:
    """Return ``count`` listings with their languages, the same in every run."""
    dice = random.Random(11)
    made = []
    for number in range(count):
        code = list(SENTENCES)[number % len(SENTENCES)]
        body = SENTENCES[code] * (1500 // len(SENTENCES[code]))
        half = len(body) // 2
        first, second = (dice.choice(ENDINGS).format(n=dice.randrange(100, 999)) for _ in range(2))
        made.append((code, (body[:half] + first + body[half:])[:1480] + second))
    return made


def microseconds(work: Callable[[], object], each: int, rounds: int = 5) -> float:
    """Return the least CPU time of ``rounds`` runs of ``work``, per listing."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best / each * 1e6


_NAIVE = re.compile(
    r"(?:https?://)?t\.me/[\w+]+|@[A-Za-z]\w{4,31}|(?:https?://)?wa\.me/\d+|[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+|(?:zalo|line|wechat|微信|ไลน์)\s*:?\s*[\w.-]+",
    re.I,
)


def naive_contacts(code: str, text: str) -> list[str]:
    """Read contacts as a first version would."""
    region = LANGUAGE_COUNTRIES.get(code, ("US",))[0]
    return [match.raw_string for match in phonenumbers.PhoneNumberMatcher(text, region)] + _NAIVE.findall(text)


def naive_views(text: str) -> tuple[str, str]:
    """Fold a text as a first version would."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(char for char in unicodedata.normalize("NFD", folded) if unicodedata.category(char) != "Mn")
    return folded, bare


def measure(count: int = 200) -> dict[str, dict[str, float]]:
    """Return microseconds per listing for each fact, ours and the peer's, and their ratio."""
    langdetect.DetectorFactory.seed = 0
    texts = listings(count)
    gazetteer = Gazetteer(Path(__file__).resolve().parent.parent / "seeds" / "places.yml")
    ready = [(code, Views(text)) for code, text in texts]
    told: list[Language] = [language(seen) for _, seen in ready]
    for (_, seen), spoken in zip(ready, told, strict=True):
        contacts(seen, spoken)
        pay(seen, spoken)
        list(seen.distinct())

    def all_views() -> None:
        for _, text in texts:
            seen = Views(text)
            list(seen.distinct())
            seen.disguise_counts  # noqa: B018  its cost is part of the views'

    ours = {
        "views": microseconds(all_views, count),
        "language": microseconds(lambda: [language(seen) for _, seen in ready], count),
        "contacts": microseconds(lambda: [contacts(seen, spoken) for (_, seen), spoken in zip(ready, told, strict=True)], count),
        "pay": microseconds(lambda: [pay(seen, spoken) for (_, seen), spoken in zip(ready, told, strict=True)], count),
        "places": microseconds(
            lambda: [gazetteer.places(seen, spoken) for (_, seen), spoken in zip(ready, told, strict=True)], count
        ),
    }
    few = texts[:60]
    peers = {
        "views": microseconds(lambda: [naive_views(text) for _, text in texts], count, 2),
        "language": microseconds(lambda: [naive_language(text) for _, text in few], len(few), 2),
        "contacts": microseconds(lambda: [naive_contacts(code, text) for code, text in texts], count, 2),
    }
    table = {
        name: {"us": round(value, 1), "peer_us": round(peers[name], 1) if name in peers else 0.0} for name, value in ours.items()
    }
    table["all"] = {"us": round(sum(ours.values()), 1), "peer_us": round(sum(peers.values()), 1)}
    return table


def naive_language(text: str) -> str:
    """Return the language that langdetect names."""
    try:
        return str(langdetect.detect(text))
    except langdetect.LangDetectException:
        return "und"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args()
    table = measure()
    if options.json:
        print(json.dumps(table))
        return
    print(f"{'fact':10} {'us/listing':>11} {'usual tools':>12} {'ratio':>7}")
    for name, row in table.items():
        peer = f"{row['peer_us']:12.1f} {row['peer_us'] / row['us']:6.1f}x" if row["peer_us"] else f"{'-':>12} {'-':>7}"
        print(f"{name:10} {row['us']:11.1f} {peer}")


if __name__ == "__main__":
    main()
