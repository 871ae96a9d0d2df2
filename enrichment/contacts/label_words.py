"""Words that announce a contact, in the languages served, and words for the digits. Folded by ``enrichment.text.views.fold``
when used.

Own lists; the disguised names (薇信, 卫星, ㅌㄹ, tlgrm) are those that adverts and warnings show.
"""

LABELS: dict[str, str] = {
    "telegram": "telegram teiegram telegramm tlgrm tlg telgram telegam telegrm tele tg t.g 飞机 飛機 纸飞机 紙飛機 小飞机 "
    "电报 電報 飞机号 телеграм телеграмм телега тг เทเลแกรม เทเล เทเลแกรมม ເທເລແກຣມ ເທເລ ເທເລແກມ តេឡេក្រាម តេលេក្រាម តេលេ တယ်လီဂရမ် "
    "တယ်လီ တယ်လီဂရမ်း တယ်လီကရမ် टेलीग्राम टेलिग्राम টেলিগ্রাম ٹیلی‌گرام ٹیلیگرام ٹیلی گرام تلگرام تيليجرام تلجرام تليغرام டெலிகிராம் டெலிக்ராம் "
    "ටෙලිග්‍රෑම් ටෙලිග්‍රාම් ቴሌግራም 텔레그램 텔레 텔그 ㅌㄹ ㅌㄹㄱㄹ テレグラム テレグラ テレ телеге телегу телеграме тгшка तेलेग्राम "
    "तेलिग्राम តេឡេ têlê télégram telegrame télégramme ทีจี เทเรแกรม เทเลเกรม 飞机软件 蓝色小飞机 텔레그렘 テレグ тгк তেলেগ্রাম "
    "টেলেগ্রাম 灰机 டெலகிராம் ٹیلگرام တယ်လီဂျမ် တယ်လီဂရန် ເທເລແກລມ"
    " التليجرام تلغرام تيليغرام telegramdan telegramda телеграмдан",
    "whatsapp": "whatsapp whatapp whatsap watsapp watsap wattsapp whatsup wapp wsp wsapp "
    "wtsp whtsp wassap wasap ws zap zapzap wpp wa wea вотсап ватсап вацап ватсапп วอทส์แอป วอทแอป วอตส์แอป ວອດແອັບ ວັອດແອັບ ວັອດສ໌ແອັບ "
    "ວອດສແອັບ វ៉ាតស៍អែប វ៉តសាប់ ဝက်စ်အက်ပ် ဝပ်ဆက် হোয়াটসঅ্যাপে واتساب واتس வாட்ஸ் அப் வாட்சப் வாட்ஸப் වට්ස් ඇප් ዋትስአፕ ዋትሳፕ 왓츠앱 와츠앱 왓앱 "
    "ワッツアップ wa.me вотсапе ватсапе вацапе whats whatszap whatsaap whatsappe watsup uotsap wasapu হোয়াটস্যাপ व्हाटसएप وٹس "
    "واٹسپ วอทแอพ วอทส์แอพ วัตส์แอป วอทซแอป уотсап вотсапп ဝက်စ်အပ် ဝပ်စ်အက်ပ် ဝပ်စ်အပ် វ៉ាត់សាប់ វ៉តស៍អាប់ வாட்சாப் வாட்ஸாப் වට්සැප් 왓쯔앱 왓챕 와쯔앱"
    " الواتس الواتساب whatsapptan vatsap ватсапга",
    "line": "line llne iine 1ine ไลน์ ไลน ไอดีไลน์ ไลน์ไอดี ໄລນ໌ ໄລ ໄລນ ໄອດີໄລນ໌ ライン 라인 လိုင်း 賴 赖 加赖 ឡាញ line@ "
    "လိုင်းအိုင်ဒီ លែន"
    " लाइन লাইন لائن லைன் ලයින් ላይን"
    " ลายน์ らいん แอดไลน์ แอด",
    "zalo": "zalo zalô zl da lo 잘로 ซาโล ซาโร ហ្សាឡូ ຊາໂລ ဇာလို gialo zalow ဇာလို့",
    "wechat": "wechat we chat weixin wexin 微信 薇信 威信 微x v信 vx wx weixin号 v❤ 微❤ 卫星 衛星 v♥ 加v信 加微信 加薇信 "
    "加威信 加vx 加wx 加v +v ➕v 加微 加薇 加威 薇 v: v： 微: 微： 的v是 위챗 ウィーチャット วีแชท วีแชต ວີແຊັດ វីចាត់ វីឆាត ဝီချက် "
    "微訊 微讯 wechatid वीच्याट वीचैट विच्याट উইচ্যাট উইচাট وی‌چیٹ ویچیٹ வீசாட் விசாட் வீச்சாட் වීචැට් ዊቻት вичат ວີແຊດ ဝီးချတ် 小绿 绿软 徽信 "
    "微芯 v芯 威芯 喂信 溦信 加我微 加我v 加个微 加个v 我微 我v +微 ➕微 ➕薇 加💚 微❤️ 薇芯 위쳇 ウィチャット វីឆាត់"
    " +vx +wx ➕vx ➕wx 绿泡泡 绿泡 wei: v心 伽v",
    "viber": "viber viper vaiber vb вайбер ဗိုင်ဘာ ဘိုင်ဘာ ไวเบอร์ វ៉ាយប័រ"
    " вайбере वाइबर ভাইবার وائبر வைபர் වයිබර් ቫይበር ဗိုက်ဘာ"
    " ဝိုက်ဘာ ဗွိုက်ဘာ भाइबर भाईबर वाईबर ໄວເບີ វ៉ៃប័រ វ៉ាយបឺ 바이버 バイバー ভাইবর",
    "signal": "sgnl signal signal: số сигнал"  # of "signal số"; it also keeps "so" out of the learned wording
    " シグナル 시그널 سگنل सिग्नल সিগন্যাল சிக்னல் සිග්නල් ሲግናል сигнале ซิกแนล ຊິກແນລ သိဂ်နယ်",
    "kakaotalk": "kakaotalk kakao talk 카카오톡 카톡 카톡아이디 카카오 ㅋㅌ カカオトーク カカオ 까톡 깨톡 katalk カカトーク",
    "phone": "tel tel. tel: telp telp. telepon telefon telpon phone ph hp hp. no nomor nohp call ring sms txt text "
    "hotline mobile mob cell điện thoại sđt sdt đt dt gọi goi lh liên hệ alo โทร โทร. เบอร์ เบอร์โทร โทรศัพท์ โทรหา ໂທ ໂທລະສັບ ໂທຫາ "
    "ເບີ ເບີໂທ ទូរស័ព្ទ ទូរសព្ទ លេខ ទំនាក់ទំនង ဖုန်း ဖုန်းနံပါတ် ဆက်သွယ်ရန် ဆက်သွယ် 电话 電話 手机 手機 致电 致電 联系电话 聯絡電話 号码 號碼 咨询 "
    "諮詢 फोन मोबाइल मोबाईल नंबर नम्बर संपर्क सम्पर्क कॉल फ़ोन ফোন মোবাইল নম্বর যোগাযোগ কল فون موبائل نمبر رابطہ هاتف جوال اتصل رقم "
    "தொலைபேசி போன் அலைபேசி எண் தொடர்பு දුරකථන ඇමතුම් අංකය ස්පර් téléphone telephone tél tél. appelez appeler telefone celular ligue "
    "fone contato teléfono móvil llama llamar тел тел. телефон звоните номер звонить simu piga namba nambari ስልክ ቁጥር 전화 "
    "전화번호 연락처 휴대폰 핸드폰 폰 電話番号 連絡先 携帯 tawagan tawag numero cp cp# contact number nombor hubungi telefonni "
    "ligar contactez joindre joignable appelle номера номеру номером numerong 打给我 打给 texto hub 拨打 撥打 请拨 请打 或打 "
    "可打 来电 电洽 ☎ 📞 📱 ☏ 📲"
    " numara arayın lambar lambarka waya raqam nomer рақам الرقم موبايل تليفون",
}
"""Type of contact to the words that announce it, separated by spaces; names of two words stand in ``LONG_LABELS``."""
_WHATSAPP_HEADS_AND_TAILS = (
    ("व्हाट्स व्हाट व्हॉट्स वाट्स वॉट्स वट्स व्हट्स ह्वाट्स हाट्स", "एप ऐप अप ऍप एप्प ऐप्प अप्प"),
    ("হোয়াটস হোয়াটস্ হোয়াট্স ওয়াটস ওয়াটস্ হোয়াট", "অ্যাপ এ্যাপ এপ আপ অ্যাপস এপস"),
    ("واٹس وٹس واٹز وہاٹس", "ایپ اپ ایپپ"),
    ("வாட்ஸ் வாட்ச் வாட் வட்ஸ்", "அப் ஆப் ஏப் அப்ப்"),
    ("වට්ස් වට් වොට්ස් වාට්ස්", "ඇප් අප් ඈප් ඇප්ප්"),
)
"""How WhatsApp is spelled in scripts that have no settled spelling: any beginning with any end."""
LABELS["whatsapp"] += "".join(
    f" {head}{tail}" for heads, tails in _WHATSAPP_HEADS_AND_TAILS for head in heads.split() for tail in tails.split()
)
_WECHAT_FIRST, _WECHAT_SECOND = "微薇威徽溦嶶崴葳", "信芯心"
LABELS["wechat"] += "".join(
    f" {word}"
    for first in _WECHAT_FIRST
    for word in (*(first + second for second in _WECHAT_SECOND), f"加{first}", f"伽{first}", f"+{first}", f"{first}:")
    if word not in LABELS["wechat"].split()
)
"""Disguised names of WeChat: letters that sound or look like its own."""
LONG_LABELS: dict[str, str] = {
    "tê lê": "telegram", "te le": "telegram", "tele gram": "telegram", "za lo": "zalo", "vai bơ": "viber",
    "ٹیلی گرام": "telegram", "واٹس ایپ": "whatsapp", "واٹس اپ": "whatsapp", "வாட்ஸ் அப்": "whatsapp", "වට්ස් ඇප්": "whatsapp",
    "what's app": "whatsapp", "whats app": "whatsapp", "we chat": "wechat", "وی چیٹ": "wechat", "kakao talk": "kakaotalk",
    "signal app": "signal", "وٹس ایپ": "whatsapp", "وٹس اپ": "whatsapp", "whats zap": "whatsapp", "tele gờ ram": "telegram",
    "za lô": "zalo", "line id": "line", "id line": "line", "số điện thoại": "phone", "điện thoại": "phone", "liên hệ": "phone",
    "no hp": "phone", "nomor hp": "phone", "contact no": "phone", "toll free": "phone", "toll-free": "phone",
    "contact number": "phone", "카 톡": "kakaotalk", "cp no": "phone", "v信号": "wechat", "微 信": "wechat",
}  # fmt: skip
_FRAGMENTS = (
    "گرام ٹیلی ایپ اپ واٹس அப் வாட்ஸ் ඇප් වට්ස් we chat talk app id số điện thoại liên no da lo number nomor hệ contact text ring call "
)
FRAGMENTS = frozenset(_FRAGMENTS.split())
"""Parts of names of two words, and words too common to announce anything alone."""
MARKED_ONLY = frozenset({
    "line", "signal", "シグナル", "시그널", "سگنل", "सिग्नल", "সিগন্যাল", "சிக்னல்", "සිග්නල්", "ሲግናል", "сигнал", "сигнале",
    "লাইন", "لائن", "லைன்", "ලයින්", "ላይን", "lai", "卫星", "衛星", "赖", "賴", "薇", "v:", "wa", "ws", "wpp", "zap", "vb",
    "sgnl", "llne", "iine", "1ine", "zl", "tg", "wx", "vx", "微:", "微：", "wea", "viper", "我v", "我微", "+微", "小绿", "绿软",
    "らいん", "whats", "وٹس", "ライン", "テレ", "แอด", "飞机", "飛機", "라인", "หลาย", "लाइन", "ໄລ", "kakao",
})  # fmt: skip
"""Labels that are also everyday words: only a handle or a number right behind them makes them a label."""

