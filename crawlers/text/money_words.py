"""Words for money in the languages served: currencies, multipliers, periods. Lower case, ASCII digits; longest match wins.

Own lists, from the pay fields and adverts of the sites served; a word that several currencies share stands in ``SHARED``.
"""

CURRENCIES: dict[str, str] = {
    "VND": "vnd vnđ vnd. đồng dong đ ₫ đ.",
    "USD": "usd us$ $us usd$ 美元 美金 米ドル เหรียญสหรัฐ баксов buck bucks",
    "USDT": "usdt u币 u 泰达币 tether",
    "EUR": "eur € euros euro евро یورو 欧元 유로 ユーロ ยูโร",
    "GBP": "gbp 英镑",
    "CNY": "cny rmb 块 块钱 圆 人民币 yuan renminbi tệ ndt 위안 หยวน ယွမ် ຢວນ យ័ន юаней юань",
    "TWD": "twd nt$ ntd nt 新台币 台币",
    "HKD": "hkd hk$ 港币 港元 港纸",
    "MOP": "mop mop$ 澳门币",
    "JPY": "jpy 円 yen yên 日元 日圆 엔 เยน យ៉េន ယန်း येन ইয়েন யென் ఎన్",
    "KRW": "krw 원 won ₩ 韩元 韩币 ウォン วอน",
    "THB": "thb บาท baht bath ฿ บ. 泰铢 铢 ບາດ บ baht/month ဘတ် បាត bạt batte бат バーツ 밧 බාට් பாட் बाट บาทไทย บ/เดือน baht.",
    "PHP": "php ₱ piso pisos p",
    "IDR": "idr rp rp. rupiah 印尼盾 rupiah. rph",
    "MYR": "myr rm ringgit 令吉 马币 रिंगिट رنگٹ রিঙ্গিত ரிங்கிட்",
    "SGD": "sgd s$ 新币 新加坡元 坡币 สิงคโปร์ดอลลาร์",
    "KHR": "khr ៛ រៀល riel riels",
    "MMK": "mmk ks ကျပ် kyat kyats 缅币",
    "LAK": "lak ₭ ກີບ kip 基普",
    "INR": "inr ₹ रुपये रुपए रु रु. রুপি ரூபாய் ரூ ரூ. rupaye rupay",
    "BDT": "bdt ৳ টাকা taka tk tk.",
    "PKR": "pkr روپے روپیہ روپئے",
    "NPR": "npr रुपैयाँ रुपैया रू रू.",
    "LKR": "lkr රු රුපියල් රු. ரூபாய்கள்",
    "AED": "aed د.إ",
    "SAR": "sar",
    "QAR": "qar",
    "KWD": "kwd kd",
    "OMR": "omr",
    "BHD": "bhd",
    "KES": "kes ksh ksh. kshs",
    "TZS": "tzs tsh",
    "UGX": "ugx ush",
    "ETB": "etb ብር birr",
    "XOF": "xof xaf fcfa cfa",
    "BRL": "brl r$ reais real",
    "RUB": "rub руб руб. рублей рубля ₽ р р. рубль",
    "UZS": "uzs so'm som сўм",
    "KZT": "kzt ₸ тенге",
    "UAH": "uah ₴ грн",
    "CZK": "czk kč kc",
    "PLN": "pln zł",
    "CHF": "chf",
    "TRY": "₺ tl lira",
    "ILS": "ils ₪",
    "NGN": "ngn ₦ naira",
    "GHS": "ghs gh₵ ₵ cedis",
    "ZAR": "zar rand",
    "MXN": "mxn mx$",
    "AUD": "aud a$ au$ 澳元 澳币",
    "NZD": "nzd nz$",
    "CAD": "cad c$ ca$ 加币 加元",
}
"""ISO 4217 code to its signs and words, separated by spaces (a name of several words follows in ``PHRASES``)."""
SHARED: dict[str, str] = {
    "$": "$",
    "Dollar": "dollars dollar đô đôla dolar dólares dolares dólar dola 刀 ドル 달러 ดอลลาร์ ดอลล่าร์ ດອນລາ ໂດລາ ដុល្លារ ដុល្លា "
    "ဒေါ်လာ डॉलर डलर ডলার ڈالر دولار டாலர் ඩොලර් ዶላር доллар долларов доллара долл dala dolları dollari",
    "Yuan|Yen": "¥ ￥",
    "Yuan|Dollar|Pataca": "元",
    "Pound": "£ pounds pound",
    "Peso": "pesos peso 披索 比索",
    "Rupee": "rs rs. rupees rupee ₨ ₨.",
    "Dirham": "dirham dirhams dhs dh درهم درہم दिरहम দিরহাম திர்ஹாம் ඩිරාම් ድርሃም дирхам дирхамов dirhã",
    "Riyal|Rial": "riyal riyals ريال ریال रियाल রিয়াল ሪያል ரியால் රියාල්",
    "Dinar": "dinar dinars دينار دینار दिनार দিনার தினார் දිනාර්",
    "Shilling": "shilingi sh shillings",
    "Krone|Krona|Króna|Koruna": "kr",
}
"""Signs and words that several currencies share, by the last word of their English names in CLDR; the country tells which."""
FIRST_GUESS = {
    "$": "USD", "Dollar": "USD", "Yuan|Yen": "CNY", "Yuan|Dollar|Pataca": "CNY", "Pound": "GBP", "Peso": "PHP", "Rupee": "INR",
    "Dirham": "AED", "Riyal|Rial": "SAR", "Dinar": "KWD", "Shilling": "KES", "Krone|Krona|Króna|Koruna": "CZK",
}  # fmt: skip
"""What such a sign stands for most often; never certain."""
PHRASES: dict[str, str] = {
    phrase: currency
    for currency, phrases in {
        "USD": "đô la mỹ|đô mỹ|us dollars|us dollar|u.s. dollars|dola za kimarekani",
        "Dollar": "đô la|do la",
        "CNY": "nhân dân tệ|nhan dan te",
        "VND": "việt nam đồng|viet nam dong",
        "GBP": "pounds sterling",
        "XOF": "f cfa|francs cfa",
        "MYR": "ringgit malaysia",
        "HKD": "hong kong dollars",
        "SGD": "singapore dollars|sing dollar|singapore dollar",
        "QAR": "qatari riyal",
        "TWD": "new taiwan dollars",
        "SAR": "saudi riyal",
        "KWD": "kuwaiti dinar",
    }.items()
    for phrase in phrases.split("|")
}
MULTIPLIER_CURRENCY: dict[str, str] = {
    "VND": "triệu trieu tr củ cu nghìn ngàn nghin ngan tỷ tỉ chai lúa",
    "IDR": "juta jt ribu rb miliar",
    "CNY": "w 万 千 亿 百万 千万",
    "KRW": "만 천 천만 백만 억",
    "THB": "ล้าน แสน หมื่น พัน",
    "LAK": "ລ້ານ ແສນ ໝື່ນ ພັນ",
    "MMK": "သိန်း သောင်း သန်း ထောင်",
    "RUB": "тыс тыс. тысяч тысячи млн",
    "ETB": "ሺ",
    "BDT": "হাজার লাখ লক্ষ",
    "INR": "हजार हज़ार लाख lakh lakhs lac crore करोड़ ஆயிரம் லட்சம்",
    "NPR": "hajar",
    "PKR": "ہزار لاکھ کروڑ",
    "LKR": "දහස ලක්ෂ",
    "KHR": "ម៉ឺន",
    "TRY": "bin",
    "UZS": "ming минг",
}
"""The currency a multiplier stands for when none is written (``15tr`` is dong, ``12jt`` rupiah)."""
MULTIPLIERS: dict[float, str] = {
    1e2: "百 백",
    1e3: "k nghìn ngàn nghin ngan ribu rb thousand grand mil mille 千 천 พัน ພັນ ពាន់ ထောင် हजार हज़ार হাজার ہزار ஆயிரம் දහස "
    "දාහක් දහසක් "
    "тыс тыс. тысяч тысячи тысяча elfu ሺ hajar hazar hazaar الف ألف آلاف الاف bin ming минг dubu",
    1e4: "万 만 หมื่น ໝື່ນ ម៉ឺន သောင်း w",
    1e5: "แสน ແສນ សែន သိန်း lakh lakhs lac lacs लाख লাখ লক্ষ لاکھ லட்சம் லட்ச ලක්ෂ ලක්ෂයක් laki",
    1e6: "triệu trieu tr củ cu juta jt million millions millones milhões milhao milhão ล้าน ລ້ານ លាន သန်း млн миллион миллиона "
    "миллионов mln "
    "milioni ሚሊዮን مليون ملین mio mn chai lúa 百万 백만 milyon miliyan",
    1e7: "천만 千万 crore crores करोड़ कরোड় কোটি کروڑ கோடி කෝටි",
    1e8: "亿 億 억",
    1e9: "tỷ ty tỉ billion miliar พันล้าน",
}

