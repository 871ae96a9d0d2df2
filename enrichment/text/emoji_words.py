"""Signs that stand for words or letters in adverts: emoji, flags, leetspeak."""

_SIGNS = {
    "flight": "✈🛫🛬🛩", "money": "💰💵💸💴💶💷🤑💲", "card": "💳", "phone": "📱☎📞📲", "house": "🏠🏡🏘", "office": "🏢",
    "building": "🏬", "hotel": "🏨", "bed": "🛏", "meals": "🍚🍛🍱🍜🍲🍽🍴🥘", "passport": "🛂📕", "id card": "🪪",
    "computer": "💻🖥", "typing": "⌨", "chat": "💬🗨", "casino": "🎰", "gambling": "🎲🃏♠", "pickup": "🚐", "car": "🚗🚙",
    "taxi": "🚕", "bus": "🚌🚎", "boat": "⛴🛥🚤", "degree": "🎓", "holiday": "🏖🏝", "bonus": "🎁🧧", "hospital": "🏥",
    "pregnant": "🤰", "baby": "👶🍼", "egg": "🥚", "injection": "💉", "blood": "🩸", "bride": "👰", "marriage": "💍💒",
    "groom": "🤵", "locked": "🔒🔐⛓", "no": "🚫❌🙅🈚", "free": "🆓", "bank account": "🏦", "crypto": "🪙💎",
    "trading": "📈📊📉", "woman": "👩", "man": "👨", "girl": "👧", "dancer": "💃", "drinks": "🍻", "night": "🌃🌙",
    "hours": "⏰🕐", "message": "📩✉", "email": "📧", "kidney": "🫘", "organ": "🫁🫀", "pig": "🐷", "dog": "🐶",
    "adult": "🔞", "headset": "🎧", "customs": "🛃", "luggage": "🧳", "police": "👮", "no phone": "📵", "door": "🚪",
    "old woman": "👵", "old man": "👴", "love": "❤💘💕💖", "sweet talk": "😘", "month": "🗓📆📅", "friends": "👯👭👬",
    "tell nobody": "🤐🤫", "surgery": "🔪", "help": "🛟", "construction": "🏗", "fishing": "🎣", "law": "⚖",
}  # fmt: skip
EMOJI_WORDS = {sign: word for word, signs in _SIGNS.items() for sign in signs}
"""Emoji that stand for a word in job adverts, and the English word (own list)."""

LOCAL_ORDER = ("passport", "flight", "phone", "chat", "meals", "house", "trading", "no", "love", "month", "egg", "kidney")
LOCAL_WORDS = {
    "vi": "hộ chiếu|vé máy bay|điện thoại|nhắn tin|ăn|chỗ ở|đầu tư|không|tình cảm|tháng|trứng|thận",
    "th": "พาสปอร์ต|ตั๋วเครื่องบิน|โทรศัพท์|แชท|อาหาร|ที่พัก|ลงทุน|ห้าม|รัก|เดือน|ไข่|ไต",
    "lo": "ພາສປອດ|ປີ້ຍົນ|ໂທລະສັບ|ແຊັດ|ອາຫານ|ທີ່ພັກ|ລົງທຶນ|ຫ້າມ|ຮັກ|ເດືອນ|ໄຂ່|ໝາກໄຂ່ຫຼັງ",
    "km": "លិខិតឆ្លងដែន|សំបុត្រយន្តហោះ|ទូរស័ព្ទ|ឆាត|ម្ហូប|កន្លែងស្នាក់នៅ|វិនិយោគ|ហាម|ស្នេហា|ខែ|ពងអូវុល|តម្រងនោម",
    "my": "ပတ်စပို့|လေယာဉ်လက်မှတ်|ဖုန်း|ချတ်|အစား|နေစရာ|ရင်းနှီးမြှုပ်နှံ|မရ|ချစ်|လ|မျိုးဥ|ကျောက်ကပ်",
    "zh": "护照|机票|手机|聊天|包吃|包住|投资|不|感情|月|卵|肾",
    "ja": "パスポート|航空券|スマホ|チャット|食事|寮|投資|禁止|恋愛|月|卵子|腎臓",
    "ko": "여권|항공권|휴대폰|채팅|식사|숙소|투자|금지|연애|월|난자|신장",
    "id": "paspor|tiket|hp|chat|makan|mess|investasi|dilarang|cinta|bulan|sel telur|ginjal",
    "ms": "pasport|tiket|telefon|sembang|makan|asrama|pelaburan|tak boleh|cinta|bulan|telur|buah pinggang",
    "tl": "pasaporte|ticket|cellphone|chat|pagkain|tirahan|investment|bawal|pag-ibig|buwan|egg|bato",
    "hi": "पासपोर्ट|टिकट|फोन|चैट|खाना|रहना|निवेश|मना|प्यार|महीना|अंडा|किडनी",
    "ur": "پاسپورٹ|ٹکٹ|فون|چیٹ|کھانا|رہائش|سرمایہ کاری|منع|پیار|مہینہ|انڈے|گردہ",
    "bn": "পাসপোর্ট|টিকিট|ফোন|চ্যাট|খাওয়া|থাকা|বিনিয়োগ|নিষেধ|প্রেম|মাস|ডিম্বাণু|কিডনি",
    "ne": "राहदानी|टिकट|फोन|च्याट|खाना|बस्न|लगानी|मनाही|माया|महिना|अण्डा|मिर्गौला",
    "si": "පාස්පෝට්|ටිකට්|ෆෝන්|චැට්|කෑම|නවාතැන්|ආයෝජන|තහනම්|ආදරය|මාසය|බිත්තර|වකුගඩු",
    "ta": "பாஸ்போர்ட்|டிக்கெட்|போன்|சாட்|சாப்பாடு|தங்குமிடம்|முதலீடு|கூடாது|காதல்|மாதம்|கருமுட்டை|சிறுநீரகம்",
    "am": "ፓስፖርት|ትኬት|ስልክ|ቻት|ምግብ|መኖሪያ|ኢንቨስትመንት|አይቻልም|ፍቅር|ወር|እንቁላል|ኩላሊት",
    "ru": "паспорт|билет|телефон|чат|питание|жильё|инвестиции|нельзя|любовь|месяц|яйцеклетку|почку",
    "fr": "passeport|billet|téléphone|chat|repas|logement|investissement|interdit|amour|mois|ovocytes|rein",
    "pt": "passaporte|passagem|celular|chat|comida|moradia|investimento|proibido|amor|mês|óvulos|rim",
    "sw": "pasipoti|tiketi|simu|chat|chakula|malazi|uwekezaji|marufuku|mapenzi|mwezi|yai|figo",
}
"""What these are in other languages, where adverts mix emoji with words of that language."""

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
LEET_CYRILLIC = {"0": "о", "3": "е", "4": "а", "@": "а", "6": "б", "8": "в", "1": "и", "!": "и", "$": "с", "|": "л"}
LEET_CONSONANTS = {"3": "з", "4": "ч"}
"""The same in Cyrillic words, and what two of them are before a vowel or at the start."""
