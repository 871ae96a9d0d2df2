"""Contacts of every app are read in their disguises, and no number is invented from pay, dates, ages or ids."""

from collections import Counter

import pytest

from enrichment.assessment import Language
from enrichment.contacts import label_words
from enrichment.contacts.extract import contacts
from evaluation.contact_quality import report
from evaluation.measures import f1
from evaluation.text_sets import carried_texts


def contacts_in(text: str, code: str = "und", countries: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    result = contacts(text, Language(code=code, script="Latn", confidence=0.9), countries)
    for one in result:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip() != ""
    return {(one.type, one.value) for one in result}


NAMES = [
    ("Telegram: @sample_hr1 hoặc t.me/+AbCdEf123_x", {("telegram", "sample_hr1"), ("telegram", "+AbCdEf123_x")}),
    ("https://t.me/joinchat/AAAAAEkk2WdoDrB4", {("telegram", "+AAAAAEkk2WdoDrB4")}),
    ("tg://resolve?domain=sample_hr", {("telegram", "sample_hr")}),
    ("https://t.me/s/sample_channel/123", {("telegram", "sample_channel")}),
    ("nhắn tele sample_hr_2 nhé", {("telegram", "sample_hr_2")}),
    ("t e l e : s a m p l e _ 9 9", {("telegram", "sample_99")}),
    ("T3legr4m sample_ops_7, d0nt wait", {("telegram", "sample_ops_7")}),
    ("teⅼegram： ｓａｍｐｌｅ＿ｋｋ８８", {("telegram", "sample_kk88")}),
    ("เทเล @sam\u200bple_‌bad_⁠8", {("telegram", "sample_bad_8")}),
    ("Telegram sаmplе_newmоms", {("telegram", "sample_newmoms")}),
    ("飞 机 号 ： s a m p l e _ 6 6", {("telegram", "sample_66")}),
    ("微信或飛機 sample8866，備註海外", {("wechat", "sample8866"), ("telegram", "sample8866")}),
    ("微信或飛機 sample_8866，備註海外", {("wechat", "sample_8866"), ("telegram", "sample_8866")}),
    ("加V信：sample12345 高薪招聘", {("wechat", "sample12345")}),
    ("vx:sample_job01 电报：@sample_job01", {("wechat", "sample_job01"), ("telegram", "sample_job01")}),
    ("ไลน์ไอดี: @sample99", {("line", "sample99")}),
    ("Add line : samplejob2025 สมัครเลย", {("line", "samplejob2025")}),
    ("https://line.me/ti/p/~samplejob", {("line", "samplejob")}),
    ("카톡 아이디 sample1234 문의", {("kakaotalk", "sample1234")}),
    ("📮 sample_work_ppt (tele)", {("telegram", "sample_work_ppt")}),
    ("hr [at] company-x (dot) example and Hr2@Example.ORG", {("email", "hr@company-x.example"), ("email", "Hr2@Example.ORG")}),
    ("Xem https://jobs.example.org/apply?id=12345678901.", {("url", "https://jobs.example.org/apply?id=12345678901")}),
    ("visit www.jobs.example.com.vn", {("url", "www.jobs.example.com.vn")}),
    ("LINE sample.team", {("line", "sample.team")}),
    ("หรือไลน์ sample.th นะ", {("line", "sample.th")}),
    ("ขายของออนไลน์ @sample_rent", {("telegram", "sample_rent")}),
    ("온라인 @sample_rent", {("telegram", "sample_rent")}),
    ("ไลน์ hr.mint.888", {("line", "hr.mint.888")}),
    ("@sample_uda wa msg ekak danna", {("telegram", "sample_uda")}),
    ("LlNE → sample_boss7", {("line", "sample_boss7")}),
    ("加賴 sample_wang.hr，說是臉書看到的", {("line", "sample_wang.hr")}),
    ("라인 아이디 sample.hope.a", {("line", "sample.hope.a")}),
    ("উইচ্যাট: sample_bride7", {("wechat", "sample_bride7")}),
    ("в телеге sample_nika", {("telegram", "sample_nika")}),
    ("மெயில் hr@sample-stay.example-ல இருந்து", {("email", "hr@sample-stay.example")}),
    ("sgnl sample_white.81", {("signal", "sample_white.81")}),
    ("@sample_vela_2207 and LINE sample_border88", {("telegram", "sample_vela_2207"), ("line", "sample_border88")}),
    ("Send your Discord history to @sample_web3", {("telegram", "sample_web3")}),
    ("Web sample-anphu.example.", {("url", "sample-anphu.example")}),
    ("三年以上经验。https://sample-hr.example/jobs", {("url", "https://sample-hr.example/jobs")}),
    ("wages 45,000 baht。Line我 sample.jobborder,下週飛", {("line", "sample.jobborder")}),
    ("라인은 sample.kr7", {("line", "sample.kr7")}),
    ("ไลน์ของเขาคือ job.p.sample", {("line", "job.p.sample")}),
    ("カカオのIDは samplejpkr5 です", {("kakaotalk", "samplejpkr5")}),
    ("टेलिग्राममा sample_ktm खोज्नुस्", {("telegram", "sample_ktm")}),
    ("加我微 samplehr888,备注工作", {("wechat", "samplehr888")}),
    ("line: samplekos.bdg, ig: samplekos_bdg", {("line", "samplekos.bdg")}),
    ("mail:hr@sample-edu.example | web:sample-edu.com.vn", {("email", "hr@sample-edu.example"), ("url", "sample-edu.com.vn")}),
    ("Email lamaran: karir @ sample-hotel.example", {("email", "karir@sample-hotel.example")}),
    ("t . me / sample_vn và t.me/ sample_kh", {("telegram", "sample_vn"), ("telegram", "sample_kh")}),
    ("Liên hệ line samplemama.vn hoặc quét QR", {("line", "samplemama.vn")}),
    ("@sample_ig TikTok: @sample_tt, телеграмму sample_dyadya", {("telegram", "sample_ig"), ("telegram", "sample_dyadya")}),
    ("官网在此,客服微:sampledy_01", {("wechat", "sampledy_01")}),
    ("khong co zalo. Luong 300k", set()),
    ("➕Vx：sample8899备注", {("wechat", "sample8899")}),
    ("vxsample8899", {("wechat", "sample8899")}),
    ("嶶：sample8899", {("wechat", "sample8899")}),
    ("绿泡泡 sample_hr_71", {("wechat", "sample_hr_71")}),
    ("灰机：sample88hr", {("telegram", "sample88hr")}),
    ("__Tele ____@sample_hr\nWhatsapp ____+6591001580__", {("telegram", "sample_hr"), ("whatsapp", "+6591001580")}),
    ("@sample_one@sample_two", {("telegram", "sample_one"), ("telegram", "sample_two")}),
    ("👉🏼 Sample_Hr", {("telegram", "sample_hr")}),
    ("Message @ sample_hr_7", {("telegram", "sample_hr_7")}),
    ("Line微信Ww雅虎日本实卡接码@sample99", {("telegram", "sample99")}),
    ("O contato é sample_sunny no telegram.", {("telegram", "sample_sunny")}),
    ("LINE id sample-job", {("line", "sample-job")}),
    ("nhóm zalo: zalo.me/g/abcdef123", {("zalo", "g/abcdef123")}),
    ("https://zalo.me/app/link/abc123", {("url", "https://zalo.me/app/link/abc123")}),
    ("wa.me/+44 7700 900123", {("whatsapp", "+447700900123")}),
    ("WhatsApp +44\n7700\n900123", {("whatsapp", "+447700900123")}),
    ("Whatsapp+447700900123,Viper +447700900124", {("whatsapp", "+447700900123"), ("viber", "+447700900124")}),
    ("微信:sample_hr，QQ:123450012", {("wechat", "sample_hr"), ("qq", "123450012")}),
    ("bonushttp://sample99.com now!https://t.co/AbC123", {("url", "http://sample99.com"), ("url", "https://t.co/AbC123")}),
    ("resmi di,www.sample-hr.example.com", {("url", "www.sample-hr.example.com")}),
    ("15jul-15aug.www.sample.co.id", {("url", "www.sample.co.id")}),
    ("http//sample-hr.example.com/ web: 3sample.live", {("url", "sample-hr.example.com/"), ("url", "3sample.live")}),
    ("开云99sample.net不黑，sample99点com", {("url", "99sample.net"), ("url", "sample99.com")}),
    ("tải app tại samplethue.vn. selesai.Info detail", {("url", "samplethue.vn")}),
    ("[ sample. com ] or bonus88. com", {("url", "sample.com"), ("url", "bonus88.com")}),
    ("USDT 0x52908400098527886E0F7030069857D2E4169EE7", {("crypto", "0x52908400098527886E0F7030069857D2E4169EE7")}),
]


@pytest.mark.parametrize(("text", "wanted"), NAMES)
def test_account_names_links_and_addresses(text: str, wanted: set[tuple[str, str]]) -> None:
    assert contacts_in(text) == wanted


PHONES = [
    ("SĐT/Zalo: 0500.000.142 - 0500 000 143", "vi", {("zalo", "+84500000142"), ("zalo", "+84500000143")}),
    ("gọi không năm không không không không không một bốn hai", "vi", {("phone", "+84500000142")}),
    ("zl 05O0.000.142 nhé", "vi", {("zalo", "+84500000142")}),
    ("LH 0️⃣5️⃣0️⃣0️⃣0️⃣0️⃣0️⃣1️⃣4️⃣2️⃣", "vi", {("phone", "+84500000142")}),
    ("lh ０５０００００１４２ tuyển gấp", "vi", {("phone", "+84500000142")}),
    ("Zalo: 0 5 0 0 0 0 0 1 4 2", "vi", {("zalo", "+84500000142")}),
    ("โทร ๐๖๐-๐๐๐-๐๑๕๕", "th", {("phone", "+66600000155")}),
    ("เบอร์ ศูนย์หกศูนย์ศูนย์ศูนย์ศูนย์ศูนย์หนึ่งห้าห้า", "th", {("phone", "+66600000155")}),
    ("ទូរស័ព្ទ ០២០ ០០០ ១៤៧", "km", {("phone", "+85520000147")}),
    ("☎️ ၀၉ ၀၀၀ ၀၀၀ ၁၁၂", "my", {("phone", "+959000000112")}),
    ("वाट्सएप ५०००० ००१३९", "hi", {("whatsapp", "+915000000139")}),
    ("Hubungi 0820 0000 0121 (WA)", "id", {("whatsapp", "+6282000000121")}),
    ("WA 0044 7700 900 333, lolos", "id", {("whatsapp", "+447700900333")}),
    ("যোগাযোগ + 4 4  7 7 0 0  9 0 0  5 3 3 হোয়াটসঅ্যাপ", "bn", {("whatsapp", "+447700900533")}),
    ("Ring 07700 900212 or 07700 900213", "en", {("phone", "+447700900212"), ("phone", "+447700900213")}),
    ("wa.me/447700900808", "en", {("whatsapp", "+447700900808")}),
    ("ws 010-000 0147 jgn call", "ms", {("whatsapp", "+60100000147")}),
    ("ວັອດແອັບ 020 0000 0319", "lo", {("whatsapp", "+8562000000319")}),
    ("chama no zap 11 90000-0318", "pt", {("whatsapp", "+5511900000318")}),
    ("Apply by Signal to +44 7700 900318.", "en", {("signal", "+447700900318")}),
    ("連絡はSignalで +44 7700 900442", "ja", {("signal", "+447700900442")}),
    ("📞090-0000-0157（10時〜17時）", "ja", {("phone", "+819000000157")}),
    ("japri wa.me 0800-0000-0214", "id", {("whatsapp", "+6280000000214")}),
    ("confirma no zap 1 202 555 0164", "pt", {("whatsapp", "+12025550164")}),
    ("wahudumu wa vyumba, piga 0700 000 281", "sw", {("phone", "+254700000281")}),
    ("WhatsApp : zéro six, trente-neuf, quatre-vingt-dix-huit, 22, 14", "fr", {("whatsapp", "+33639982214")}),
    ("문자로 공일공-0000-영일칠칠", "ko", {("phone", "+821000000177")}),
    ("فون صفر تین صفر صفر، صفر صفر صفر صفر، ایک پانچ ایک", "ur", {("phone", "+923000000151")}),
    ("WhatsApp (202) 555-0143", "en", {("whatsapp", "+12025550143")}),
    ("Zalo 0500000182 hoặc Viber cùng số", "vi", {("zalo", "+84500000182"), ("viber", "+84500000182")}),
    ("电话 100 0000 1478 刘女士,微信同号", "zh", {("wechat", "+8610000001478")}),
    ("手机1OO OOOO 1597", "zh", {("phone", "+8610000001597")}),
    ("sđt không chấm năm không không chấm không không không chấm hai năm bảy", "vi", {("phone", "+84500000257")}),
    ("nomor 6282000000191 lewat whatsapp", "id", {("whatsapp", "+6282000000191")}),
    ("sa 0900 000 0189 o sa Telegram niya na sample_ph", "tl", {("phone", "+639000000189"), ("telegram", "sample_ph")}),
    ("Telegram comme @sample_rh et appelle du +855 20 000 148", "fr", {("telegram", "sample_rh"), ("phone", "+85520000148")}),
    ("с номера 8-900-000-01-89 и просит паспорт", "ru", {("phone", "+79000000189")}),
    ("ring 0700 000 189 in Kampala", "en", {("phone", "+256700000189")}),
    ("contactez Mme Sarr au 77 000 01 78 à Dakar", "fr", {("phone", "+221770000178")}),
    ("領事03-0000-2040。テレグラムは@sample_jp", "ja", {("phone", "+81300002040"), ("telegram", "sample_jp")}),
    ("toll free 1-800-555-0199 or 202-555-0171", "en", {("phone", "+18005550199"), ("phone", "+12025550171")}),
    ("Signal ya WhatsApp karo 5000000131", "hi", {("signal", "+915000000131"), ("whatsapp", "+915000000131")}),
    ("no 21 90000 3131, também tem WhatsApp", "pt", {("whatsapp", "+5521900003131")}),
    ("ватсап и вайбер на этом же номере +7 900 000 01 31", "ru", {("whatsapp", "+79000000131"), ("viber", "+79000000131")}),
    ("wasap.my/60100000170", "ms", {("whatsapp", "+60100000170")}),
    ("वाट्सऐप 50000-00170", "hi", {("whatsapp", "+915000000170")}),
    ("加小飞机 sample717 或 打 100 0000 7170", "zh", {("telegram", "sample717"), ("phone", "+8610000007170")}),
    ("Tel.: (31) 90000-3579", "en", {("phone", "+5531900003579")}),
    ("Lh: 05OO OOO 189 (có zalo)", "vi", {("zalo", "+84500000189")}),
    ("फोन ९५०००००१३३", "ne", {("phone", "+9779500000133")}),
    ("कार्यालय, ९५०-०००-०१००", "ne", {("phone", "+9779500000100")}),
    ("भाइबर/ह्वाट्सएप 900-0000189 मा", "ne", {("viber", "+9779000000189"), ("whatsapp", "+9779000000189")}),
    ("விவரங்களுக்கு 50000 00134", "ta", {("phone", "+915000000134")}),
    ("50000 00190 पर कॉल करें", "hi", {("phone", "+915000000190")}),
    ("Mshahara Tsh 400,000, WhatsApp 0600 000 131", "sw", {("whatsapp", "+255600000131")}),
    ("Piga 0600 000 131", "sw", {("phone", "+255600000131")}),
    ("Vagas em Maputo. 84 000 0127", "pt", {("phone", "+258840000127")}),
    ("洛杉矶招厨师,电话 626-555-0139", "zh", {("phone", "+16265550139")}),
    ("WA di 0820-0000-0123", "ms", {("whatsapp", "+6282000000123")}),
    ("call 0900-000-0145", "en", {("phone", "+639000000145")}),
    ("幺零零零零零零四三二一,白天打", "zh", {("phone", "+8610000004321")}),
    ("เบอร์ 060-000-0156 08.00-17.00 น.", "th", {("phone", "+66600000156")}),
    ("come and see, or 5000004421 Murugan", "ta", {("phone", "+915000004421")}),
    ("40,000. ௫௦௦௦௦ ௦௩௪௬௧", "ta", {("phone", "+915000003461")}),
    ("settlement 9 lakh, no brokers. 50000 00642", "en", {("phone", "+915000000642")}),
    ("厂门口面试。张工10000000249", "zh", {("phone", "+8610000000249")}),
    ("muy bien, Tonton Alphonse 6 00 00 04 51", "fr", {("phone", "+237600000451")}),
    ("Viseu, perguntem 900 000 318", "pt", {("phone", "+351900000318")}),
    ("Kota Beto 900 000 214 kz", "pt", {("phone", "+244900000214")}),
    ("page 150 bob, inbox 0600 000 127", "sw", {("phone", "+254600000127")}),
    ("Abeg call 0800 000 2206", "en", {("phone", "+2348000002206")}),
    ("texto 514-555-0142 à Laval", "fr", {("phone", "+15145550142")}),
    ("hub;0016282336033777", "id", {("phone", "+6282336033777")}),
    ("penyata bank. Kak Su 010 000 0918", "ms", {("phone", "+60100000918")}),
    ("那班飞机,请打给我 0900-000-216", "zh", {("phone", "+886900000216")}),
    ("Lien he: 02871085555, 0500000142, Zalo:", "vi", {("phone", "+842871085555"), ("phone", "+84500000142")}),
    ("Add V: 0500 000 318", "vi", {("zalo", "+84500000318")}),
    ("Zalo: O5OO.OOO.I42", "vi", {("zalo", "+84500000142")}),
]


@pytest.mark.parametrize(("text", "code", "wanted"), PHONES)
def test_numbers_are_read_in_every_writing(text: str, code: str, wanted: set[tuple[str, str]]) -> None:
    assert contacts_in(text, code) == wanted


def test_traditional_chinese_numbers_are_of_taiwan_and_cantonese_ones_of_hong_kong() -> None:
    hant = Language(code="zh", script="Hant", confidence=0.9)
    assert [one.value for one in contacts("電話 02-0000-0123", hant)] == ["+886200000123"]
    assert [one.value for one in contacts("搵工嘅打嚟 WhatsApp 5123 4567", hant)] == ["+85251234567"]


@pytest.mark.parametrize(
    "text",
    [
        "lương 15.000.000 - 20.000.000 đ, tuổi 18-35, ngày 12/05/2025, MST 0312345678",
        "pay 900-1200$/month, 12 hours, room 1205, code 884521, ID 079203001234",
        "gaji 7.000.000-9.000.000/bulan usia 18-35 thn 2025",
        "Salaire de 600 000 à 850 000 FCFA, tél. sur demande",
        "2024-05-01 08:00-17:30, 40 hours, 1,500 USD, 50 000 pesos",
        "Our line manager will call. Signal strength is good. We wave a flag.",
        "nhắn tele mình nhé, tele riêng",
        "inbox telegram group to join now",
        "Kỹ sư ASP.NET, VB.NET, user_id và Sales_Staff",
        "เงินเดือน 25,000 - 30,000 บาท อายุ 18-35 ปี",
        "抖音 1453800012, 工号 88451234567",
        "LH 18001091 (0d), gọi 1900 545454, tổng đài 1900 1234, soạn ST5K gửi 191",
        "Zoom ID: 845 1234 5678, meeting ID 958 1234 5678, passcode 123456",
        "腾讯会议号 123-456-789, 会议号：812 345 678",
        "NO REK INI BRI A/N SAMPLE SAMPLE 0544 0100 8633 123",
        "UEN: 200011423M, pin_277fg49, @gmail.com",
        "रोल नंबर 1002345678",
        "Order no. 09000000170, No resi 0820000000170, заказ № 89000000170, commande n° 0639980170, รหัสสินค้า 0600000170",
        "Western Union TB: Vietcombank: 0071000000123, transfer ke bank BNI: 022-000-0123",
        "Earn on your mobile phone 1000-8000 pesos a day. Threads: @sample_ig, インスタ @sample_ig_jp, ไอจี sample_ig_only",
        "抖音号 sample_dy_2040, инста @sample_ig_ru, 인스타 @sample_ig_kr",
        "Licence no. 04-5521889, company reg 12345678, ref 20250611-33",
        "तलब 80000-90000, सैलरी 70000 - 95000, समय 08.00-17.00",
    ],
)
def test_nothing_is_invented(text: str) -> None:
    for code in ("vi", "en", "id", "th", "zh", "fr", "hi", "ne"):
        assert contacts_in(text, code) == set()


@pytest.mark.parametrize(
    ("code", "countries", "number"),
    [
        ("vi", ("TH",), "+66912345678"), ("vi", ("TH", "KH"), "+84912345678"), ("vi", ("TH", "VN"), "+84912345678"),
        ("und", ("TH", "VN"), "+66912345678"),
    ],
)  # fmt: skip
def test_the_one_country_of_a_source_outranks_the_language_and_several_do_not(
    code: str, countries: tuple[str, ...], number: str
) -> None:
    """A source for one country is at home there; of several none is likelier than what the text itself speaks for."""
    assert contacts_in("call 0912 345 678", code, countries) == {("phone", number)}


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        ("wasap 0700-000-189 tu, usipige", "und", "+254700000189"),
        ("Zalo/Tele: 0500000142 (Linh)", "xh", "+84500000142"),
        ("เบอร์ 060-000-0156", "und", "+66600000156"),
        ("担当の携帯 090-0000-0157", "zh", "+819000000157"),
        ("тел. 8 900 000 01 89", "mk", "+79000000189"),
    ],
)
def test_a_text_too_short_for_its_language_tells_where_it_is_from(text: str, code: str, number: str) -> None:
    assert [one.value for one in contacts(text, Language(code=code, script="Zyyy", confidence=0.2))][:1] == [number]


