"""Words for months, units and days in the languages served, as boards and forums print them; lower case, one table per kind.

Names come from Unicode CLDR (dates/calendars/gregorian, dates/fields) and from the relative forms that phpBB, vBulletin,
XenForo and
Discourse ship in their translations.
"""
# ruff: noqa: SIM905 - a list of words reads best as one text

MONTHS: dict[int, str] = {
    1: (
        "january jan jan. janvier janv janv. januar januari janeiro enero ene gennaio января "
        "янв янв. январь ledna leden มกราคม ม.ค. ม.ค មករា ມັງກອນ ມ.ກ. ဇန်နဝါရီ ဇန် जनवरी जन॰ "
        "जन জানুয়ারী জানুয়ারি জানু জনু جنوری ජනවාරි ජන ஜனவரி ஜன ஜன. ጃንዋሪ ጃንዩወሪ يناير "
        "styczeń ene."
    ),
    2: (
        "february feb feb. février fevrier févr févr. fév februar februari pebruari "
        "fevereiro fev febrero febbraio февраля фев февр февр. února únor กุมภาพันธ์ ก.พ. "
        "ก.พ កុម្ភៈ កុម្ភះ ກຸມພາ ກ.ພ. ဖေဖော်ဝါရီ ဖေ फरवरी फ़रवरी फर॰ फेब्रुअरी ফেব্রুয়ারী "
        "ফেব্রুয়ারি ফেব فروری පෙබරවාරි පෙබ பிப்ரவரி பிப் பிப். ፌብሩዋሪ ፌብሩወሪ فبراير pebrero"
    ),
    3: (
        "march mar mar. mars maret mac märz maerz mrz mär março marco marzo марта мар мар. "
        "март března březen มีนาคม มี.ค. มี.ค មីនា មិនា ມີນາ ມ.ນ. မတ် मार्च মার্চ مارچ "
        "මාර්තු මාර් மார்ச் மார். ማርች مارس machi marso"
    ),
    4: (
        "april apr apr. avril avr avr. abril abr aprile aprili апреля апр апр. апрель dubna "
        "duben เมษายน เม.ย. เม.ย មេសា ເມສາ ມ.ສ. ဧပြီ अप्रैल अप्रेल এপ্রিল اپریل අප්රේල් "
        "அப்ரல் ஏப்ரல் ஏப். ኤፕሪል ኤፕረል أبريل إبريل"
    ),
    5: "may mai mei mayo maio maggio мая май května květen พฤษภาคม พ.ค. พ.ค ឧសភា ພຶດສະພາ ພ.ພ. မေ मई मे মে مئی මැයි மே ሜይ مايو",
    6: (
        "june jun jun. juin juni junho junio giugno июня июн июн. июнь června červen "
        "มิถุนายน มิ.ย. มิ.ย មិថុនា ມິຖຸນາ ມິ.ຖ. ဇွန် जून जुन জুন جون ජූනි ஜூன் ጁን يونيو "
        "hunyo"
    ),
    7: (
        "july jul jul. juillet juil juil. juli julho julio luglio июля июл июл. июль "
        "července červenec กรกฎาคม ก.ค. ก.ค កក្កដា ກໍລະກົດ ກ.ກ. ဇူလိုင် जुलाई जुलाइ জুলাই "
        "جولائی ජූලි ஜூலை ஜூலை. ጁላይ يوليو julai hulyo"
    ),
    8: (
        "august aug aug. août aout agosto ago ago. agustus agt agu ogos ogo августа авг авг. "
        "август srpna srpen สิงหาคม ส.ค. ส.ค សីហា ສິງຫາ ສ.ຫ. ဩဂုတ် သြဂုတ် अगस्त अग॰ আগস্ট আগ "
        "اگست අගෝස්තු அகஸ்ட் ஆகஸ்ட் ஆக. ኦገስት أغسطس agosti"
    ),
    9: (
        "september sept sep sep. sept. septembre setembro set septiembre settembre сентября "
        "сен сент сент. сентябрь září กันยายน ก.ย. ก.ย កញ្ញា ກັນຍາ ກ.ຍ. စက်တင်ဘာ सितंबर "
        "सितम्बर सित॰ सेप्टेम्बर সেপ্টেম্বর সেপ্ট ستمبر සැප්තැම්බර් செப்டம்பர் செப். ሴፕቴምበር "
        "سبتمبر septemba setyembre"
    ),
    10: (
        "october oct oct. octobre oktober okt okt. outubro out octubre ottobre октября окт "
        "окт. октябрь října říjen ตุลาคม ต.ค. ต.ค តុលា ຕຸລາ ຕ.ລ. အောက်တိုဘာ अक्टूबर अक्तूबर "
        "अक्टोबर अक्टू॰ অক্টোবর অক্টো اکتوبر ඔක්තෝබර් அக்டோபர் அக். ኦክቶበር أكتوبر oktoba "
        "oktubre"
    ),
    11: (
        "november nov nov. novembre novembro noviembre ноября ноя нояб нояб. ноябрь "
        "listopadu listopad พฤศจิกายน พ.ย. พ.ย វិច្ឆិកា ພະຈິກ ພ.ຈ. နိုဝင်ဘာ नवंबर नवम्बर "
        "नोभेम्बर नव॰ নভেম্বর নভে نومبر නොවැම්බර් நவம்பர் நவ. ኖቬምበር نوفمبر novemba nobyembre"
    ),
    12: (
        "december dec dec. décembre decembre déc déc. desember dezember des dez dezembro "
        "diciembre dic dicembre disember dis декабря дек дек. декабрь prosince prosinec "
        "ธันวาคม ธ.ค. ธ.ค ធ្នូ ທັນວາ ທ.ວ. ဒီဇင်ဘာ दिसंबर दिसम्बर दिस॰ डिसेम्बर ডিসেম্বর ডিসে "
        "دسمبر දෙසැම්බර් டிசம்பர் டிச. ዲሴምበር ديسمبر desemba disyembre"
    ),
}
THAI_MARK = ("ม.ค", "ก.พ", "มี.ค", "เม.ย", "พ.ค", "มิ.ย", "ก.ค", "ส.ค", "ก.ย", "ต.ค", "พ.ย", "ธ.ค", "าคม", "ายน", "กุมภาพันธ์")
"""Endings that tell a Thai month, whose two-digit years count from the Buddhist era."""

