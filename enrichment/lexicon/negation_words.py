"""Words that deny in each language of the lexicon, what may stand between them and what they deny, and on which side.

Bounded by hand and proven by the minimal pairs of LureCheck (``python -m evaluation lurecheck``). A space inside an entry stands
for any space; ``~`` at its end for any ending, at its beginning for any beginning.
"""

from typing import NamedTuple


class NegationWords(NamedTuple):
    """The words of one language."""

    before: str = ""
    """Words that deny what follows."""
    between: str = ""
    """Words that may stand between a denying word and what it denies, any number of them."""
    after: str = ""
    """Words that deny the words before them."""
    until: str = ""
    """Words that may stand in between."""
    objects: str = ""
    """Words behind a verb that deny what it does by denying its object: keeps no passport."""


NEGATION: dict[str, NegationWords] = {
    "am": NegationWords(
        before="ያለ|አይ~|አል~|አን~|አት~",
        after="አይ~|አል~|አት~|አን~|የለም|የለውም|የለብ~|አያስ~|ሳይ~",
    ),
    "ar": NegationWords(
        before="لا|لن|لم|ليس|ليست|بدون|بلا|دون|غير|ما|عدم|دون اي",
        between="يجب|اي|أي|حاجة|حاجه|دفع|يوجد|توجد|تحتاج|يتم|على|الى|إلى|تدفع|ندفع|نطلب|نأخذ|ناخذ|مطلوب|عليك|ان|أن",
    ),
    "bn": NegationWords(
        before="বিনা",
        after="না|নেই|নাই|নয়|ছাড়া|লাগে না|হয় না",
        until="দেবে|দিবে|দেয়|রাখে|রাখবে|নেয়|নেবে|লাগবে|লাগে|হবে|দিতে|জমা|করে|করা|হয়",
    ),
    "en": NegationWords(
        before=(
            "no|not|never|without|cannot|can't|don't|doesn't|won't|isn't|aren't|didn't|nor|neither|"
            "dont|doesnt|wont|zero|nobody|no one|none"
        ),
        between=(
            "any|should|must|may|can|shall|need|needed|to|have|has|had|be|been|being|is|are|pay|paying|require|required|of|your|you|the|a|an|do|"
            "does|for|upfront|hidden|kind|will|ever|our|we|their|in|advance|ask|asking|charge|take|keep|by|us|from"
        ),
        after="not|never|isn't|aren't|not required|not needed",
        until="is|are|was|were|will|be|need",
        objects="no|zero|none of|neither",
    ),
    "es": NegationWords(
        before="no|sin|nunca|jamás|jamas|ningún|ningun|ninguna|ni|tampoco|nadie",
        objects="ningún|ningun|ninguna|nada",
        between=(
            "se|te|le|puede|pueden|debería|les|la|el|los|las|lo|nos|debe|debes|deben|hay|que|pagar|hace|falta|necesita|necesitas|tiene|"
            "tienes|tienen|es|son|tu|su|un|una|cobra|cobramos|pide|pedimos|de|ser|está|ha"
        ),
    ),
    "fr": NegationWords(
        before="pas|sans|jamais|aucun|aucune|ni|ne|non|personne",
        objects="pas|aucun|aucune|rien|jamais",
        between=(
            "de|des|doit|doivent|devez|peut|peuvent|pouvez|le|la|les|un|une|à|payer|besoin|est|sont|faut|il|en|votre|vos|pas|se|vous|aucun|aucune|frais|verser"
        ),
    ),
    "ha": NegationWords(
        before="ba|kada|babu|bai|bata|baya|bã|ban|ba tare da",
        between="ya|ta|zai|za|a|su|wani|kowane|ka|ku|mu|muna",
    ),
    "hi": NegationWords(
        before="बिना|नो|बगैर",
        between="किसी|कोई",
        after="नहीं|नही|मत|ना|न|nahi|nahin|nhi|nai",
        until=(
            "है|होगा|होगी|करनी|करना|करती|करता|देगी|देगा|देते|रखती|रखता|रखेगी|दी|दिया|ली|लिया|जाती|जाता|जाते|लेते|लेती|"
            "के|पास|अपने|की|का|को|में|से|लगेगा|लगेगी|लगता|देना|देनी|पड़ेगा|पड़ेगी|जमा"
        ),
    ),
    "id": NegationWords(
        before="tidak|tak|tanpa|bukan|nggak|ngga|gak|ga|enggak|engga|jangan|tdk|gk|tiada|belum|tidak pernah",
        between=(
            "ada|perlu|usah|akan|di|kena|bayar|pernah|dipungut|wajib|ditarik|harus|ke|boleh|bisa|ditanggung|sampai|mau|pakai"
        ),
    ),
    "ja": NegationWords(
        before="無|非|ノー",
        after=("ません|ない|なし|無し|不要|ございません|禁止|ありません|せず|ゼロ|ではありません|ではない|じゃない|いたしません"),
        until=(
            "は|が|も|を|で|に|など|会社|預かり|負担|必要|頂き|いただき|お|預ら|取り|支払|払い|払う|し|いたし|致し|こと|"
            "こと は|では|い|り|ら|せ|さ|か|行い|行って|して|受け|承り|でき|おり"
        ),
    ),
    "km": NegationWords(
        before="មិន|កុំ|អត់|គ្មាន|ពុំ|ឥត|មិនមាន",
        between="ត្រូវ|បាច់|ចាំបាច់|មាន|បាន|បង់|យក|ដែល|ចេញ|ទាន់|ឲ្យ|ឱ្យ|ការ|ថ្លៃ|រក្សា|ទុក|សូម្បី|តែ",
    ),
    "ko": NegationWords(
        before="안|못|무",
        after="않~|없~|아닙~|아니~|안|못|불필요|지 않~|지않~|지 못~",
        until=(
            "은|는|이|가|을|를|도|에서|으로|~지|~지는|해|드리|지원하지|보관하지|내지|요구하지|받지|지급하지|제공하지|필요|필요가|전혀|"
            "일절|하지|걷지|가져가지|지원은|회사에서|회사가|지원|보관"
        ),
    ),
    "lo": NegationWords(
        before="ບໍ່|ຢ່າ|ບ່|ບໍ່ໄດ້",
        between="ຕ້ອງ|ມີ|ໄດ້|ເສຍ|ຈ່າຍ|ເກັບ|ຫັກ|ຄ່າ|ຈະ|ອອກ|ໃຫ້|ເຄີຍ|ແມ່ນ",
    ),
    "ms": NegationWords(
        before="tidak|tak|tanpa|bukan|jangan|x|xde|takde|tiada|xperlu|tak perlu|belum",
        between="ada|perlu|usah|akan|di|kena|bayar|pernah|payah|boleh|nak|dikenakan|caj|wajib|mesti",
    ),
    "my": NegationWords(
        after="မ~ဘူး|မ~ပါဘူး|မ~ရပါ|မ~ဘဲ|မ~ပါနှင့်|မရှိ~|မလို~",
        until="က|ကို|တွေ|မှ|ကုမ္ပဏီက|အလုပ်ရှင်က|ငွေ|တာ|လုံးဝ|ဘာမှ",
    ),
    "ne": NegationWords(
        before="बिना|विना",
        between="कुनै",
        after="~दैन|~दैनन्|~ँदैन|छैन|नपर्ने|पर्दैन|हुँदैन|होइन|नराख~|नदि~|नलाग~|नलि~|नतिर~",
        until="ले|को|लाई|कम्पनीले|आफूसँग|जम्मा|तिर्न|दिनु",
    ),
    "pt": NegationWords(
        before="não|nao|sem|nunca|jamais|nenhum|nenhuma|nem|ñ|ninguém",
        objects="nenhum|nenhuma|nada",
        between=(
            "é|são|deve|devem|pode|podem|se|o|a|os|as|há|precisa|precisam|preciso|necessário|pagar|cobra|cobramos|cobram|tem|de|que|um|uma|"
            "sua|seu|será|vai|foi"
        ),
    ),
    "ru": NegationWords(
        before="не|нет|без|ни|никаких|нельзя|никогда|никакой|никакого|ноль|никто",
        objects="никаких|никакой|никакого|ничего",
        between=(
            "нужно|надо|требуется|требуем|будет|берём|берем|просим|внести|вносить|платить|за|брать|оплачивает|"
            "оплачиваем|никаких|ваш|ваши|твой|вас|с|никакой|каких-либо|каких-то|всяких|наперёд|наперед|заранее"
        ),
        after="не|нет|не нужен|не нужна|не нужно",
        until="компания|мы|фирма|за|вам|у|нас|никто|никогда|здесь|вообще|фирмой|компанией|наперёд|наперед|заранее|вперёд|вперед",
    ),
    "si": NegationWords(
        before="නො~",
        after="නො~|නැත|නැහැ|නෑ|නොමැත|නැති|තොරව|නැතිව",
        until="සමාගම|විසින්|අප|අපි|ක්|ද|කිසිසේත්",
    ),
    "sw": NegationWords(
        before="bila|hakuna|si|wala|hapana|hai~|hau~|hawa~|hatu~|haku~|haya~|usi~|msi~",
        between="ya|ku|kulipa|na|malipo|wewe|una",
    ),
    "ta": NegationWords(
        after="~ாது|~வில்லை|~ில்லை|~மாட்டோம்|~மாட்டார்கள்|~மாட்டாது|இல்லை|வேண்டாம்|இல்லாமல்|இன்றி|கிடையாது",
        until="நிறுவனம்|எங்களிடம்|எதுவும்|கட்டணம்|தேவை",
    ),
    "th": NegationWords(
        before="ไม่|อย่า|มิ|ไร้|ปราศจาก|บ่|ไม่ได้",
        between=("ต้อง|มี|ได้|เสีย|จ่าย|เก็บ|เรียก|หัก|เคย|ใช่|ให้|ค่า|จะ|ใช้|โดน|ถูก|การ|รับ|วาง|ออก|ทำ|จำเป็น|ใด ๆ|ยึด|ขอ|พก"),
    ),
    "tl": NegationWords(
        before="hindi|di|wala|walang|wag|huwag|dili|ayaw|hnd|hndi|'di",
        between=(
            "na|po|kailangan|kailangang|ng|ang|mo|kang|ka|namin|naman|kayo|pa|magbayad|magbabayad|kukunin|naming|"
            "natin|mag|kami|may|mga"
        ),
    ),
    "tr": NegationWords(
        before="hiçbir|hic|hiç|asla|ne",
        between="bir|zaman",
        after=(
            "~maz|~mez|~mıyor~|~miyor~|~muyor~|~müyor~|~madan|~meden|~mayız|~meyiz|~mayacak~|~mayın|~meyin|~meyecek~|yok|değil|degil|"
            "yoktur|~mamakta~"
        ),
        until="de|da|için|sizden|bizde|kesinlikle|gerek|bir|asla|hiç",
    ),
    "ur": NegationWords(
        before="بغیر|بلا|بنا",
        between="کسی",
        after="نہیں|نہ|مت|نھیں|نہي",
        until="کے|پاس|اپنے|کی|کا|کو|میں|سے|دے|رکھے|کرے|لے|لیتی|لیتے|جمع|کروانی|ہو|ہوگی|ہوگا|گی|گا|دینا|دینی|ہے|کرنا|کرنی",
    ),
    "uz": NegationWords(
        before="hech",
        between="qanday|bir",
        after="~maydi|~maymiz|~mayman|~masdan|~mas|yo‘q|yo'q|yoq|yoʻq|emas|kerak emas|shart emas|~magan",
        until="o‘zida|o'zida|kompaniya|firma|hech",
    ),
    "vi": NegationWords(
        before="không|ko|khong|hông|hong|hok|chẳng|chả|đừng|kg|kông|kh|chẳng hề|không hề|chưa bao giờ",
        between=(
            "phải|cần|có|bị|được|hề|đóng|nộp|mất|thu|lấy|tốn|trả|cho|phai|can|bi|bao giờ|yêu cầu|giữ|nhận|chịu|một|"
            "khoản|phí|tiền|bất|kỳ|đồng|nào|dong|nop|mat"
        ),
    ),
    "zh": NegationWords(
        after="的勿扰|者勿扰|勿扰|的绕道|的勿擾|勿擾|的别来|的免谈",
        until="路费|车费|订金|定金|押金|费用|等|的|人|者",
        before="不|没有|没|无|無|沒有|沒|免|未|非|勿|毋|绝不|零|拒绝|拒絕|不存在",
        between=(
            "缴纳|繳納|支付|提交|用|需要|需|必|要|会|會|須|须|交|付|缴|繳|收|收取|任何|什么|什麼|有|得|可|由|扣|是|被|"
            "再|先|让|讓|给|給|存在|其他|各种|一分|的|统一|統一|任务|任務|会费|會費|学费|學費|押金|费用|費用"
        ),
    ),
}
"""By lexicon file."""
OR = {
    "en": "or|nor", "es": "o|ni", "fr": "ou|ni", "id": "atau", "ms": "atau", "pt": "ou|nem", "ru": "или|либо|ни",
    "sw": "au|wala", "tr": "veya", "vi": "hoặc|hoac",
}  # fmt: skip
"""Words that carry a denial on to the next of a list, by language: no fee or deposit."""
ONLY = frozenset(
    {"only", "just", "solo", "sólo", "apenas", "seulement", "hanya", "sekadar", "chỉ", "только", "lang", "仅", "只", "但", "止"}
)
"""Words behind a denying word that turn it into an addition: not only."""