def test_hindi_in_latin_letters_may_be_urdu() -> None:
    latin = Language(code="hi", script="Latn", confidence=0.9)
    assert [one.value for one in contacts("Signal pe msg karo 0390 0000145", latin)] == ["+923900000145"]
    assert [one.value for one in contacts("call karo 98765 43210", latin)] == ["+919876543210"]


def test_a_local_number_names_its_candidate_countries() -> None:
    (one,) = contacts("simu 0712 123456", Language(code="sw", script="Latn", confidence=0.9))
    assert one.countries[0] == "KE"
    assert "TZ" in one.countries
    (other,) = contacts("simu 0712 123456", Language(code="sw", script="Latn", confidence=0.9), ("TZ",))
    assert other.value.startswith("+255")


def test_a_wallet_with_a_wrong_checksum_is_none() -> None:
    assert contacts_in("TRC20 TJRabPrwbZy45sbavfcjinPJC18kjpRTv8") == {("crypto", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8")}
    assert contacts_in("TRC20 TJRabPrwbZy45sbavfcjinPJC18kjpRTv9") == set()


def test_forty_numbers_side_by_side_are_forty() -> None:
    wanted = [f"+4477009{number:05d}" for number in range(40)]
    text = "Call " + " ".join(f"07700 9{number:05d}" for number in range(40))
    assert [one.value for one in contacts(text, Language(code="en", script="Latn", confidence=0.9), ("GB",))] == wanted


def test_no_name_is_listed_twice() -> None:
    """Nor for two apps: the second would never be heard."""
    words = label_words.WORDS
    labels = [word for listed in label_words.LABELS.values() for word in listed]
    for names in (labels, words.networks, words.documents, *words.digits.values()):
        assert [name for name, times in Counter(names).items() if times > 1] == []


def test_judging_listings_are_read_at_the_level_documented(shared_data) -> None:
    result = report(shared_data, labels=carried_texts().contact_labels)
    right, extra, missed = (sum(counts[place] for counts in result["types"].values()) for place in range(3))
    assert f1(right, extra, missed) >= 0.98
    for form in ("international", "international, labelled", "national, labelled"):
        assert result["phones"][form] == [72, 72]