PERIODS: dict[str, str] = {
    "hour": "giờ gio h hr hrs hour hours jam ชม ชม. ชั่วโมง 小时 钟头 时 時 시간 시급 heure heures hora horas час часа saa "
    "ሰዓት घंटा ঘণ্টা گھنٹہ oras "
    "hourly horaire stunde std saatlik soatiga ម៉ោង နာရီ ຊົ່ວໂມງ மணி පැය",
    "day": "ngày ngay day days daily tag hari วัน 天 日 일 일당 jour journée dia día день siku ቀን दिन দিন دن araw ថ្ងៃ ရက် ມື້ "
    "நாள் දින 日结 日払い günlük gunluk kullum kuniga kunlik кунига يوميا",
    "week": "tuần tuan week weekly weeks woche minggu สัปดาห์ อาทิตย์ 周 週 주 주급 semaine semana неделю неделя wiki ሳምንት "
    "हफ्ता সপ্তাহ ہفتہ linggo សប្តាហ៍ "
    "ပတ် ອາທິດ வாரம் සතිය haftalık haftalik haftasiga اسبوعيا",
    "month": "tháng thang th mo mos month months monthly mth monat bulan bln เดือน ด. 月 个月 월 달 mois mês mes месяц мес "
    "мес. mwezi ወር महीना महीने माह মাস মাসে "
    "মাসিক ماہ ماہانہ ماه مہینہ buwan ខែ လ ເດືອນ மாதம் මාසය මසකට महिना p.m. pm/ sebulan perbulan sebulan. "
    "aylık aylik wata oyiga oylik ойига شهريا mensuales",
    "year": "năm nam year years yearly annum jahr annual annually tahun ปี 年 연봉 an année annuel ano año год mwaka ዓመት "
    "साल वर्ष বছর سال taon ឆ្នាំ နှစ် ປີ "
    "ஆண்டு වසර 年薪 年収 setahun p.a.",
    "task": "đơn task tasks order orders lượt nhiệm vụ 单 건 tugas งาน rit",
}
"""ISO-like period to its words, as they follow a slash or a word for *per*, or stand beside the amount."""
PERIOD_BEFORE: dict[str, str] = {
    "hour": "時給|时薪|시급|ชั่วโมงละ|ชม.ละ|taux horaire|smic horaire|horaire|hourly rate|per hour",
    "day": "日給|日薪|日结|日結|일당|일급|วันละ|每天|每日|mỗi ngày|lương ngày|daily rate|per day",
    "week": "週給|周薪|주급|สัปดาห์ละ|อาทิตย์ละ|mỗi tuần|weekly",
    "month": "月給|月薪|月入|月收|月💰|每月|月|월급|월|เดือนละ|รายเดือน|mỗi tháng|lương tháng|monthly salary|per month|gaji "
    "bulanan|gaji sebulan|"
    "ежемесячно|ежемесячная|mensuel|mensal|በወር|प्रति माह|मासिक|প্রতি মাসে|মাসিক|ماہانہ|mahana|mahine|底薪|기본급|ប្រាក់ខែ|"
    "เงินเดือน|ເງິນເດືອນ|kwa mwezi",
    "year": "年薪|年収|연봉|ปีละ|annual salary|per year",
}
"""Period to the words that name it before the amount."""
