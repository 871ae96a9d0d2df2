"""How much bytes read in an encoding look like language: letters of the script it is for, its commonest among them."""

import re
import unicodedata

_COMMON = {
    "gb18030": (
        "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能"
        "好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公工资职位招聘联系"
    ),
    "big5hkscs": (
        "的一是不了在人有我他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可里後小麼心多天而能"
        "好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公工資職位招聘聯絡"
    ),
    "cp932": "のにはをたがでてとしれさいるなかもこられまうりくっだきすあけ日本人月年会社仕事アイスンルトリクラレ",
    "euc_jp": "のにはをたがでてとしれさいるなかもこられまうりくっだきすあけ日本人月年会社仕事アイスンルトリクラレ",
}
_ALPHABETS = {
    "cp874": (("\u0e01", "\u0e5b"),),
    "cp1251": (("\u0430", "\u044f"), ("\u0456", "\u0457")),
    "koi8_r": (("\u0430", "\u044f"),),
    "cp1256": (("\u0621", "\u06d2"),),
}
"""Ranges whose letters carry running text; capitals are left out, since a misread page is full of them."""
_LATIN = {
    "cp1252": "àâäáãåçéèêëíìîïñóòôöõúùûüýÿœßÀÂÄÁÇÉÈÊÍÓÔÖÕÚÜÑ¿¡€£°ªº",
    "cp1250": "áčďéěíňóřšťúůýžąćęłńśźżőűäöüôâăîşţÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĄĆĘŁŃŚŹŻ€°",
    "iso8859_2": "áčďéěíňóřšťúůýžąćęłńśźżőűäöüôâăîşţÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĄĆĘŁŃŚŹŻ°",
    "cp1254": "çğıöşüâîûÇĞİÖŞÜ",
}
"""Letters above ASCII that running text in the languages of each encoding uses."""
_VIETNAMESE = frozenset("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ")


def of(sample: bytes, codec: str) -> float:
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
    if codec == "cp949":
        return 0.95 * sum("\uac00" <= char <= "\ud7a3" for char in letters) / len(letters)
    if codec in _COMMON:
        common = sum(char in _COMMON[codec] for char in letters) / len(letters)
        return min(1.0, 0.2 + 2.5 * common)
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
        return max(0.0, 0.95 * native - 2 * split / len(letters))
    native = sum(char in _LATIN.get(codec, _LATIN["cp1252"]) for char in letters if char not in "\u00a0“”‘’–—…•·«»") / max(
        1, sum(char not in "\u00a0“”‘’–—…•·«»" for char in letters)
    )
    return 0.8 * native
