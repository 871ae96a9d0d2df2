"""Signs that stand for words or letters in adverts: emoji, flags, leetspeak."""

EMOJI_WORDS = {
    "✈": "flight", "🛫": "flight", "🛬": "flight", "🛩": "flight", "💰": "money", "💵": "money", "💸": "money", "💴": "money",
    "💶": "money", "💷": "money", "🤑": "money", "💲": "money", "💳": "card", "📱": "phone", "☎": "phone", "📞": "phone",
    "📲": "phone",
    "🏠": "house", "🏡": "house", "🏘": "house", "🏢": "office", "🏬": "building", "🏨": "hotel", "🛏": "bed", "🍚": "meals",
    "🍛": "meals",
    "🍱": "meals", "🍜": "meals", "🍲": "meals", "🍽": "meals", "🍴": "meals", "🥘": "meals", "🛂": "passport", "📕": "passport",
    "🪪": "id card", "💻": "computer", "🖥": "computer", "⌨": "typing", "💬": "chat", "🗨": "chat", "🎰": "casino",
    "🎲": "gambling",
    "🃏": "gambling", "♠": "gambling", "🚐": "pickup", "🚗": "car", "🚙": "car", "🚕": "taxi", "🚌": "bus", "🚎": "bus",
    "⛴": "boat",
    "🛥": "boat", "🚤": "boat", "🎓": "degree", "🏖": "holiday", "🏝": "holiday", "🎁": "bonus", "🏥": "hospital",
    "🤰": "pregnant",
    "👶": "baby", "🍼": "baby", "🥚": "egg", "💉": "injection", "🩸": "blood", "👰": "bride", "💍": "marriage",
    "💒": "marriage",
    "🤵": "groom", "🔒": "locked", "🔐": "locked", "🚫": "no", "❌": "no", "🙅": "no", "🈚": "no", "🆓": "free",
    "🏦": "bank account",
    "🪙": "crypto", "📈": "trading", "👩": "woman", "👨": "man", "👧": "girl", "💃": "dancer", "🍻": "drinks", "🌃": "night",
    "🌙": "night", "⏰": "hours", "🕐": "hours", "📩": "message", "✉": "message", "📧": "email", "🫘": "kidney", "🫁": "organ",
    "🫀": "organ", "🐷": "pig", "🐶": "dog", "🔞": "adult", "🎧": "headset", "🛃": "customs", "🧳": "luggage", "👮": "police",
}
"""Emoji that stand for a word in job adverts, and the English word (own list)."""

FLAGS = {
    "kh": "cambodia", "mm": "myanmar", "la": "laos", "th": "thailand", "vn": "vietnam", "ph": "philippines",
    "my": "malaysia", "id": "indonesia", "cn": "china", "hk": "hong kong", "tw": "taiwan", "ae": "dubai",
    "in": "india", "np": "nepal", "bd": "bangladesh", "lk": "sri lanka", "pk": "pakistan", "ke": "kenya",
    "et": "ethiopia", "br": "brazil", "kr": "korea", "jp": "japan", "sg": "singapore", "us": "usa",
    "sa": "saudi arabia", "qa": "qatar", "tr": "turkey", "ge": "georgia", "gb": "uk", "ru": "russia",
}  # fmt: skip
"""Country code of a flag to the English name that adverts use."""

LEET = {
    "0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i", "|": "l",
    "€": "e", "9": "g", "6": "b", "+": "t", "£": "l",
}  # fmt: skip
"""Sign to the letter it stands for inside a word; ``1`` is i or l and told by its neighbours."""
