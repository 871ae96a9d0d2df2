"""Where the next and previous page of a list or thread are: declared links, pager words of the languages served, page numbers."""
# ruff: noqa: SIM905 - a list of words reads best as one text

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawlers.items import Lead
from crawlers.pages.document import PageDocument
from crawlers.pages.fields import prose

NEXT = frozenset(
    (
        "next|next page|next »|more|load more|tiếp|tiếp theo|trang sau|trang tiếp|"
        "trang tiếp theo|trang kế|trang kế tiếp|sau|kế tiếp|xem thêm|下一页|下页|下一頁|下一篇|下頁|后页|next page of|"
        "ถัดไป|หน้าถัดไป|หน้าต่อไป|berikutnya|selanjutnya|seterusnya|halaman berikutnya|"
        "laman seterusnya|berikut|susunod|susunod na pahina|បន្ទាប់|ទំព័របន្ទាប់|នៅខាងមុខ|"
        "နောက်|နောက်တစ်ခု|နောက်စာမျက်နှာ|ရှေ့သို့|ຕໍ່ໄປ|ຖັດໄປ|ໜ້າຕໍ່ໄປ|अगला|अगले|अगला पृष्ठ|"
        "अर्को|अर्को पृष्ठ|পরবর্তী|পরের পাতা|اگلا|اگلا صفحہ|ඊළඟ|ඊළඟ පිටුව|மேலும்|அடுத்த|"
        "அடுத்து|அடுத்த பக்கம்|suivant|suivante|page suivante|suiv|suiv.|próxima|próximo|"
        "próxima página|seguinte|página seguinte|siguiente|página siguiente|próximos|"
        "следующая|следующая страница|след|след.|вперед|вперёд|далее|дальше|inayofuata|mbele|"
        "ukurasa unaofuata|ቀጣይ|ቀጣይ ገጽ|다음|다음페이지|다음 페이지|次|次へ|次のページ|次ページ|další|další stránka|"
        "následující|weiter|nächste|nächste seite|vorwärts|volgende|التالي|الصفحة التالية|"
        "sonraki|następna|successiva|avanti"
    ).split("|")
)
PREVIOUS = frozenset(
    (
        "prev|previous|previous page|« previous|back|trang trước|trước|quay lại|zpět|上一页|上页|上一頁|"
        "上頁|前页|ก่อนหน้า|หน้าก่อนหน้า|หน้าก่อน|ย้อนกลับ|sebelumnya|sebelum|halaman sebelumnya|"
        "laman sebelumnya|terdahulu|nakaraan|nakaraang pahina|មុន|ទំព័រមុន|ယခင်|ရှေ့|"
        "ယခင်စာမျက်နှာ|ກ່ອນໜ້າ|ໜ້າກ່ອນ|पिछला|पिछले|पिछला पृष्ठ|अघिल्लो|পূর্ববর্তী|আগের পাতা|"
        "پچھلا|پچھلا صفحہ|පෙර|පෙර පිටුව|முந்தைய|முந்தைய பக்கம்|précédent|précédente|"
        "page précédente|préc|préc.|anterior|página anterior|anteriores|предыдущая|"
        "предыдущая страница|пред|пред.|назад|iliyotangulia|nyuma|iliyopita|ቀዳሚ|ያለፈው|이전|"
        "이전페이지|이전 페이지|前|前へ|前のページ|前ページ|předchozí|předchozí stránka|zurück|vorige|vorherige|"
        "vorherige seite|السابق|الصفحة السابقة|önceki|poprzednia|precedente|indietro"
    ).split("|")
)
OLDER = re.compile(
    (
        r"older(?: \w+)?|(?:bài|tin) cũ hơn|(?:pos|artikel|entri) (?:lama|lebih lama)|"
        r"articles plus anciens|entradas (?:más )?antiguas|postagens mais antigas|"
        r"более старые.*|ältere .*|較舊.*|较旧.*"
    ),
    re.I,
)
NEWER = re.compile(
    (
        r"newer(?: \w+)?|(?:bài|tin) mới hơn|(?:pos|artikel|entri) (?:baru|lebih baru)|"
        r"articles plus récents|entradas (?:más )?recientes|postagens mais recentes|"
        r"более новые.*|neuere .*|較新.*|较新.*"
    ),
    re.I,
)
"""Blog software calls the older page "previous" or "next" as it likes: the class it writes decides, these words only where
it writes none."""
_AMBIGUOUS = frozenset("more|sau|次|xem thêm|load more|vor|back|trước|quay lại|zurück|назад|前|ย้อนกลับ|nyuma|zpět".split("|"))
"""Words that lead to another page only inside a pager; elsewhere they close a dialogue or open an article."""
_COUNTED = re.compile(
    r"^(?:go to |to )?(?:the )?|\s*の?\s*\d+\s*(?:件|页|頁|条|個|개|posts|results|entries|jobs|items|bài|kết quả)?へ?$|"
    r"\s+(?:entries|posts|results|jobs)$"
)
"""What stands around the word itself: "go to next page", "次の20件", "Next 10"."""
_ARROWS_NEXT, _ARROWS_PREVIOUS = (">", "›", "→", "»", "⟩", "▶", ">>", "→|"), ("<", "‹", "←", "«", "⟨", "◀", "<<")
_TRIM = " \u00a0<>‹›«»←→⟨⟩◀▶[]()|.…:·\n"
_NUMBER = re.compile(
    (
        r"([?&](?:page|paged|p|pg|pn|pageno|page_no|pagenum|currentpage|start_page|trang|halaman|hal|pagina|seite|strana|page_id_all)=|/(?:page|paged|p|pg|trang|trang-|page-|halaman|seite|strana|pagina|list_|index_|p-)[/-]?|[-_/](?:page|p|trang)[-_]?)(\d{1,6})(?=\D|$)"
    ),
    re.I,
)
PAGER_NAMES = re.compile(r"pag(?:e|ing|ina|er)|nav-links|wp-pagenavi|nav-(?:next|previous)|navigation|phan-?trang|seiten", re.I)
OFFSET = re.compile(r"([?&](?:start|offset|from|skip|begin|st|startrow|first|o)=)(\d{1,7})(?=\D|$)", re.I)
"""Addresses that count items instead of pages."""
PAGING = re.compile(
    r"pagin(?:at|g)|paging|pager(?![a-z])|page[-_]?(?:nav|numbers?|links?|item|jump)|nav-links|pagenavi|phan-?trang|seiten|"
    r"(?:^|[\s_-])(?:pg|pgr|pages)(?:[\s_-]|$)",
    re.I,
)
"""Names of a pager alone: ``page`` is also what themes call the wrapper of a whole page."""
_SLIDES = re.compile(r"slick|swiper|carousel|slide|owl-|gallery|calendar|lightbox|datepicker", re.I)