ONLINE = (
    "ออนไลน์ ออนไลน ອອນໄລນ໌ ອອນໄລນ ອອນໄລ អនឡាញ អនឡាញ៍ អ៊ិនឡាញ အွန်လိုင်း အွန်းလိုင်း 온라인 オンライン ऑनलाइन अनलाइन অনলাইন آنلائن "
    "แอดมิน ஆன்லைன் ஒன்லைன் ඔන්ලයින් ඕන්ලයින් ኦንላይን"
)
"""The word *online*, which ends in the name of an app in these languages: no label."""
NETWORKS = (
    "facebook|fb|instagram|insta|ig|tiktok|tik tok|twitter|youtube|linkedin|skype|qq|qq群|q群|扣扣|snapchat|snap|discord|threads|"
    "vk|threema|zangi|抖音|抖音号|小红书|快手|微博|脸书|臉書|推特|ไอจี|ติ๊กต่อก|ติ๊กต๊อก|ติ๊กตอก|เฟส|เฟซ|เฟสบุ๊ค|เฟซบุ๊ก|ทวิต|ทวิตเตอร์|"
    "инста|инстаграм|инстаграмм|вк|вконтакте|тикток|фейсбук|ютуб|дискорд|скайп|인스타|인스타그램|페북|페이스북|틱톡|유튜브|트위터|디스코드|"
    "インスタ|インスタグラム|ツイッター|ティックトック|フェイスブック|ユーチューブ|इंस्टा|इंस्टाग्राम|इन्स्टाग्राम|फेसबुक|टिकटॉक|टिकटक|यूट्यूब|"
    "ফেসবুক|ইনস্টাগ্রাম|ইনস্টা|টিকটক|ইউটিউব|فیس بک|انسٹاگرام|انسٹا|ٹک ٹاک|یوٹیوب|ෆේස්බුක්|ඉන්ස්ටග්‍රෑම්|ටික්ටොක්|பேஸ்புக்|இன்ஸ்டாகிராம்|"
    "இன்ஸ்டா|டிக்டாக்|ဖေ့စ်ဘုတ်|ဖေ့ဘုတ်|အင်စတာဂရမ်|တစ်တော့|ហ្វេសប៊ុក|តិកតុក|អ៊ីនស្តាក្រាម|ເຟສ|ເຟສບຸກ|ຕິກຕອກ|ፌስቡክ|ኢንስታግራም|ቲክቶክ"
)
"""Words that announce an account of a network we keep no contacts of."""
DOCUMENTS = (
    "cccd|cmnd|mst|passport|paspor|pasport|hộ chiếu|giấy phép|mã số thuế|mã số|mã đơn|license|licence|lisensi|siupjtki|siup|"
    "nik|ktp|npwp|sss|tin no|dmw|poea|otp|code|pin|order id|order no|invoice|hóa đơn|tài khoản|stk|số tk|account no|account "
    "number|rekening|norekening|norek|rek|a/c|bank account|身份证|护照|许可证|执照|账户|卡号|验证码|订单|工号|编号|เลขที่บัญชี|"
    "เลขบัญชี|ใบอนุญาต|บัตรประชาชน|आधार|लाइसेंस|লাইসেন্স|لائسنس|ref no|bank|vietcombank|vcb|techcombank|bidv|agribank|sacombank|"
    "vpbank|mbbank|bni|bri|bca|mandiri|maybank|cimb|bdo|bpi|ธนาคาร|ngân hàng|银行|銀行|은행|बैंक|ব্যাংক|بینک|வங்கி|බැංකුව|ባንክ|"
    "ធនាគារ|ທະນາຄານ|ဘဏ်|банк|banque|banco|benki|rek ini|no rek|reference|ref|reg|registration|company reg|gpkd|siret|siren|cnpj|"
    "cpf|инн|огрн|лицензия|лицензии|лиц|счет|счёт|договор|паспорт|iban|統編|统编|帳號|銀行帳號|银行账号|口座番号|口座|会員番号|"
    "許可番号|免許番号|사업자등록번호|등록번호|계좌|계좌번호|주민번호|ගිණුම්|ගිණුම් අංක|බලපත්‍ර|உரிமம்|கணக்கு|কার্ড|অ্যাকাউন্ট|একাউন্ট|হিসাব|"
    "इजाजतपत्र|खाता|खाता नंबर|اکاؤنٹ|اکاؤنٹ نمبر|leseni|akaunti|till no|till namba|paybill|ፈቃድ|ሒሳብ|ሂሳብ|គណនី|អាជ្ញាប័ណ្ណ|ບັນຊີ|ໃບອະນຸຍາດ|"
    "ဘဏ်စာရင်း|လိုင်စင်|ใบอนุญาตเลขที่|เลขประจำตัว|บัญชี|เข้าบัญชี|nib|sip3mi|ssm|rib|compte|licença|processo|conta corrente|edital|tracking|"
    "awb|vin|imei|isbn|zoom|zoom id|meeting id|id zoom|id meeting|会议号|腾讯会议|会议|order number|order|no resi|resi|no "
    "akaun|akaun|commande|pedido|заказ|заказа|注文番号|주문번호|訂單|单号|快递单号|รหัสสินค้า|รหัสพัสดุ|เลขพัสดุ|ऑर्डर|ऑर्डर नंबर|অর্ডার|"
    "অর্ডার নম্বর|آرڈر|آرڈر نمبر|अर्डर|mã hàng|mã vận đơn|roll no|रोल नंबर|रोल नं|पंजीकरण|রোল|பதிவு எண்|விளம்பர எண்"
)
"""Words that announce a number which is no telephone number."""
_PLAIN_WORDS = (
    "group groups channel official account only direct message chat call contact with from here this that please number same "
    "just send link premium business messenger app application manager jobs work inbox video interview username admin online "
    "support info profile nhóm kênh sau nhé trực tiếp grup saja atau untuk lewat melalui kirim hubungi sekarang lang niyo para "
    "kung mensahe groupe pour avec com grupo canal pelo fale agora сразу писать канал group: whatsapp telegram zalo line viber "
    "wechat signal kakaotalk facebook instagram email gmail website http https phone "
)
PLAIN_WORDS = frozenset(_PLAIN_WORDS.split())
"""Words that follow a label without being a name."""

