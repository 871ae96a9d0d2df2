"""List pages: addresses of the detail pages a list leads to, and its next and previous page. An empty list has none."""

import re
from urllib.parse import urlsplit

from crawlers.items import ParsedPage
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import link_groups, pager
from crawlers.pages.posting_fields import prose
from crawlers.pages.postings import job_posting_ld

FAMILY = "listing"
NOTHING_FOUND = re.compile(
    (
        r"no (?:jobs?|results?|vacanc\w+|listings?|ads?|posts?|items?|openings?|matching \w+|positions?)"
        r"(?: \w+){0,3} (?:found|available|match\w*)|"
        r"(?:currently|at (?:the|this) moment|right now|presently)[^.\n]{0,20} no (?:\w+ ){0,2}(?:jobs?|vacanc\w+|"
        r"openings?|positions?|adverts?)|"
        r"no (?:current |open )?(?:jobs?|vacanc\w+|openings?|positions?)(?: \w+){0,2} (?:at (?:the|this) moment|"
        r"currently|right now|yet)|"
        r"(?:hiện )?chưa có (?:\w+ ){0,2}(?:tin|việc|kết quả|bài)|belum ada (?:lowongan|hasil|iklan)|"
        r"ยังไม่มี(?:งาน|ประกาศ|ตำแหน่ง)|"
        r"暂时没有|目前没有(?:职位|岗位)|нет (?:вакансий|результатов|объявлений)|"
        r"nothing found|\b0 (?:jobs|results|vacancies|ads)\b|did not match any|"
        r"không (?:tìm thấy|có)(?: \w+){0,3} (?:kết quả|việc làm|tin)|không tìm thấy|没有找到|"
        r"沒有找到|暂无(?:职位|数据|结果|信息)|暫無|查無|无搜索结果|找不到|ไม่พบ|tidak ditemukan|"
        r"tiada (?:hasil|keputusan|jawatan)|tidak ada (?:lowongan|hasil)|"
        r"walang (?:nahanap|resulta)|រកមិនឃើញ|មិនមានលទ្ធផល|ບໍ່ພົບ|မတွေ့ပါ|"
        r"कोई (?:परिणाम|नौकरी) नहीं|কোনো ফলাফল|কোন ফলাফল|کوئی نتیجہ نہیں|"
        r"aucun (?:résultat|emploi)|aucune (?:offre|annonce)|nenhum (?:resultado|emprego)|"
        r"nenhuma vaga|ningún resultado|no se encontraron|sin resultados|ничего не найдено|"
        r"не найдено|hakuna (?:matokeo|kazi)|검색 결과가 없|결과가 없|見つかりませ|該当する|"
        r"keine (?:ergebnisse|treffer|stellen)|nenašli jsme|nebyly nalezeny|nic jsme nenašli|"
        r"žádné (?:nabídky|výsledky)|nenalezen|لا توجد نتائج|لم يتم العثور"
    ),
    re.I,
)


def parse(document: PageDocument) -> ParsedPage:
    """Return the detail links of a list, in page order, and the pages before and after it."""
    following, preceding = pager.pages(document)
    return ParsedPage(
        family=FAMILY,
        title=document.heading,
        links=() if says_empty(document) else tuple(detail_links(document)),
        next_page=following,
        previous_page=preceding,
        facts={"older_page": older} if (older := pager.older(document)) else {},
    )


def says_empty(document: PageDocument) -> bool:
    """Tell whether a short visible line says that nothing was found; suggestions below it are not results."""
    if not NOTHING_FOUND.search(document.text):
        return False
    return any(len(line) < 160 and NOTHING_FOUND.search(line) for line in prose.text_of(document.body).split("\n"))


def detail_links(document: PageDocument) -> list[str]:
    """Return the addresses of the adverts a list leads to: those told to search engines, else the likeliest group of links."""
    entries = _item_list(document)
    return entries if len(entries) >= 2 else link_groups.find_best_group(document)


def _item_list(document: PageDocument) -> list[str]:
    """Return the addresses of a schema.org ItemList, which some boards print for search engines; breadcrumbs are none."""
    if '"ItemList"' not in document.text:
        return []
    results: dict[str, None] = {}
    for block in job_posting_ld.blocks(document.text):
        waiting = [job_posting_ld.read(block)[0]] if '"ItemList"' in block else []
        for _ in range(1000):
            if not waiting:
                break
            value = waiting.pop()
            if isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, dict) and value.get("@type") == "ItemList":
                elements = value.get("itemListElement")
                for element in elements if isinstance(elements, list) else [elements]:
                    inner = element.get("item", element) if isinstance(element, dict) else element
                    url = (element.get("url") if isinstance(element, dict) else None) or (
                        inner.get("url") or inner.get("@id") if isinstance(inner, dict) else inner
                    )
                    if isinstance(url, str) and (address := document.absolute(url)):
                        results[document.identity.page(address)] = None
            elif isinstance(value, dict):
                waiting.extend(part for part in value.values() if isinstance(part, dict | list))
    host = urlsplit(document.url).netloc
    return [address for address in results if not host or urlsplit(address).netloc == host]


def longest_paragraph(document: PageDocument) -> int:
    """Return the length of the longest single run of text outside of links: an advert has one, a list has teasers."""
    longest = 0
    for node in document.body.css("p, div, td, li, dd, section, article, blockquote"):
        said = 0
        child = node.first_child
        while child is not None:
            if child.tag == "-text":
                said += len((child.text_content or "").strip())
            elif child.tag in ("b", "i", "em", "strong", "span", "font", "u"):
                said += len(child.text(strip=True))
            child = child.next
        longest = max(longest, said)
    return longest