def pages(document: PageDocument) -> tuple[str | None, str | None]:
    """Return (next page, previous page) as absolute addresses on the same site; None where there is none."""
    following: list[tuple[int, str]] = []
    preceding: list[tuple[int, str]] = []
    here = document.identity.page(document.url)
    host = urlsplit(document.url).netloc
    number, shape = page_number(document.url), _shape(document, document.url)
    for node in document.tree.css("a[href], link[rel][href]"):
        rel = (node.attributes.get("rel") or "").lower().split()
        if node.tag == "link" and not {"next", "prev", "previous"} & set(rel):
            continue
        address = document.absolute(node.attributes.get("href"))
        if (
            address is None
            or document.identity.page(address) == here
            or (host and urlsplit(address).netloc.removeprefix("www.") != host.removeprefix("www."))
        ):
            continue
        forward, strength = _direction(node, rel)
        if forward is None:
            target = page_number(address) or (1 if number else None)  # page 1 often goes without its number
            if target is None or abs(target - (number or 1)) != 1 or _shape(document, address) != shape or not _in_pager(node):
                continue
            forward, strength = target > (number or 1), 5
        # a pager whose addresses look like the page's own outranks a second list's pager on the same page
        (following if forward else preceding).append((strength - 2 * (_shape(document, address) == shape), address))
    first = sorted(following, key=lambda pair: pair[0])
    last = sorted(preceding, key=lambda pair: pair[0])
    return (first[0][1] if first else None), (last[0][1] if last else None)


