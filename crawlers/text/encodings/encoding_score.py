"""How much bytes read in an encoding look like language: letters of the script it is for, its commonest among them."""

import re
import unicodedata

from crawlers.text.common_letters import HANGUL, HANS, HANT

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


def encoding_score(sample: bytes, codec: str) -> float:
    """Return how much ``sample`` read as ``codec`` looks like language, 0 to 1: letters of one script, the common ones among
    them."""
    try:
        text = sample.decode(codec, "replace")
    except (LookupError, UnicodeError):
        return 0.0
    letters = [char for char in text if ord(char) > 127]
    if not letters:
        return 0.0
    bad = sum(char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn") for char in letters)
    if bad > 0.03 * len(letters):
        return 0.0
    if codec in _FREQUENT:
        words = [char for char in letters if unicodedata.category(char)[0] == "L"]
        frequent = sum(char in _FREQUENT[codec] for char in words) / max(1, len(words))
        signs = sum(unicodedata.category(char)[0] in "PZ" for char in letters)
        return 0.1 + 0.85 * min(1.0, 1.15 * frequent) * len(words) / max(1, len(letters) - signs) if words else 0.0
    if codec in _COMMON:
        common = sum(char in _COMMON[codec] for char in letters) / len(letters)
        return min(0.93, 0.2 + 2.5 * common)
    if codec == "cp1258":
        composed = unicodedata.normalize("NFC", text)
        marks = [char for char in composed if ord(char) > 127 and char not in "\u00a0“”‘’–—…•·«»"]
        native = sum(char.lower() in _VIETNAMESE for char in marks) / max(1, len(marks))
        return 0.95 * native if any(char in "ăđơư" or "\u1ea0" <= char <= "\u1ef9" for char in composed.lower()) else 0.3 * native
    if alphabet := _ALPHABETS.get(codec):
        # a page in these scripts does not put one of its letters inside a word of ASCII letters; a misread Latin page does
        # it in every word
        split = len(re.findall(r"[a-z][^\x00-\x7f]|[^\x00-\x7f][a-z]", text))
        native = sum(low <= char <= high for char in letters for low, high in alphabet) / len(letters)
        misspelt = 0
        if codec == "cp874":
            misspelt = len(_NOT_THAI.findall(text))
            native *= min(1.0, 1.15 * sum(char in _THAI or char.isdigit() for char in letters) / len(letters))
        return max(0.0, 0.95 * native - (2 * split + 4 * misspelt) / len(letters))
    native = sum(char in _LATIN.get(codec, _LATIN["cp1252"]) for char in letters if char not in "\u00a0“”‘’–—…•·«»") / max(
        1, sum(char not in "\u00a0“”‘’–—…•·«»" for char in letters)
    )
    return 0.8 * native
