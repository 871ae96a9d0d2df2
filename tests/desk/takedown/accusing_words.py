"""Beginnings of words that accuse, in each language of notices: none may stand in a letter that takes a notice back."""

import re

ENGLISH = (
    r"\b(accus|alleg|accura|bona|faith|breaks?|broken|rules?|law|illegal|lure|scam|fraud|offers?|decepti|labour|exploit|traffic|"
    r"recruit|compound|confine|captiv|victim|harm|abus|crim|danger|sever|critical|evidence|explanation|grounds?|clause|kind|kept|"
    r"passport|palermo|directive|dsa|art|captured?|flight|visa|chat operator|bavet|telegram|remove the)"
)
STEMS = {
    "fr": "escroquerie|attire|allégation|enfrein|captive|organe|mariage|gestation|offre|critique|confirm|capture",
    "vi": "lừa|cáo buộc|vi phạm|luật|quy định|giam giữ|nội tạng|hôn nhân|mang thai|lời mời|nghiêm trọng|xác nhận|ảnh chụp",
}


def accusing_words(text: str, language: str = "en") -> list[str]:
    """Return the words of a text that accuse, in a receiver's language and in English, which stands beside it."""
    stems = STEMS.get(language)
    return re.findall(ENGLISH, text, re.IGNORECASE) + (re.findall(stems, text, re.IGNORECASE) if stems else [])
