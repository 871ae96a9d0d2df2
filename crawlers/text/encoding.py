"""Decodes the bytes of a page; header and meta tag may name a wrong encoding.

Order of trust: byte order mark, then strict UTF-8 (no legacy text of any length is valid UTF-8 by accident), then the header
and the ``<meta>`` where the bytes decode to text of a fitting script, then a guess among the encodings of the region. Names
follow the WHATWG Encoding Standard, which is what browsers do with the same labels (``gb2312`` means GB18030, ``tis-620``
means windows-874, ``latin-1`` means windows-1252).
"""

import codecs
import re
import unicodedata
from collections.abc import Container, Sequence

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.\-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.\-]{2,40})", re.I
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.\-]{2,40})", re.I)
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "chinese": "gb18030", "cn-gb": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs",
    "tis-620": "cp874", "tis620": "cp874", "windows-874": "cp874", "iso-8859-11": "cp874", "dos-874": "cp874",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-9": "cp1254", "windows-1258": "cp1258", "x-cp1258": "cp1258", "viscii": "cp1258",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "korean": "cp949", "windows-949": "cp949",
    "utf8": "utf-8", "unicode": "utf-8", "utf-16": "utf-16-le", "unicode-1-1-utf-8": "utf-8",
}  # fmt: skip
"""Label as written -> codec that browsers use for it, where Python's own reading is narrower."""
GUESSES = (
    "gb18030",
    "big5hkscs",
    "cp932",
    "euc_jp",
    "cp949",
    "cp874",
    "cp1258",
    "cp1251",
    "cp1252",
    "cp1250",
    "iso8859_2",
    "koi8_r",
    "cp1256",
)
"""Encodings tried when nothing declared fits, the strict multi-byte ones first."""


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text that ``body`` was meant to be, in NFC, NUL bytes dropped; undecodable bytes become U+FFFD, never an
    error."""
    text, _ = decode_body(body, content_type)
    return text


def decode_body(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Return (text, codec used)."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _clean(body[len(mark) :].decode(codec, "replace")), codec
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(body) - 4 or _mostly_utf8(body):  # cut off in mid-character, or a few stray bytes in a UTF-8 page
            return _clean(body.decode("utf-8", "replace")), "utf-8"
    else:
        if "\x00" not in text[:2000]:
            escaped = "\x1b$" in text or "\x1b(" in text
            return _clean(body.decode("iso2022_jp", "replace") if escaped else text), "iso2022_jp" if escaped else "utf-8"
    if wide := _utf16(body):
        return _clean(body.decode(wide, "replace")), wide
    codec = _best_codec(body, _declared_codecs(body, content_type))
    return _clean(body.decode(codec, "replace")), codec


def _declared_codecs(body: bytes, content_type: str | None) -> list[str]:
    """Return the codecs that the header and the page itself name, in that order, each once, UTF-8 left out (it was tried)."""
    named: list[str] = []
    if content_type and (result := _HEADER.search(content_type)):
        named.append(result[1])
    if match := _META.search(body[:4096]):
        named.append((match[1] or match[2]).decode("ascii"))
    codecs_named: list[str] = []
    for label in named:
        codec = _MEANT.get(label.lower(), label.lower())
        try:
            codecs.lookup(codec)
        except LookupError:
            continue
        if codec not in codecs_named and not codec.startswith(("utf", "iso2022", "hz", "unicode", "idna", "punycode", "raw")):
            codecs_named.append(codec)
    return codecs_named


def _best_codec(body: bytes, declared: list[str]) -> str:
    """Return the declared codec whose text looks like text, else the guess whose text looks most like it.

    A declared windows-1252 is weak evidence: it is what servers say when nobody told them (every byte decodes under it).
    """
    sample = _sample(body)
    for codec in declared:
        if codec != "cp1252" and encoding_score(sample, codec) >= 0.6:
            return codec
    scores = {codec: encoding_score(sample, codec) for codec in dict.fromkeys((*declared, *GUESSES))}
    best = max(scores, key=lambda codec: scores[codec])
    if "cp1252" in declared and scores["cp1252"] >= scores[best] - 0.2:
        return "cp1252"
    return best if scores[best] > 0 else (declared[0] if declared else "cp1252")


def _sample(body: bytes) -> bytes:
    """Return the stretches of ``body`` that hold bytes above ASCII, without markup, 20,000 bytes at most; pairs are kept
    whole."""
    bare = re.sub(rb"<script.*?</script>|<style.*?</style>", b" ", body[:400_000], flags=re.S | re.I)
    runs = re.findall(rb"(?:[\x80-\xff][\x40-\x7e]?|[ -~]{0,2}(?=[\x80-\xff]))+", bare)
    return b"\n".join(run for run in runs if any(byte > 127 for byte in run))[:20_000]


def _mostly_utf8(body: bytes) -> bool:
    """Tell whether the multi-byte runs are UTF-8 but for a few bytes: pages pasted together from two sources."""
    bad = len(re.findall("\ufffd", body.decode("utf-8", "replace")))
    good = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]{1,3}", body))
    return good > 20 and bad * 20 < good


def _utf16(body: bytes) -> str | None:
    head = body[:2000]
    if len(head) < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.3 * len(head) / 2 and even < 0.05 * len(head):
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * len(head) / 2 and odd < 0.05 * len(head) else None


def _clean(text: str) -> str:
    text = text.replace("\x00", "").removeprefix("\ufeff")
    return unicodedata.normalize("NFC", text) if not text.isascii() else text


HANS = frozenset(
    "的有上公一司作市工限人以业能经不合和理力验年要面资行区务学可员定通月成大先职优专提议好责发位任及时个"
    "高开销用具元在中信客薪了实管电求关安服系队强历户我等金海售机省日团出是心技品对者相加地与全会进过岗沟"
    "新产下格收为到天网动接期招生间来江营制主良精供备底包分体应广意场联利国较本部交保目家点商各性同外无完"
    "方手负长岁小计熟入内话费自情吃识每科道需解件度代事于流做维待表后展项达程并现神单护办正台最劳法规协休"
    "奖息车操或化名号据助你他其从耐标就多培带路松问口建量受遇福习重平徽五苦质活险术女推子训三文证划都门这"
    "打周热肥压调悉投种持报常立组住美假考设男效前二总身班运络询聘软万龄善结直数集们承知告想游诚向咨真苏基"
    "战式试回老看积节转排类亲线稳州认题也升欢料际跟练师极里创注绩执使根没卡物统餐庆说准室宿领拓处导站装字"
    "织爱企富模南之策挑只迎四秀源传普级东次买放空别适够当所西配满更汇敏水虑整请指决如案免独么签谈析两反快"
    "按毕旅丰价白午晋财微还起照易互给均录融北社视山范佳支变果健简巧特气思态将六比补康头语核勤教守订断己十"
    "去境监至房终乐脑形才图付届育园干确渠环友双钱轻得百容速牌明址造浦算访货银型群额感赚找票很象写即顾兼养"
    "端把店捷细播介取清那另京判近差民见英言聊政享器厚购宝飞观湖况楼份左色账参半功略股增送敬往风改深款察右"
    "共早几被构米码施修因帮握检贴值九什初预愿材兴控急属综晚华边原让龙城册食梦太少私勿扰粉光益再围选续贸约"
    "您盘努第争域着搜掌抗红由已靠觉查记志德礼而律激示何士频复官条切布宣烈械望尔批世纪卖编层踪音医街引球寻"
    "它落样但该审超界督素奋促青邮竞率馈马吧朋艺云随校留纳励聚晰博述趣誉骗媒拉档致非片踏详足掘朗称始存拿置"
    "喜描跑余洗戏书础懂步移斯阔听潜换武岸此测然绍押汽突封吴首拥研齿赢济酬便锐夜刷套院严申连火汉消未返吗温"
    "彩伙坡担答季念渝则挖租坐括些击纯翻玩印页讯密充千附亚顶库论挂章坚盈饰婚难木越润索归箱纸八缴储舍勇零厦"
    "阳驾敢诉钟芜巴浮币哥朝否架序获亦且举酒川势防走孩儿菜针采讲段阶灵众板诺畅厂派花贵低港佣跃译瓦克依权予"
    "闻欧状障紧床宁宜宽筑馆灰脚谱委杯阅扣除智洽混绝饭像居奇刚菲油评绿铁择尤肯仓短缺课洞津怎扶退欠丽昆驻乘"
    "必递刻符丝盾林座局辑呼泰病末秒啊圈透擅染傅梯波占阿疑脸例罗蓝仅航久叫威黑邀登拜扩临春恒嘉虚伴旺景饮撰"
    "逐韧远扎怕雷哪坛徐探张散妹扫劫柬含镇税列破仪失沙陪摆笔赛鱼唯今咔赔贷固若浙军钢驶黄荣搭浓县凡遵块宾河"
    "缅"
    "埔寨甸挝迪仰妙贝姐仔猪杀"
)
"""Simplified Chinese: a thousand cover nine of ten characters of running text."""
HANT = frozenset(
    "的有上公一司作市工限人以業能經不合和理力驗年要面資行區務學可員定通月成大先職優專提議好責發位任及時個"
    "高開銷用具元在中信客薪了實管電求關安服系隊強歷戶我等金海售機省日團出是心技品對者相加地與全會進過崗溝"
    "新產下格收爲到天網動接期招生間來江營制主良精供備底包分體應廣意場聯利國較本部交保目家點商各性同外無完"
    "方手負長歲小計熟入內話費自情喫識每科道需解件度代事於流做維待表後展項達程並現神單護辦正臺最勞法規協休"
    "獎息車操或化名號據助你他其從耐標就多培帶路松問口建量受遇福習重平徽五苦質活險術女推子訓三文證劃都門這"
    "打周熱肥壓調悉投種持報常立組住美假考設男效前二總身班運絡詢聘軟萬齡善結直數集們承知告想遊誠向諮真蘇基"
    "戰式試回老看積節轉排類親線穩州認題也升歡料際跟練師極裏創注績執使根沒卡物統餐慶說準室宿領拓處導站裝字"
    "織愛企富模南之策挑只迎四秀源傳普級東次買放空別適夠當所西配滿更匯敏水慮整請指決如案免獨麼籤談析兩反快"
    "按畢旅豐價白午晉財微還起照易互給均錄融北社視山範佳支變果健簡巧特氣思態將六比補康頭語核勤教守訂斷己十"
    "去境監至房終樂腦形才圖付屆育園幹確渠環友雙錢輕得百容速牌明址造浦算訪貨銀型羣額感賺找票很象寫即顧兼養"
    "端把店捷細播介取清那另京判近差民見英言聊政享器厚購寶飛觀湖況樓份左色賬參半功略股增送敬往風改深款察右"
    "共早幾被構米碼施修因幫握檢貼值九什初預願材興控急屬綜晚華邊原讓龍城冊食夢太少私勿擾粉光益再圍選續貿約"
    "您盤努第爭域着搜掌抗紅由已靠覺查記志德禮而律激示何士頻復官條切布宣烈械望爾批世紀賣編層蹤音醫街引球尋"
    "它落樣但該審超界督素奮促青郵競率饋馬吧朋藝雲隨校留納勵聚晰博述趣譽騙媒拉檔致非片踏詳足掘朗稱始存拿置"
    "喜描跑餘洗戲書礎懂步移斯闊聽潛換武岸此測然紹押汽突封吳首擁研齒贏濟酬便銳夜刷套院嚴申連火漢消未返嗎溫"
    "彩夥坡擔答季念渝則挖租坐括些擊純翻玩印頁訊密充千附亞頂庫論掛章堅盈飾婚難木越潤索歸箱紙八繳儲舍勇零廈"
    "陽駕敢訴鍾蕪巴浮幣哥朝否架序獲亦且舉酒川勢防走孩兒菜針採講段階靈衆板諾暢廠派花貴低港傭躍譯瓦克依權予"
    "聞歐狀障緊牀寧宜寬築館灰腳譜委杯閱扣除智洽混絕飯像居奇剛菲油評綠鐵擇尤肯倉短缺課洞津怎扶退欠麗昆駐乘"
    "必遞刻符絲盾林座局輯呼泰病末秒啊圈透擅染傅梯波佔阿疑臉例羅藍僅航久叫威黑邀登拜擴臨春恆嘉虛伴旺景飲撰"
    "逐韌遠扎怕雷哪壇徐探張散妹掃劫柬含鎮稅列破儀失沙陪擺筆賽魚唯今咔賠貸固若浙軍鋼駛黃榮搭濃縣凡遵塊賓河"
    "緬徵"
    "埔寨甸撾迪仰妙貝姐仔豬殺"
)
"""The same in traditional characters."""
HANGUL = frozenset(
    "이다는에의을를가고하지은로한사서도기어나인자대해과수시일보아들있안그리전정부주상여장스동원용게만면세"
    "구조제성라내우연소오마모무위화신유비진급숙식채집근직업월당경험담객니했으것었국합드공입회습말분요행선"
    "남와간문미터능트며치더현할때관크명까후실러중거람출려버력권영없항디되바적금년저돼프점녀존혼외많찰운데"
    "청또퍼티호포같방레체르달파던결불교통릴코될예된증격막슨함웨켓재언농알발생딩법감목홀난표센즈투단킹본개"
    "져열"
)
"""Korean: two hundred syllables cover eight of ten."""


_FREQUENT = {"gb18030": HANS, "big5hkscs": HANT, "cp949": HANGUL}
"""Characters of which running text in each encoding is mostly made. Bytes of another encoding decode too, to any character."""
_JAPANESE = (
    "のにはをたがでてとしれさいるなかもこられまうりくっだきすあけ日本"
    "人月年会社仕事募集給与勤務時間求人正員未経験歓迎寮高収入アイスンルトリクラレ"
)
_COMMON = {"cp932": _JAPANESE, "euc_jp": _JAPANESE}
_ALPHABETS = {
    "cp874": (("\u0e01", "\u0e5b"),),
    "cp1251": (("\u0430", "\u044f"), ("\u0456", "\u0457")),
    "koi8_r": (("\u0430", "\u044f"),),
    "cp1256": (("\u0621", "\u06d2"),),
}
"""Ranges whose letters carry running text; capitals are left out, since a misread page is full of them."""
_THAI = frozenset("กขคงจชดตถทนบปผพมยรลวสหอะาำเแโใไๆฯัิีึืุู็่้์")
"""Letters of which Thai is mostly made; the others stand in one word of ten."""
_CONSONANT = "\u0e01-\u0e2e"
_NOT_THAI = re.compile(
    f"(?<![{_CONSONANT}])[\u0e31\u0e34-\u0e3a\u0e47]|(?<![{_CONSONANT}\u0e48-\u0e4b])[\u0e30\u0e32\u0e33]|"
    f"(?<![{_CONSONANT}\u0e31\u0e34-\u0e39])[\u0e48-\u0e4e]|[\u0e40-\u0e44](?![{_CONSONANT}]|\\s|$)|[\u0e4f\u0e5a\u0e5b]"
)
"""Vowel and tone signs where no Thai word can have them: bytes of Chinese or Russian text read as Thai are full of these."""
_LATIN = {
    "cp1252": "àâäáãåçéèêëíìîïñóòôöõúùûüýÿœßÀÂÄÁÇÉÈÊÍÓÔÖÕÚÜÑ¿¡€£°ªº",
    "cp1250": "áčďéěíňóřšťúůýžąćęłńśźżőűäöüôâăîşţÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĄĆĘŁŃŚŹŻ€°",
    "iso8859_2": "áčďéěíňóřšťúůýžąćęłńśźżőűäöüôâăîşţÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĄĆĘŁŃŚŹŻ°",
    "cp1254": "çğıöşüâîûÇĞİÖŞÜ",
}
"""Letters above ASCII that running text in the languages of each encoding uses."""
_VIETNAMESE = frozenset("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ")
_MARKS = "\u00a0“”‘’–—…•·«»"
"""Marks that pages in every encoding use."""


def encoding_score(sample: bytes, codec: str) -> float:
    """Return how much ``sample`` read as ``codec`` looks like language, 0 to 1: letters of one script, the common ones among
    them."""
    try:
        text = sample.decode(codec, "replace")
    except (LookupError, UnicodeError):
        return 0.0
    letters = [char for char in text if ord(char) > 127]
    bad = sum(char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn") for char in letters)
    if not letters or bad > 0.03 * len(letters):
        return 0.0
    if codec in _FREQUENT:
        return _score_frequent(letters, _FREQUENT[codec])
    if codec in _COMMON:
        return min(0.93, 0.2 + 2.5 * _share(letters, _COMMON[codec]))
    if codec == "cp1258":
        return _score_vietnamese(text)
    if codec in _ALPHABETS:
        return _score_alphabet(text, letters, codec)
    return 0.8 * _share([char for char in letters if char not in _MARKS], _LATIN.get(codec, _LATIN["cp1252"]))


def _share(letters: Sequence[str], known: Container[str]) -> float:
    """Return the share (0-1) of ``letters`` that are among the ``known``."""
    return sum(char in known for char in letters) / max(1, len(letters))


def _score_frequent(letters: list[str], frequent: Container[str]) -> float:
    words = [char for char in letters if unicodedata.category(char)[0] == "L"]
    signs = sum(unicodedata.category(char)[0] in "PZ" for char in letters)
    share = min(1.0, 1.15 * _share(words, frequent))
    return 0.1 + 0.85 * share * len(words) / max(1, len(letters) - signs) if words else 0.0


def _score_vietnamese(text: str) -> float:
    composed = unicodedata.normalize("NFC", text)
    native = _share([char.lower() for char in composed if ord(char) > 127 and char not in _MARKS], _VIETNAMESE)
    return 0.95 * native if any(char in "ăđơư" or "\u1ea0" <= char <= "\u1ef9" for char in composed.lower()) else 0.3 * native


def _score_alphabet(text: str, letters: list[str], codec: str) -> float:
    # a page in these scripts does not put one of its letters inside a word of ASCII letters; a misread Latin page does it in
    # every word
    split = len(re.findall(r"[a-z][^\x00-\x7f]|[^\x00-\x7f][a-z]", text))
    native = sum(low <= char <= high for char in letters for low, high in _ALPHABETS[codec]) / len(letters)
    misspelt = 0
    if codec == "cp874":
        misspelt = len(_NOT_THAI.findall(text))
        native *= min(1.0, 1.15 * sum(char in _THAI or char.isdigit() for char in letters) / len(letters))
    return max(0.0, 0.95 * native - (2 * split + 4 * misspelt) / len(letters))