def further(document: PageDocument) -> list[Lead]:
    """Return the other pages of the list: the next, the older one, and all that its pager numbers."""
    following, _ = pages(document)
    leads = {url: 1 for url in (following, older(document)) if url}
    for lead in _numbered(document):
        leads.setdefault(lead.url, lead.ahead)
    here = document.identity.page(document.url)
    return [Lead(url, ahead) for url, ahead in leads.items() if document.identity.page(url) != here]


def _numbered(document: PageDocument) -> list[Lead]:
    """Return the other pages that the pager links by number or offset, earlier ones too: the page between may have failed.

    ``?page=1`` may be the second page (Drupal).
    """
    host, shape = urlsplit(document.url).netloc.removeprefix("www."), _shape(document, document.url)
    in_pager: dict[int, bool] = {}
    results: list[tuple[int, str, int | None]] = []
    first = 1
    for node in document.tree.css("a[href]"):
        address = document.absolute(node.attributes.get("href"))
        if address is None or (host and urlsplit(address).netloc.removeprefix("www.") != host):
            continue
        if _shape(document, address) != shape:
            continue
        number, offset = page_number(address), OFFSET.search(address)
        if (number is None and offset is None) or not _in_pager(node, in_pager):
            continue
        text = node.text()[:20].strip()
        if number is not None and text.isdigit() and number == int(text) - 1:
            first = 0
        results.append((number if number is not None else int(offset[2]) if offset else 0, address, number))
    here, offset = page_number(document.url), OFFSET.search(document.url)
    by_page = [(number - (here if here is not None else first), url) for number, url, page in results if page is not None]
    start = int(offset[2]) if offset else 0
    after = sorted({(number, url) for number, url, page in results if page is None and number > start})
    before = sorted({(number, url) for number, url, page in results if page is None and number < start}, reverse=True)
    leads = [Lead(url, ahead) for ahead, url in sorted(by_page) if ahead]
    leads += [Lead(url, at) for at, (_, url) in enumerate(after, 1)]
    return leads + [Lead(url, -at) for at, (_, url) in enumerate(before, 1)] or _by_text(document)


def _by_text(document: PageDocument) -> list[Lead]:
    """Return the links of a pager whose text is a page number, whatever their addresses count (``iPage,2``, ``topic=5.15``).

    The number that links nowhere, or to this page, is this page's own.
    """
    host, here = urlsplit(document.url).netloc.removeprefix("www."), document.identity.page(document.url)
    linked: dict[int, str] = {}
    for node in document.tree.css("a[href]"):
        text = node.text()[:20].strip()
        if not (text.isdecimal() and 0 < len(text) < 5 and is_paging(node)):
            continue
        address = document.absolute(node.attributes.get("href"))
        if address and urlsplit(address).netloc.removeprefix("www.") == host and document.identity.page(address) != here:
            linked.setdefault(int(text), address)
    own = next(number for number in range(1, len(linked) + 2) if number not in linked)
    return [Lead(url, number - own) for number, url in sorted(linked.items())]


def is_next(said: str) -> bool:
    """Tell whether words of a pager lead forward: "Next", "Go to next page", "›"."""
    if len(said) > 40:
        return False
    plain = _COUNTED.sub("", said.strip(_TRIM).lower()).strip(_TRIM)
    return plain in NEXT or said.replace(" ", "") in _ARROWS_NEXT


def is_slide(node: LexborNode) -> bool:
    """Tell whether an element is named as a slider or calendar."""
    return bool(_SLIDES.search(_names(node)))


def is_paging(node: LexborNode) -> bool:
    """Tell whether an element stands in one that is named as a pager and as nothing else; a page's own wrapper is none."""
    outer: LexborNode | None = node
    for _ in range(6):
        if outer is None or outer.tag in ("body", "html", "-document"):
            return False
        names = _names(outer)
        if _SLIDES.search(names):
            return False
        if PAGING.search(names) or "paginat" in (outer.attributes.get("aria-label") or "").lower():
            return True
        outer = outer.parent
    return False


def older(document: PageDocument) -> str | None:
    """Return where blog software leads to older posts, whichever of next and previous it calls that: the way deeper into the
    list."""
    for node in document.tree.css("a[href]"):
        if OLDER.fullmatch((prose.one_line(node.text()) or "").strip(_TRIM)):
            return document.absolute(node.attributes.get("href"))
    return None