DIGIT_WORDS: dict[str, str] = {
    "0": "không khong zero oh nol kosong ศูนย์ ສູນ សូន្យ သုည शून्य जीरो শূন্য শুন্য صفر زیرو சுழியம் பூஜ்யம் බිංදුව "
    "ශුන්‍ය zéro ноль "
    "нуль sifuri ዜሮ 공 영 零 〇 ゼロ 洞",
    "1": "một mot one satu หนึ่ง ໜຶ່ງ ຫນຶ່ງ មួយ တစ် एक এক ایک ஒன்று එක isa un um uno один moja አንድ 일 一 幺 いち",
    "2": "hai two dua สอง ສອງ ពីរ နှစ် दो दुई দুই دو இரண்டு දෙක dalawa deux dois dos два mbili ሁለት 이 二 两 兩 に",
    "3": "ba three tiga สาม ສາມ បី သုံး तीन তিন تین மூன்று තුන tatlo trois três tres три tatu ሶስት ሦስት 삼 三 さん",
    "4": "bốn bon tư four empat สี่ ສີ່ បួន လေး चार চার چار நான்கு හතර apat quatre quatro cuatro четыре nne አራት 사 四 よん",
    "5": "năm nam lăm five lima ห้า ຫ້າ ប្រាំ ငါး पाँच पांच পাঁচ পাচ پانچ ஐந்து පහ cinq cinco пять tano አምስት 오 五 ご",
    "6": "sáu sau six enam หก ຫົກ ប្រាំមួយ ခြောက် छह छः छ ছয় چھ ஆறு හය anim seis meia шесть sita ስድስት 육 六 ろく",
    "7": "bảy bay bẩy seven tujuh เจ็ด ເຈັດ ប្រាំពីរ ប្រាំពិល ခုနစ် ခုနှစ် सात সাত سات ஏழு හත pito sept sete siete семь saba ሰባት 칠 七 なな",
    "8": "tám tam eight delapan lapan แปด ແປດ ប្រាំបី ရှစ် आठ আট آٹھ எட்டு අට walo huit oito ocho восемь nane ስምንት 팔 八 はち",
    "9": "chín chin nine sembilan เก้า ເກົ້າ ប្រាំបួន ကိုး नौ নয় نو ஒன்பது නවය siyam neuf nove nueve девять tisa ዘጠኝ 구 九 きゅう",
}
"""Digit to the words for it."""
_FRENCH_TENS = {
    2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 7: "soixante", 8: "quatre-vingt", 9: "quatre-vingt",
}  # fmt: skip
_FRENCH_TEENS = "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
_FRENCH_ONES = "un deux trois quatre cinq six sept huit neuf"