UNITS: dict[str, str] = {
    "second": (
        "seconds second secs sec s dtk seg sek сек с ثانية ثوان giây detik saat วินาที 秒钟 秒鐘 秒前 秒 초 วิ វិនាទី ວິນາທີ "
        "စက္ကန့် सेकंड सेकेन्ड সেকেন্ড سیکنڈ තත්පර விநாடி secondes seconde segundos segundo секунд секунды секунду "
        "sekunde sekunden sekundi ሰከንድ sekund sekundou sekundami sekundy ሰከንዶ से॰ வி விநா ວິ ثوانٍ ثوانِ secondi "
        "secondo"
    ),
    "minute": (
        "minutes minute mins min m mnt мин ນທ phút menit minit นาที 分钟 分鐘 分前 분 នាទី ນາທີ မိနစ် मिनट मिनेट মিনিট منٹ "
        "මිනිත්තු நிமிடங்கள் நிமிடம் நிமிட minutos minuto минут минуты минуту minuten dakika minut ደቂቃ دقيقة دقائق "
        "minuty minutou minutami मि॰ நி நிமி ደቂቃዎ minuti"
    ),
    "hour": (
        "hours hour hrs hr h ч ຊມ giờ tiếng jam ชั่วโมง ชม. 小时 小時 時間 时 시간 ម៉ោង ຊົ່ວໂມງ နာရီ घंटे घंटा घण्टा ঘণ্টা "
        "ঘন্টা گھنٹے گھنٹہ පැය மணிநேர மணி heures heure horas hora oras часов часа час stunden stunde std saa ሰዓት ساعة "
        "ساعات hodin hodinami hodinou hodiny घं॰ ம ሰዓቶ ore ora"
    ),
    "day": (
        "days day d دنوں дн நா يومًا ngày hari วัน 天 日 일 ថ្ងៃ ມື້ ວັນ ရက် दिन दिनों দিন دن දින நாட்கள் நாட்க நாள் "
        "jours jour días dias dia день дня дней tage tagen tag araw siku ቀን ቀናት يوم أيام dny dnem dní día dne நாளு ቀኖች "
        "giorni giorno j"
    ),
    "week": (
        "weeks week wks wk w mgg mgu sem wo týd нед ອທ வா tuần minggu pekan สัปดาห์ อาทิตย์ 周 週 週間 星期 礼拜 주 주일 សប្តាហ៍ "
        "សប្ដាហ៍ ອາທິດ ပတ် रत्ती हफ्ते हफ़्ते सप्ताह हप्ता সপ্তাহ ہفتے ہفتہ සති வாரங்கள் வாரங்க வாரம் semaines "
        "semaine semanas semana неделю недели недель wochen woche linggo wiki ሳምንት ሳምንታት أسبوع أسابيع týdny týdnem "
        "týdne வார settimane settimana"
    ),
    "month": (
        "months month mos mo bln měs мес ດ माह ماہ மா tháng bulan เดือน 个月 個月 か月 ヶ月 ヵ月 カ月 月 개월 달 ខែ ເດືອນ လ महीने "
        "महीना महिना মাস مہینے مہینہ මාස மாதங்கள் மாதங்க மாதம் mois meses mês mes месяц месяца месяцев monate monaten "
        "monat buwan mwezi miezi ወር ወራት شهر أشهر měsíci měsícem měsíce மாத mesi"
    ),
    "year": (
        "years year yrs yr y thn г л වසර ஆ năm tahun ปี 年 년 ឆ្នាំ ປີ နှစ် साल वर्ष বছর سال අවුරුදු வருடங்கள் ஆண்டு "
        "ans an anos ano años año год года лет jahre jahren jahr taon mwaka miaka ዓመት سنة سنوات lety rokem roku r rok "
        "ஆண்டி ዓመታት anni anno"
    ),
}
LETTERS: dict[str, dict[str, str]] = {
    "id": {"h": "day", "j": "hour"},
    "fr": {"m": "month", "a": "year"},
    "es": {"m": "month", "a": "year"},
    "pt": {"a": "year"},
    "cs": {"l": "year"},
}
"""Letters that stand for another unit in a language than in ``UNITS``, or for one only there."""
AGO = (
    "ago|trước|lalu|yang lepas|ที่แล้ว|ที่ผ่านมา|ก่อน|前|以前|之前|전|មុន|ກ່ອນ|လွန်ခဲ့သော|"
    "ပြီးခဲ့သည့်|ရက် က|နာရီ က|पहले|पूर्व|अघि|पहिले|আগে|পূর্বে|پہلے|قبل|පෙර|முன்|il y a|há|atrás|hace|назад|vor|"
    "nakaraan|nakalipas|iliyopita|uliopita|zilizopita|lililopita|yaliyopita|በፊት|منذ|před|geleden|"
    "fa|earlier"
).split("|")
PUBLISHED = "posted reposted published updated refreshed added listed active đăng diposting publié".split()
ONE = {"a", "an", "one", "một", "satu", "se", "isang", "un", "une", "uma", "um", "una", "ein", "einem", "einer", "eine", "moja"}
COUNTED = {
    **dict.fromkeys(("sehari", "يوم"), (1, "day")),
    **dict.fromkeys(("sejam", "час", "ساعة"), (1, "hour")),
    **dict.fromkeys(("semenit", "دقيقة"), (1, "minute")),
    **dict.fromkeys(("seminggu", "неделю", "أسبوع"), (1, "week")),
    **dict.fromkeys(("sebulan", "месяц", "شهر"), (1, "month")),
    **dict.fromkeys(("setahun", "год", "سنة"), (1, "year")),
    "ثانية": (1, "second"), "ثانيتين": (2, "second"), "دقيقتين": (2, "minute"), "ساعتين": (2, "hour"), "يومين": (2, "day"),
    "أسبوعين": (2, "week"), "شهرين": (2, "month"), "سنتين": (2, "year"),
}  # fmt: skip
"""Words that say how many of a unit by themselves."""