def page_number(address: str) -> int | None:
    """Return the page number an address carries; None when it carries none."""
    matches = list(_NUMBER.finditer(address))
    return int(matches[-1][2]) if matches else None


def _shape(document: PageDocument, address: str) -> str:
    """Return the address without its page number, so that pages of one list look alike."""
    parts = urlsplit(document.identity.page(address))
    whole = re.sub(r"^www\.", "", parts.netloc) + parts.path + (f"?{parts.query}" if parts.query else "")
    matches = list(_NUMBER.finditer(whole)) or list(OFFSET.finditer(whole))
    if matches:
        whole = whole[: matches[-1].start()] + whole[matches[-1].end() :]
    return re.sub(r"/(?:index\.\w+|page)?/?$", "", whole.replace("?&", "?").rstrip("?&"))


def _direction(node: LexborNode, rel: list[str]) -> tuple[bool | None, int]:
    """Return (leads forward, strength: 0 is surest); (None, _) when nothing says which way the link leads."""
    if "next" in rel or "prev" in rel or "previous" in rel:
        return "next" in rel, 0 if node.tag == "link" else 1
    text = prose.one_line(node.text()[:200]) or ""
    if len(text) > 40:
        return None, 9
    names = " ".join(filter(None, (_names(node), _names(node.parent))))
    if _SLIDES.search(names):
        return None, 9
    leads, strength = _by_words(node, text, names)
    return (leads, strength) if leads is not None else _by_signs(text)


def _by_words(node: LexborNode, text: str, names: str) -> tuple[bool | None, int]:
    """Return what the words of the link, or else the names in its markup, say."""
    picture = node.css_first("img[alt]") if not text else None
    shown = (
        text,
        node.attributes.get("title"),
        node.attributes.get("aria-label"),
        picture.attributes.get("alt") if picture else None,
    )
    for word in filter(None, shown):
        plain = _COUNTED.sub("", word.strip(_TRIM).lower()).strip(_TRIM)
        if plain in NEXT and (plain not in _AMBIGUOUS or _in_pager(node)):
            return True, 2
        if plain in PREVIOUS and (plain not in _AMBIGUOUS or _in_pager(node)):
            return False, 2
    if re.search(r"(?:^|[\s_-])(?:nav-|pn)?prev(?:ious)?(?:[\s_-]|$|posts?link)", names, re.I):
        return False, 2
    if re.search(r"(?:^|[\s_-])(?:nav-|pn)?next(?:[\s_-]|$|posts?link)", names, re.I):
        return True, 2
    return None, 9


def _by_signs(text: str) -> tuple[bool | None, int]:
    """Return what "older", "newer" or an arrow says."""
    if OLDER.fullmatch(text.strip(_TRIM)):
        return True, 3
    if NEWER.fullmatch(text.strip(_TRIM)):
        return False, 3
    bare = text.replace(" ", "")
    if bare in _ARROWS_NEXT:
        return True, 3 + (len(bare) > 1 or bare == "»")
    if bare in _ARROWS_PREVIOUS:
        return False, 3 + (len(bare) > 1 or bare == "«")
    return None, 9


def _names(node: LexborNode | None) -> str:
    if node is None or not node.attributes:
        return ""
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"


def _in_pager(node: LexborNode, known: dict[int, bool] | None = None) -> bool:
    """Tell whether the link stands in something named like a pager, or among two or more bare page numbers; ``known`` keeps
    what was found of elements looked at before."""
    outer: LexborNode | None = node
    known = {} if known is None else known
    for _ in range(4):
        if outer is None or outer.tag in ("body", "html", "-document"):
            return False
        if PAGER_NAMES.search(_names(outer)) or "paginat" in (outer.attributes.get("aria-label") or "").lower():
            return True
        if outer.mem_id != node.mem_id:
            if outer.mem_id not in known:
                known[outer.mem_id] = sum((link.text().strip().isdigit()) for link in outer.css("a")[:30]) >= 2
            if known[outer.mem_id]:
                return True
        outer = outer.parent
    return False
