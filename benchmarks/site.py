"""A local job board to crawl: pages of 5-50 KB (log-uniform), with JobPosting JSON-LD or plain, listed 100 to a page.

    python -m benchmarks.site FOLDER [PAGES]

The same pages come out of the same seed. Text is drawn from sentences of our own, so pages differ as adverts do.
"""

import html
import json
import math
import random
import sys
from pathlib import Path

PER_LIST = 100
CITIES = ("Đà Nẵng", "Phnom Penh", "Chiang Mai", "Cebu City", "Yangon", "Surabaya", "Penang", "Vientiane", "Dhaka", "Nairobi")
TRADES = ("Kế toán", "Line cook", "ช่างไฟฟ้า", "Staf gudang", "客服专员", "Nurse", "Driver", "Thợ hàn", "Teacher", "Cashier")
SENTENCES = (
    "Làm việc giờ hành chính, nghỉ chủ nhật, đóng bảo hiểm đầy đủ theo luật.",
    "You will keep the shift log, answer guests at the desk and hand over at six.",
    "ทำงานจันทร์ถึงเสาร์ มีประกันสังคม โอทีตามกฎหมาย สัมภาษณ์ที่สำนักงาน",
    "Gaji UMR, lembur dihitung, kontrak dua belas bulan, wawancara di kantor pusat.",
    "负责处理客户的退换货申请，五险一金，双休，面试请带身份证和简历。",
    "Two years of experience on a five-axis machine; night allowance after ten.",
    "Hồ sơ gồm sơ yếu lý lịch, bằng cấp sao y và giấy khám sức khỏe.",
    "The employer files for the work permit before you travel and pays for it.",
    "Libreng uniporme at tanghalian, may araw ng pahinga bawat linggo.",
    "Send your application with two references; we answer every letter.",
)
NAV = "".join(f'<li class="nav-item"><a class="link" href="/static/{n}.css" data-x="{n}">Menu {n}</a></li>' for n in range(15))


def write(folder: Path, pages: int = 1000, seed: int = 7, *, plain: bool = False) -> None:
    """Write the board into ``folder``: ``list-1.html`` and on (each names the next), and ``job/0.html`` and on.

    ``plain``: without structured data, so that the facts stand in labels alone.
    """
    draw = random.Random(seed)
    adverts = [_advert(number, draw) for number in range(pages)]
    (folder / "job").mkdir(parents=True, exist_ok=True)
    for number, advert in enumerate(adverts):
        size = int(math.exp(draw.uniform(math.log(5_000), math.log(50_000))))
        (folder / "job" / f"{number}.html").write_text(_page(advert, adverts, size, draw, plain=plain), encoding="utf-8")
    lists = math.ceil(pages / PER_LIST)
    for number in range(lists):
        shown = adverts[number * PER_LIST : (number + 1) * PER_LIST]
        links = "".join(f'<li><a class="job" href="/job/{one["id"]}.html">{one["title"]}</a></li>' for one in shown)
        after = f'<a class="list" rel="next" href="/list-{number + 2}.html">next</a>' if number + 1 < lists else ""
        (folder / f"list-{number + 1}.html").write_text(
            f"<!doctype html><html><body><h1>All jobs</h1><ul>{links}</ul>{after}</body></html>", encoding="utf-8"
        )


def _advert(number: int, draw: random.Random) -> dict[str, str]:
    city, trade = draw.choice(CITIES), draw.choice(TRADES)
    text = "\n".join(draw.choice(SENTENCES) for _ in range(draw.randint(6, 24)))
    return {
        "id": str(number),
        "title": f"{trade}, {city} #{number}",
        "org": f"Company {number % 211}",
        "city": city,
        "date": f"2026-{draw.randint(1, 11):02}-{draw.randint(1, 28):02}",
        "text": f"{text}\nhr{number}@company{number % 211}.example.org",
    }


def _page(advert: dict[str, str], others: list[dict[str, str]], size: int, draw: random.Random, *, plain: bool) -> str:
    linked = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": advert["title"],
        "datePosted": advert["date"],
        "description": html.escape(advert["text"]),
        "employmentType": "FULL_TIME",
        "identifier": {"@type": "PropertyValue", "value": advert["id"]},
        "hiringOrganization": {"@type": "Organization", "name": advert["org"]},
        "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": advert["city"]}},
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "USD",
            "value": {"@type": "QuantitativeValue", "minValue": 900, "maxValue": 1500, "unitText": "MONTH"},
        },
    }
    title, paragraphs = html.escape(advert["title"]), "".join(f"<p>{line}</p>" for line in advert["text"].split("\n"))
    script = "" if plain else f'<script type="application/ld+json">{json.dumps(linked, ensure_ascii=False)}</script>'
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><meta property="og:title" '
        f'content="{title}"><link rel="stylesheet" href="/static/a.css"><script>window.dataLayer=window.dataLayer||[];</script>'
        f"{script}</head><body><header><nav><ul>{NAV}"
        f'</ul></nav></header><main><article class="job"><h1 class="job-title">{title}</h1><div class="company">'
        f'<a href="/c/{int(advert["id"]) % 50}">{advert["org"]}</a></div>'
        f'<dl><dt>Location</dt><dd class="location">{advert["city"]}</dd><dt>Salary</dt>'
        f'<dd class="salary">900 - 1500 USD per month</dd><dt>Date posted</dt><dd class="posted">{advert["date"]}</dd>'
        f'</dl><div class="description">{paragraphs}</div>'
        f"</article><aside>"
    )
    tail = "</aside></main><footer><p>&copy; Jobs</p></footer><script>var a=1;</script></body></html>"
    parts, length = [head], len((head + tail).encode())
    while length < size:
        other = draw.choice(others)
        card = (
            f'<div class="card related"><a class="card-link" href="/job/{other["id"]}.html"><span class="t">{other["title"]}'
            f'</span></a><span class="org">{other["org"]}</span><ul class="tags"><li>{other["city"]}</li>'
            f'<li>{other["date"]}</li></ul><p class="snippet">{other["text"][:160]}</p></div>'
        )
        parts.append(card)
        length += len(card.encode())
    return "".join([*parts, tail])


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
