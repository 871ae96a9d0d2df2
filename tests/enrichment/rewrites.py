"""What an advertiser may add to a lure, and how a true report quotes one, in eight languages.

The lures and the people in them are invented; no real advert, account or case is described.
"""

from collections.abc import Iterator

LURES = {
    "en": "Chat agents wanted for our office in Poipet, free flight and dormitory, no experience needed, 1500 USD a month, the "
          "company keeps your passport. Write now on Telegram @sample_hr_desk",
    "vi": "Tuyển gấp nhân viên nhập liệu đi Bavet, bao vé máy bay, bao ăn ở, không cần kinh nghiệm, lương 25 triệu, công ty giữ "
          "hộ chiếu. Liên hệ Telegram @sample_hr_desk",
    "zh": "西港高薪急招打字员，包吃包住包机票，不需要经验，月薪两万，护照由公司保管。联系飞机 @sample_hr_desk",
    "ru": "Срочно нужны операторы чата в Пойпет, перелёт и жильё бесплатно, опыт не нужен, 1500 долларов в месяц, паспорт "
          "хранится у компании. Пишите в телеграм @sample_hr_desk",
    "fr": "Recrutons opérateurs de saisie pour Poipet, billet d'avion et logement offerts, sans expérience, 1500 dollars par "
          "mois, l'entreprise garde le passeport. Contactez-nous sur Telegram @sample_hr_desk",
    "id": "Dibutuhkan segera admin chat di Sihanoukville, tiket gratis, mess dan makan ditanggung, gaji 15 juta, paspor dipegang "
          "perusahaan. Hubungi Telegram @sample_hr_desk",
    "th": "รับสมัครด่วนแอดมินตอบแชทที่ปอยเปต ตั๋วเครื่องบินฟรี ที่พักฟรี ไม่ต้องมีประสบการณ์ เงินเดือน 40000 บริษัทเก็บพาสปอร์ต "
          "ติดต่อเทเลแกรม @sample_hr_desk",
    "es": "Se buscan operadores de chat para Poipet, boleto de avión y alojamiento gratis, sin experiencia, 1500 dólares al mes, "
          "la empresa guarda el pasaporte. Escribe por Telegram @sample_hr_desk",
}  # fmt: skip
MARKS = {"ru": "«»", "fr": "«»", "es": "«»"}
ADDED: dict[str, dict[str, str]] = {
    "en": {
        "warning":
            "Beware of scammers who use our name, never pay anyone in advance.",
        "impostors":
            "Attention: fake accounts are impersonating our HR team. We only use the contact in this post; report "
            "anyone else to the police.",
        "three sentences":
            "Warning: fake recruiters are deceiving job seekers. Many people were cheated and lost money to scams "
            "last month. Police advise everyone to verify before travelling.",
        "questions":
            "Is this real or a scam? Many people ask us: is it safe? Yes, it is real, our staff have worked here for "
            "years.",
        "forwarded":
            "Forwarded from a friend, sharing here in case somebody needs it:",
        "honest terms":
            "Licensed agency with government registration number. Written contract and work visa before departure, "
            "no fees at all, you keep your own passport, social insurance and paid leave.",
    },
    "vi": {
        "warning":
            "Cảnh giác kẻ lừa đảo mạo danh công ty, không chuyển tiền trước cho ai.",
        "impostors":
            "Chú ý: có tài khoản giả mạo phòng nhân sự bên mình. Bên mình chỉ dùng liên hệ trong bài này, ai khác "
            "nhắn thì báo công an nhé.",
        "three sentences":
            "Cảnh báo: nhiều kẻ giả danh nhà tuyển dụng lừa đảo người tìm việc. Tháng trước nhiều nạn nhân bị lừa "
            "mất tiền. Công an khuyến cáo mọi người kiểm tra kỹ trước khi đi.",
        "questions":
            "Có thật không hay lừa đảo? Nhiều bạn hỏi có uy tín không? Xin trả lời là thật, anh em làm ở đây nhiều "
            "năm rồi.",
        "forwarded":
            "Bạn mình gửi, mình chia sẻ lại cho ai cần nhé:",
        "honest terms":
            "Công ty có giấy phép của Bộ Lao động. Ký hợp đồng và có visa lao động trước khi đi, không thu phí, bạn "
            "tự giữ hộ chiếu, có bảo hiểm xã hội và nghỉ phép.",
    },
    "zh": {
        "warning":
            "谨防骗子冒充本公司，切勿提前付款。",
        "impostors":
            "特别提醒：近期有人冒充我司人事行骗。我司只用本帖的联系方式，其他一律是骗子，请报警。",
        "three sentences":
            "警惕虚假招聘骗局。上个月很多求职者上当受骗损失钱财。警方提醒大家出行前核实信息。",
        "questions":
            "是真的吗？会不会是骗局？很多人问靠谱吗？回答：真实可靠，员工在这里干了好几年。",
        "forwarded":
            "朋友发来的，转发给有需要的人看看：",
        "honest terms":
            "公司持有劳务派遣许可证，出国前签正式合同并办好工作签证，不收任何费用，护照本人自己保管，缴纳社保，带薪年假。",
    },
    "ru": {
        "warning":
            "Остерегайтесь мошенников, которые представляются нами, никому не платите заранее.",
        "impostors":
            "Внимание: от имени нашего отдела кадров пишут поддельные аккаунты. Мы пользуемся только контактом из "
            "этого объявления, об остальных сообщайте в полицию.",
        "three sentences":
            "Осторожно: фальшивые вербовщики обманывают соискателей. За последний месяц многие люди стали жертвами "
            "мошенников и потеряли деньги. Полиция советует всё проверять до поездки.",
        "questions":
            "Это правда или развод? Нас часто спрашивают: не обман ли это? Отвечаем: всё честно, люди работают у нас "
            "годами.",
        "forwarded":
            "Прислал знакомый, пересылаю, вдруг кому пригодится:",
        "honest terms":
            "Агентство с государственной лицензией. Договор и рабочая виза до выезда, никаких сборов, паспорт "
            "остаётся у вас, социальное страхование и оплачиваемый отпуск.",
    },
    "fr": {
        "warning":
            "Méfiez-vous des escrocs qui utilisent notre nom, ne payez jamais d'avance.",
        "impostors":
            "Attention : de faux comptes se font passer pour notre équipe RH. Nous utilisons seulement le contact de "
            "cette annonce, signalez les autres à la police.",
        "three sentences":
            "Alerte : de faux recruteurs trompent les demandeurs d'emploi. Beaucoup de victimes ont perdu de "
            "l'argent dans des arnaques le mois dernier. La police conseille de vérifier avant de partir.",
        "questions":
            "Est-ce vrai ou une arnaque ? Beaucoup nous demandent si c'est fiable. Oui, c'est sérieux, nos équipes "
            "travaillent ici depuis des années.",
        "forwarded":
            "Reçu d'un ami, je partage ici pour ceux qui cherchent :",
        "honest terms":
            "Agence agréée par l'État. Contrat écrit et visa de travail avant le départ, aucun frais, vous gardez "
            "votre passeport, sécurité sociale et congés payés.",
    },
    "id": {
        "warning":
            "Hati-hati penipu yang mengatasnamakan kami, jangan pernah bayar di muka.",
        "impostors":
            "Perhatian: ada akun palsu yang mengaku HRD kami. Kami hanya memakai kontak di postingan ini, selain itu "
            "laporkan ke polisi.",
        "three sentences":
            "Waspada: perekrut palsu menipu para pencari kerja. Bulan lalu banyak korban tertipu dan kehilangan "
            "uang. Polisi mengimbau masyarakat memeriksa dulu sebelum berangkat.",
        "questions":
            "Apakah ini asli atau penipuan? Banyak yang tanya: amanah tidak? Jawabannya asli, karyawan kami sudah "
            "bekerja di sini bertahun-tahun.",
        "forwarded":
            "Dapat kiriman dari teman, saya bagikan siapa tahu ada yang butuh:",
        "honest terms":
            "Agen resmi berizin Kemnaker. Kontrak tertulis dan visa kerja sebelum berangkat, tanpa biaya, paspor "
            "dipegang sendiri, BPJS dan cuti tahunan.",
    },
    "th": {
        "warning":
            "ระวังมิจฉาชีพแอบอ้างชื่อบริษัท อย่าโอนเงินล่วงหน้าให้ใคร",
        "impostors":
            "ประกาศ: มีบัญชีปลอมแอบอ้างเป็นฝ่ายบุคคลของเรา เราใช้เฉพาะช่องทางในโพสต์นี้เท่านั้น "
            "ถ้าเจอบัญชีอื่นให้แจ้งตำรวจ",
        "three sentences":
            "เตือนภัย: มีผู้ว่าจ้างปลอมหลอกลวงคนหางาน เดือนที่แล้วมีเหยื่อถูกหลอกเสียเงินจำนวนมาก "
            "ตำรวจแนะนำให้ตรวจสอบก่อนเดินทาง",
        "questions":
            "จริงไหมหรือหลอกลวง? หลายคนถามว่าเชื่อถือได้ไหม? ตอบเลยว่าจริง พนักงานทำงานที่นี่มาหลายปีแล้ว",
        "forwarded":
            "เพื่อนส่งมา แชร์ต่อเผื่อมีใครสนใจ:",
        "honest terms":
            "บริษัทจัดหางานมีใบอนุญาตจากกรมการจัดหางาน ทำสัญญาและวีซ่าทำงานก่อนเดินทาง ไม่มีค่าใช้จ่าย "
            "พาสปอร์ตเก็บไว้กับตัวเอง มีประกันสังคมและวันหยุดพักร้อน",
    },
    "es": {
        "warning":
            "Cuidado con los estafadores que usan nuestro nombre, nunca pagues por adelantado.",
        "impostors":
            "Atención: cuentas falsas se hacen pasar por nuestro equipo de recursos humanos. Solo usamos el contacto "
            "de este anuncio, denuncia a los demás a la policía.",
        "three sentences":
            "Alerta: falsos reclutadores engañan a quienes buscan trabajo. Muchas víctimas perdieron dinero en "
            "estafas el mes pasado. La policía aconseja verificar antes de viajar.",
        "questions":
            "¿Es real o una estafa? Muchos preguntan si es seguro. Sí, es real, nuestro personal trabaja aquí desde "
            "hace años.",
        "forwarded":
            "Me lo envió un amigo, lo comparto por si alguien lo necesita:",
        "honest terms":
            "Agencia con licencia del Ministerio de Trabajo. Contrato y visa de trabajo antes del viaje, sin ningún "
            "costo, usted conserva su pasaporte, seguro social y vacaciones pagadas.",
    },
}  # fmt: skip
REPORTS: dict[str, tuple[str, ...]] = {
    "en": (
        "Police warning: beware of messages such as {} They are a scam: victims were locked in a compound and "
        "beaten. Report them.",
        "I got this message: {} I went, they took my passport and beat me. My family paid a ransom. Please do not go.",
        "Officials said on Monday that 40 people were rescued after answering an advert that read {} Two suspects "
        "were arrested.",
    ),
    "vi": (
        "Công an cảnh báo: cẩn thận với tin nhắn kiểu {} Đây là lừa đảo, nhiều nạn nhân bị giam giữ và đánh đập. Hãy "
        "báo công an.",
        "Mình từng nhận được tin này: {} Mình đã đi, bị thu hộ chiếu và bị đánh. Gia đình phải trả tiền chuộc. Đừng "
        "đi nhé mọi người.",
        "Hôm thứ Hai công an cho biết 40 người được giải cứu sau khi tin vào lời rao {} Hai nghi phạm đã bị bắt.",
    ),
    "zh": (
        "警方提醒：警惕这类信息{}这是诈骗，多名受害者被拘禁殴打。如遇到请立即报警。",
        "我当时收到这条消息：{}我去了，护照被收走，还被打，家里交了赎金才放人。大家千万别去。",
        "警方周一通报，40人在看到{}的广告后被骗，现已获救，两名嫌疑人被抓。",
    ),
    "ru": (
        "Полиция предупреждает: остерегайтесь сообщений вроде {} Это мошенничество, жертв держали взаперти и били. "
        "Сообщайте в полицию.",
        "Мне пришло такое сообщение: {} Я поехал, у меня забрали паспорт и били. Семья заплатила выкуп. Не езжайте "
        "туда.",
        "В понедельник полиция сообщила, что 40 человек спасли после объявления {} Двое подозреваемых задержаны.",
    ),
    "fr": (
        "La police met en garde contre les messages comme {} C'est une arnaque, les victimes étaient enfermées et "
        "battues. Signalez-les.",
        "J'ai reçu ce message : {} J'y suis allé, on m'a pris mon passeport et on m'a frappé. Ma famille a payé une "
        "rançon. N'y allez pas.",
        "Lundi, la police a annoncé que 40 personnes ont été secourues après une annonce disant {} Deux suspects ont "
        "été arrêtés.",
    ),
    "id": (
        "Polisi memperingatkan: waspada pesan seperti {} Ini penipuan, banyak korban disekap dan dipukuli. Segera "
        "lapor polisi.",
        "Saya dulu menerima pesan ini: {} Saya berangkat, paspor saya diambil dan saya dipukuli. Keluarga membayar "
        "tebusan. Jangan pergi.",
        "Hari Senin polisi mengatakan 40 orang diselamatkan setelah membaca iklan {} Dua tersangka ditangkap.",
    ),
    "th": (
        "ตำรวจเตือนภัย ระวังข้อความแบบนี้ {} เป็นการหลอกลวง เหยื่อหลายรายถูกกักขังและทำร้าย แจ้งความได้ที่สถานีตำรวจ",
        "ผมเคยได้รับข้อความนี้ {} ผมไปแล้วถูกยึดพาสปอร์ตและถูกทำร้าย ครอบครัวต้องจ่ายค่าไถ่ อย่าไปเด็ดขาด",
        "ตำรวจเปิดเผยเมื่อวันจันทร์ว่าช่วยเหลือ 40 คนที่หลงเชื่อประกาศ {} จับผู้ต้องสงสัยได้สองคน",
    ),
    "es": (
        "La policía advierte: cuidado con mensajes como {} Es una estafa, las víctimas fueron encerradas y "
        "golpeadas. Denúncielos.",
        "Recibí este mensaje: {} Fui, me quitaron el pasaporte y me golpearon. Mi familia pagó un rescate. No vayan.",
        "El lunes la policía informó que 40 personas fueron rescatadas tras un anuncio que decía {} Dos sospechosos "
        "fueron detenidos.",
    ),
}  # fmt: skip
"""A warning, a testimony and a piece of news around a quoted lure."""


def rewrites(code: str) -> Iterator[tuple[str, str]]:
    """Yield the lure of a language as rewritten, with the name of the rewrite."""
    lure, added = LURES[code], ADDED[code]
    opens, closes = MARKS.get(code, "“”")
    for name in ("warning", "impostors", "three sentences", "questions", "honest terms"):
        yield name, f"{lure}\n{added[name]}"
        yield f"{name} first", f"{added[name]}\n{lure}"
    yield "forwarded and quoted", f"{added['forwarded']} {opens}{lure}{closes}"
    yield "honest terms and a warning", f"{lure}\n{added['honest terms']} {added['warning']}"


def reports(code: str) -> Iterator[str]:
    """Yield true reports that quote the lure of a language whole."""
    opens, closes = MARKS.get(code, "“”")
    for text in REPORTS[code]:
        yield text.format(f"{opens}{LURES[code]}{closes}")
