"""Beginnings of words that accuse, in each language of notices: none may stand in a letter that takes a notice back."""

import re

ENGLISH = (
    r"\b(accus|alleg|accura|bona|faith|breaks?|broken|rules?|law|illegal|lure|scam|fraud|offers?|decepti|labour|exploit|traffic|"
    r"recruit|compound|confine|captiv|victim|harm|abus|crim|danger|sever|critical|evidence|explanation|grounds?|clause|kind|kept|"
    r"passport|palermo|directive|dsa|art|captured?|flight|visa|chat operator|bavet|telegram|remove the)"
)
STEMS = {
    "ar": "احتيال|يستدرج|ادعاء|المخالفة|يخالف|القانون|محتجز|أعضاء|زواج|الأرحام|عرض|مرتفع|أكد|لقطة",
    "bn": "প্রতারণা|প্রলুব্ধ|অভিযোগ|ভাঙ|আইন|বন্দি|মানব অঙ্গ|বিয়ে|সারোগেসি|প্রস্তাব|গুরুতর|নিশ্চিত|স্ক্রিনশট",
    "es": "estafa|engaño|alegacion|infring|ley|cautiv|órgano|matrimonio|subrogada|oferta|crítica|confirm|captura",
    "fr": "escroquerie|attire|allégation|enfrein|captive|organe|mariage|gestation|offre|critique|confirm|capture",
    "hi": "ठगी|फुसला|आरोप|उल्लंघन|कानून|बंदी|मानव अंग|विवाह|सरोगेसी|प्रस्ताव|गंभीर|पुष्टि|स्क्रीनशॉट",
    "id": "penipuan|memikat|tuduhan|dilanggar|hukum|disekap|organ manusia|perkawinan|ibu pengganti|tawaran|konfirmasi|tangkapan",
    "ja": "詐欺|誘い込む|申立て|違反|法律|監禁|臓器|婚|代理出産|求人|深刻|確認|スクリーンショット",
    "km": "ឆបោក|បញ្ឆោត|ចោទប្រកាន់|រំលោភ|ច្បាប់|ឃុំឃាំង|សរីរាង្គ|អាពាហ៍ពិពាហ៍|ពពោះជំនួស|ការផ្ដល់|ធ្ងន់ធ្ងរ|បញ្ជាក់|រូបថតអេក្រង់",
    "ms": "penipuan|memikat|dakwaan|dilanggar|undang|dikurung|organ manusia|perkahwinan|ibu tumpang|mengesahkan|tangkapan",
    "my": "လိမ်လည်|ဖြားယောင်း|စွပ်စွဲ|ချိုးဖောက်|ဥပဒေ|ထိန်းသိမ်းခံ|အင်္ဂါ|လက်ထပ်|ကိုယ်ဝန်|ကမ်းလှမ်း|ပြင်းထန်|အတည်ပြု|မျက်နှာပြင်ပုံ",
    "pt": "burla|atrai|alegações|viola|lei|cativeiro|órgão|casamento|gestação|oferta|crítica|confirm|captur",
    "ru": "мошенн|заманива|утверждени|наруш|закон|неволе|органы|брака|материнств|предложени|тяжесть|подтвер|снимок",
    "th": "หลอกลวง|ล่อคน|ข้อกล่าวอ้าง|ฝ่าฝืน|กฎ|กักขัง|อวัยวะ|แต่งงาน|อุ้มบุญ|ข้อเสนอ|ร้ายแรง|ยืนยัน|ภาพหน้าจอ",
    "ur": "فراڈ|ورغلا|الزام|خلاف ورزی|قانون|قید|اعضا|شادی|سروگیسی|پیشکش|سنگین|تصدیق|اسکرین شاٹ",
    "vi": "lừa|cáo buộc|vi phạm|luật|quy định|giam giữ|nội tạng|hôn nhân|mang thai|lời mời|nghiêm trọng|xác nhận|ảnh chụp",
    "zh-Hans": "诈骗|诱骗|指称|违反|法律|囚禁|器官|婚姻|代孕|招工|招揽|严重|确认|截图",
    "zh-Hant": "詐騙|誘騙|指稱|違反|法律|囚禁|器官|婚姻|代孕|徵才|招攬|嚴重|確認|截圖",
}


def accusing_words(text: str, language: str = "en") -> list[str]:
    """Return the words of a text that accuse, in a receiver's language and in English, which stands beside it."""
    stems = STEMS.get(language)
    return re.findall(ENGLISH, text, re.IGNORECASE) + (re.findall(stems, text, re.IGNORECASE) if stems else [])
