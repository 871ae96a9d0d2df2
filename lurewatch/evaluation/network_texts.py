"""Short texts for planted networks: the same calls serve a crew and a shop, so that only the contact can tell them apart."""

CALLS = (
    ("vi", "Còn 3 suất, ai cần ib {c}"), ("vi", "Cần người làm gấp, nhắn {c} nhé"), ("vi", "Chi tiết ib riêng {c}"),
    ("vi", "Ai rảnh inbox mình {c} trao đổi cụ thể"), ("vi", "Tuyển thêm vài bạn, lh {c}"),
    ("vi", "có việc đây, quan tâm thì nhắn {c}"), ("en", "DM for details {c}"), ("en", "We are hiring, message {c}"),
    ("en", "Few slots left. Inbox {c}"), ("en", "need 2 more people, text me {c}"), ("en", "Interested? {c}"),
    ("tl", "pm lang po {c}"), ("tl", "Hiring kami, message {c} lang po"), ("tl", "may slot pa, pm {c}"),
    ("th", "รับเพิ่ม 2 คน ทักแชท {c}"), ("th", "สนใจทัก {c}"), ("th", "รายละเอียดเพิ่มเติม {c}"),
    ("zh", "招人，详情私聊 {c}"), ("zh", "还有名额，联系 {c}"), ("zh", "需要的加 {c}"), ("zh", "急招两名 {c}"),
    ("id", "Lowongan, info chat {c}"), ("id", "masih ada slot, hub {c}"), ("id", "yang minat japri {c}"),
    ("id", "butuh 2 orang lagi, wa {c}"), ("ms", "Kerja kosong, pm {c}"), ("ms", "berminat boleh wasap {c}"),
    ("ru", "есть работа, пишите {c}"), ("ru", "нужны люди, в лс {c}"), ("ru", "подробности {c}"),
    ("km", "ត្រូវការមនុស្ស ទាក់ទង {c}"), ("km", "ព័ត៌មានបន្ថែម {c}"), ("lo", "ຮັບຄົນເພີ່ມ ທັກມາ {c}"),
    ("my", "လူလိုတယ် ဆက်သွယ်ရန် {c}"), ("hi", "जानकारी के लिए मैसेज करें {c}"), ("hi", "काम है, संपर्क {c}"),
    ("bn", "লোক লাগবে, ইনবক্স {c}"), ("ur", "کام ہے، رابطہ {c}"), ("ne", "मान्छे चाहियो, म्यासेज गर्नुस् {c}"),
    ("fr", "On recrute, écris à {c}"), ("es", "hay trabajo, escribe a {c}"), ("pt", "temos vagas, chama {c}"),
    ("sw", "kazi ipo, ni-DM {c}"), ("am", "ሥራ አለ ያናግሩን {c}"), ("ja", "スタッフ募集、詳細は {c}"),
    ("ko", "직원 구해요, 문의 {c}"),
)
"""(language, text with ``{c}`` where the contact goes) of those who call."""
ASIDES = (
    ("vi", "Đừng tin {c} nha mọi người, lừa đảo đó"), ("vi", "Có ai biết {c} là thật không ạ"),
    ("en", "{c} is a scammer, block him"), ("en", "is {c} legit? anyone worked for them"),
    ("en", "report {c}, they took my friend's passport"), ("tl", "scammer yan si {c}, ingat"),
    ("th", "ระวัง {c} มิจฉาชีพ"), ("th", "{c} โกงนะ อย่าไป"), ("zh", "{c} 是骗子，大家小心"),
    ("zh", "有人知道 {c} 靠谱吗"), ("id", "hati-hati {c} penipu"), ("id", "ada yang tahu {c} ini beneran?"),
    ("ms", "awas scammer {c}"), ("ru", "осторожно, {c} мошенник"), ("ru", "кто-нибудь знает {c}, это правда?"),
    ("km", "ប្រយ័ត្ន {c} បោកប្រាស់"), ("my", "{c} လူလိမ်ပါ သတိထားပါ"), ("hi", "{c} धोखेबाज है, सावधान"),
    ("bn", "{c} প্রতারক, সাবধান"), ("fr", "attention {c} arnaque"), ("pt", "cuidado, {c} é golpe"),
)
"""(language, text) of those who warn of a contact or ask about it."""
NAMES = (
    "moonlight", "harbour", "goldleaf", "skybridge", "bluecrane", "silverpine", "redlotus", "northwind", "pearlbay", "jadegate",
    "sunfield", "rivermouth", "oakline", "starport", "greenhill", "whitesand", "firefly", "stonebay", "amberway", "seabird",
)
"""Invented names that handles are made of."""