def french_pairs() -> dict[str, str]:
    """Return the two digits of each French numeral from 10 to 99: French numbers are told in pairs."""
    teens, ones = _FRENCH_TEENS.split(), _FRENCH_ONES.split()
    pairs = {str(10 + place): word for place, word in enumerate(teens)}
    for tens, word in _FRENCH_TENS.items():
        if tens in (7, 9):
            pairs |= {f"{tens}{place}": f"{word}-{value}" for place, value in enumerate(teens)}
        else:
            pairs[f"{tens}0"] = f"{word}s" if tens == 8 else word
            joint = "-et-" if tens < 8 else "-"
            pairs |= {f"{tens}{place}": f"{word}{joint if place == 1 else '-'}{value}" for place, value in enumerate(ones, 1)}
    return pairs | {"71": "soixante-et-onze"}


LANGUAGE_COUNTRIES: dict[str, tuple[str, ...]] = {
    "vi": ("VN",), "th": ("TH",), "id": ("ID", "MY"), "ms": ("MY", "SG", "BN", "ID"), "tl": ("PH",), "my": ("MM", "TH"),
    "km": ("KH",), "lo": ("LA",), "zh": ("CN", "TW", "HK", "MY", "SG"), "hi": ("IN",), "bn": ("BD", "IN"), "ur": ("PK", "IN"),
    "ne": ("NP", "IN"), "si": ("LK",), "ta": ("IN", "LK", "MY", "SG"), "te": ("IN",), "ml": ("IN",), "mr": ("IN",),
    "fr": ("FR", "SN", "CI", "CM", "MA", "CD"), "pt": ("BR", "PT", "AO", "MZ"), "ru": ("RU", "KZ", "UZ", "KG"),
    "sw": ("KE", "TZ", "UG"), "am": ("ET",), "ko": ("KR",), "ja": ("JP",), "ar": ("AE", "SA", "EG", "MA", "JO"),
    "es": ("ES", "MX", "CO", "PE", "AR"), "mn": ("MN",), "uz": ("UZ",), "rw": ("RW",), "fa": ("IR",),
    "en": ("GB", "US", "PH", "IN", "SG", "MY", "HK", "KE", "NG", "ZA", "AE", "UG", "ET", "AU", "CA", "PK", "BD", "NP", "LK",
           "TH", "KH"),
    "uk": ("UA", "RU"), "bg": ("RU", "BG"), "sr": ("RU", "RS"), "de": ("DE", "AT", "CH"), "it": ("IT",), "nl": ("NL", "BE"),
    "tr": ("TR",),
}  # fmt: skip
"""Where a number written without its country code is likeliest from, by the language of the text."""