DAYS: dict[int, str] = {
    0: (
        "today|hôm nay|hari ini|วันนี้|今天|今日|本日|오늘|ថ្ងៃនេះ|មកដល់ថ្ងៃនេះ|ມື້ນີ້|ယနေ့|ဒီနေ့|आज|"
        "আজ|আজকে|آج|අද|இன்று|aujourd'hui|aujourd’hui|hoje|hoy|сегодня|heute|ngayon|"
        "ngayong araw|leo|ዛሬ|اليوم|dnes|just now|vừa xong|vừa mới|mới đây|baru saja|"
        "baru sahaja|เมื่อสักครู่|เมื่อกี้|刚刚|剛剛|刚才|たった今|방금|ទើបតែ|अभी|अभी अभी|ابھی|"
        "à l'instant|agora|agora mesmo|только что|gerade eben|ngayon lang|sasa hivi|recién|"
        "los momentos"
    ),
    1: (
        "yesterday|hôm qua|kemarin|semalam|kelmarin|เมื่อวาน|เมื่อวานนี้|昨天|昨日|어제|ម្សិលមិញ|"
        "ມື້ວານ|ມື້ວານນີ້|မနေ့က|कल|हिजो|গতকাল|کل|ඊයේ|நேற்று|hier|ontem|ayer|вчера|gestern|"
        "kahapon|jana|ትናንት|أمس|včera"
    ),
    2: (
        "day before yesterday|hôm kia|kemarin lusa|เมื่อวานซืน|前天|一昨日|おととい|그저께|ម្សិលម្ង៉ៃ|"
        "ມື້ກ່ອນ|တစ်နေ့က|परसों|গত পরশু|پرسوں|avant-hier|anteontem|anteayer|позавчера|"
        "vorgestern|juzi"
    ),
}
MONTH_FIRST = ("en-us", "en_us", "en-ph", "tl", "fil")
"""Languages whose numeric dates put the month before the day when the numbers do not tell."""
YEAR_FIRST = ("zh", "ja", "ko", "hu", "mn")
"""Languages whose short numeric dates (25/03/09) put the year first."""
