"""More everyday words of adverts and messages, beside those of ``common_words``.

Own lists: what chats and calls for work say in these languages, dialect and short spellings with it. The lists of romanised Hindi
and Urdu differ where their speakers spell apart (``ladki``, ``larki``), and by institutions and towns of either country."""

ADVERTS: dict[str, dict[str, str]] = {
    "Latn": {
        "en": "appointment bakery barista batch bidding boutique cheque clicks college content current custom depending "
        "dormitory double driving email engagement event fintech flexible follows forum forwarded fully gross guarantee "
        "guaranteed guarantor healthy height housekeeping https information international laundry license licence lifetime "
        "linkedin maintenance mandarin moment notes otherwise point portal porter press print proof raise recruiters "
        "refundable regards request rider seminar shoes shops stage strictly studio survey tickets traffic turnover university "
        "willing worth congratulations benefits certified collection passed follower followers following shortlisted timetable "
        "agents",
        "ha": "ana ina yana tana suna muna kuna kana kina zan zai zata zasu zaka zaki zaku zamu za a yi yin yayi ne ce da "
        "na ta ba ka ki ku mu su ya an aka ake akan kan cikin ciki daga zuwa domin don saboda kuma amma ko idan in sai har "
        "wanda wadda wadanda wannan wani wata duk kowane kowanne kowa komai kowacce wace wane waye mene menene yaya aiki aikin "
        "albashi albashin kudi kudin kudinka naira dala mutane mutum mutumin gida gidan gidanka asibiti makaranta makarantar "
        "shekara shekaru rana kullum mako sati safe yamma neman bukatar bukatan samu yake take biya biyan biyu uku shiga turo "
        "tura kira aure auren matar mata mace maza miji yara yarinya matasa samari yan yar dan masu mutanen babu akwai kawai "
        "yanzu sosai nan can haka kamar bayan kafin tare wajen game hukumar hukuma gwamnati gwamnatin gwamna jihar kasar kasa "
        "waje yansanda sanda shugaba shugaban ranar litinin talata laraba alhamis juma'a asabar lahadi ga dai mana muku masa "
        "min maka miki musu cewa tace yace kace nasa nata nawa kai ke shi ita lambar lamba lambarka waya wayar kaya mota "
        "karatu kyauta sauki dama hannu banki damfara gargadi hattara musamman tafiya dalibai dalibi ma'aikata ma'aikatar yau "
        "gobe jiya zama koda haya turanci hausa wurin wuri abinci abincin daki ruwa magana lokaci lokacin farko sabon sabuwar "
        "babban babba karamin manyan kasuwa kasuwar gari garin zuba kawo karbi karba karbar kashi aboki abokin sayen saye "
        "sayar sayarwa haihuwa jariri kada kar wallahi walahi allah gaskiya barka sannu yaro sirri takarda takardar mutanenmu "
        "rajista daukar dauka dauke kamfani kamfanin kamfaninmu wadannan wancan irin yadda kasance "
        "kasancewa ɗan ƙasa ƙasar ƴan ɗaya ɗaukar sun tun shin kuwa ma mun sunce suke muke daya",
        "tr": "kişi kisi arıyorum ariyorum arıyoruz aranıyor alınır alinir alınacak evden evde günlük gunluk haftalık maaş "
        "maas tl lira yatırım yatirim yatır yatir yazın yazin yaz özelden telefon telefonla hesap hesabı hesabın "
        "hesabına iban lazım bayan erkek yaş yaşında deneyim tecrübe tecrübeli ücret ücretsiz ücreti sadece kazan "
        "kazanç iş işi işe eleman elemanı personel başvuru görüşme yol yemek servis sigorta sgk lise mezunu çalışacak "
        "calisacak çalışan çalışma yurtdışı bizden sizden size bize bana sana onun bizim sizin benim senin yok değil "
        "mi mı mu mü misiniz istiyorum istiyorlar istiyor olur oldu olsun olmaz dedi dediler aldı aldılar verdi gitti "
        "geldi şimdi simdi sonra önce once hiç tüm bütün gün ay yıl saat hafta bin milyon euro dolar para paranız "
        "parayı nasıl neden kim hangi böyle şey şu kendi adına göre olduğu olduğunu edildi etti ettiği yapılan "
        "yapıldı üzerine tarafından yeni büyük iki üç dört beş ilk son bugün yarın dün arkadaşlar arkadaş merhaba "
        "selam lütfen teşekkürler evet hayır çünkü ancak fakat veya yani bile artık hem diye dolayı çocuk kadın adam "
        "insan ev kira satılık kiralık tane adet var mısınız aylık öğrenci hanım hanımlar kardeş kolay ek gelir ödeme "
        "ödenir gereken şart vize uçak bilet pasaport konaklama şirket firma ofis müşteri lojman tam zamanlı yarı "
        "dışı açık numara ara arayın dm",
        "uz": "qiz qizlar bola bolalar ayol ayollar odam odamlar kishi kishilik ishga ish ishi ishlash ishlab oylik kunlik "
        "haftasiga kuniga oyiga kunda kun kuni soat so'm som ming mln kerak kere kerakmas haqida olaman olamiz olasiz "
        "beraman beramiz berasiz bering qilaman qilamiz qilasiz qilib qil qilingan qilish bizdan sizdan sizga sizni "
        "sizniki menga mening meniki uning bizning bizda sizda bo'ladi boladi bo'lsa bo'lgan bo'ldi yozing yozinglar "
        "lichkaga lichka keladi keling uyda uy uydan yosh yoshlar yoshgacha yillik har faqat hech bormi emasmi tez "
        "pul pulni karta kartangiz kartaga hujjat shartnoma viza bepul tekin yo'q yoq bor rasm yuboring ariza suhbat "
        "tajriba shart shartmas oson haqiqiy yolg'on qaytadi tashla tashlab bn bilan ekan dedi degan deganlar "
        "deganlarga edi edilar mumkin qanday qancha nega qachon qayerda bugun ertaga kecha hozir keyin oldin yana ham "
        "juda yaxshi katta kichik yangi eski birinchi shahar tuman viloyat respublikasi o'zbekiston toshkent davlat "
        "prezident bo'yicha qildi qildim oldi berdi bergan berildi olib kelib borib bilib tomonidan orqali hamda "
        "haqiqatan assalomu alaykum rahmat iltimos aka uka opa singlim do'stlar xodim ishchi haydovchi sotuvchi "
        "sotiladi ijaraga xona narxi telefon telefonda raqam ustoz joy turar ovqat yotoq maosh o'rganish o'zi o'zim "
        "o'zingiz",
        "es": "busco buscamos busca necesito necesita necesitan solicita casa personas persona días dias dia diarios diario "
        "semanales semanal semana desde lista chicas chica chicos gente dinero plata pago pagos pagan cuenta cuentas "
        "tarjeta mensaje llama llamar hoy mañana alguien sabe hola gracias favor celular hijo al alta nueva nuevo "
        "hacia sino fueron tras ante durante mediante pesos soles dólares dolares usd euros tu tus ti mi mis nuestra "
        "nuestro todos todas otro otra hemos gobierno presidente ciudad país pais según policía mujer mujeres hombre "
        "niños agua vida mundo parte vez veces quiero quieres puedes puede pueden tengo tenes vos sos che wey chamba "
        "pega changa laburo pasaje vuelo boleto extranjero empresa oferta entrevista experiencia requisitos turno "
        "horario escribe escribeme escríbeme manda mándame interno inbox ganas gana ganar hacer haces llevas cobras "
        "estafa ojo real fácil facil rapido rápido urgente seguridad ahora aquí aqui allá alla nunca siempre entonces "
        "mismo misma sólo solo pa recarga llévate redes sorteo felicidades reclama promotoras finde",
        "pt": "vc vcs pra pro tô to tá ta tbm hj msm trampo galera zap pix reais conto grana chama pv moça rapaz meninas "
        "menino preciso procuro contrata contratamos vaga vagas currículo curriculo carteira assinada vale escala "
        "folga diária bico renda casa dinheiro conta cartão senha ganha ganhar paga pagamos pago passagem moradia "
        "visto fora alguém alguem conhece golpe cai gente obrigado obrigada oi olá bom boa amanhã ontem agora aqui lá",
        "fr": "cherche cherchons recherchons besoin filles jeunes gars job boulot travailler maison domicile téléphone "
        "telephone compte comptes bancaire argent paie paiement payé paye payer depart départ voyage logement logé "
        "nourri billet passeport frais dossier inscription gagne gagner gagnes recois reçois ecris ecrivez écrivez "
        "écris inbox bonjour bjr bonsoir merci svp stp slt pr vs ns ds personne personnes semaine heure heures jours "
        "aucun aucune arnaque vrai faux quelqu'un qlq1 chez attention messages ils demandent puces puce carte",
        "sw": "natafuta tunatafuta anatafuta watu vijana madem wasichana msee wadau mabeshte bob ksh kes mia elfu shilingi "
        "tunanunua nanunua leta tuma inbox niko uko ako iko ziko kuna hakuna hawana sina una nina alafu halafu poa "
        "sawa sasa niaje mambo vipi unapata upate unalipwa inalipwa tunalipa analipa unalipa lipa kulipa malipo nauli "
        "chakula kulala mahali nyumbani nyumba kampuni mwenyewe haraka siri kweli ama ati lakini juu chini ndani nje "
        "leo kesho jana usiku asubuhi jioni masaa saa dakika kila mwezi wiki mpya naitwa naomba namba simu laini line "
        "akaunti benki pesa mpesa figo hospitali mtego msichana mvulana mama bibi mume mke shule darasa fundi mpishi "
        "dereva askari jibu andika piga wasiliana nami nasi bado kabisa kidogo mingi wengi wote zote ofisini shambani "
        "kwetu kwenu kwao huku hiyo hivi hivyo hizo hio izo msidanganywe nilienda nikaambiwa nimeambiwa wameniambia "
        "bila hajalipwa",
        "tl": "naman lang po opo na nga din rin daw raw muna pala kasi kaya kahit pag kapag pang panay bawat lahat iba "
        "pwede puede wag huwag dapat gusto ayaw kailangan need naghahanap hanap hinahanap kelangan kayo kayong mong "
        "kong yung nung ung iyong aking ating namin natin nila nyo niyo inyo ninyo niya nya sya sino ano saan san "
        "kailan paano bakit magkano ilan ganito ganyan dito dyan diyan doon dun sahod sweldo bayad bayaran libre tao "
        "babae lalaki bata mga araw buwan linggo taon oras bukas kahapon ngayon mamaya agad alis umuwi uwi sama "
        "kasama bahay trabaho kita pera sis mommy mommies kuya ate bes mars tropa kabayan pinoy pinay maganda mabait "
        "marunong sundo hatid susundo wlang walang walng d2 di pde pwd mrn sbhin kc nman lng pgdtng gcash arawan "
        "kinsenas load unli bili pabili benta tinda may-ari ingat mag-ingat hintay antay padala tawag txt sagot baka "
        "mas medyo sobra talaga tlga",
        "hi-Latn": "aapka aapki aapke apka apki apke milta milti milte karne karwao karwana bhejo bhejna bhej lagega lagegi "
        "lagao lagana chaiye jaldi abhi kal aaj roz hafte hafta mahina mahine wapas pehla pehle pehli baad bina dena "
        "dene lena lene lelo aana jana jaana rakhna kharcha liya jaye bani bana banao banega karte karti lagta dost "
        "dosto doston gaye gayi aayega aayegi ayega jayega jayegi denge lenge karenge milenge rahega rahegi khana "
        "rehna se tak wahan yahan idhar udhar hi bol bolta bolke dekho dekhte sabko unko usko isko inko jisko kisko "
        "paas sath andar bahar upar niche upr hr k m n ka ki ladki ladkiyan ladke ladka bada badi bade thoda thodi "
        "padhe padhai chhod chhodo gaadi gadi gaadiya rupaye rupaiya rupya turant vetan bharti yojana khata jankari "
        "jaankari suchna parivar shaadi pati patni kripya namaste namaskar dhanyavad sampark kripa samay desh seva "
        "shiksha vyapar bhaiya didi mausi chacha aadhar aadhaar upi paytm phonepe cibil noida delhi dilli mumbai "
        "gurgaon lucknow jaipur patna indore bhopal pune surat ahmedabad ludhiana satta hajar hazaar pakka pakki "
        "chalega chalegi batana kijiye dijiye lijiye jobs kirana dukaan dukan mandir gaanv gaon jhansa dhokha thagi "
        "sarkar sarkari kanoon zindagi padega karvana",
        "ur-Latn": "aapka aapki aapke apka apki apke milta milti milte karne karwao karwana bhejo bhejna bhej lagega lagao "
        "lagana chaiye jaldi abhi kal aaj roz hafte hafta mahina mahine wapas pehla pehle pehli baad bina dena dene lena lene "
        "lelo aana jana jaana rakhna kharcha liya jaye bani bana banao karte karti lagta dost dosto doston gaye gayi aayega "
        "ayega jayega denge lenge karenge milenge rahega rahegi khana rehna tak wahan yahan idhar udhar bol dekho sabko unko "
        "usko isko paas sath andar bahar upar hr k m n ka ki larki larkiyan larkiyon larke larka larkay bara bari barey baray "
        "thora thori parhe parhi parhai parhna parhay chhor chhoro chor gari garhi gaari banday bande banda naqad qist qisten "
        "qiston asaan asan talaq nikah khala abbu ammi abba baji bhanja bhanje behen khandan khandanon walid walida waldain "
        "walidain gurda gurday khabardar hoshyar aoa assalam salam inshallah insha mashallah mashaallah masla koi zaroorat "
        "foran fauran qarz qarza umar umer tasveer mah mahana baqi izzat sood zamanat rishta ghareeb gareeb bewa muft lazmi "
        "bohat buhat wese jese kesy kaise tarah taur tor khaas shakhs hazrat behtar asal naam dafa dafah aik aadmi khawateen "
        "hazraat mulazim mulazmat tankha dihari mazdoor karigar mistri rabta raabta raqam saman khareed farokht idara mulk "
        "pakistani karachi lahore lhr islamabad pindi rawalpindi faisalabad multan sialkot gujrat peshawar quetta gujranwala "
        "cnic easypaisa jazzcash fia nadra eobi lac lacs hain hen hy hey thy ty liay liye lye me mein meray teray hamari "
        "hamare hamara humare apnay jinka jinko unka paisay rupay rupees pkr batao batana shehar qad rang namazi jumma shaam "
        "subah raat waqt theek zaleel khuda allah hafiz shukria shukriya meherbani janab sahib sahab bhai khush "
        "likhein karein dein jayen karain aayen bhejein rakhein",
        "bn-Latn": "taka hobe diben den pathan pathao bikash bkash nagad lagbe jaben kaj korun asen",
        "ne-Latn": "garnu paisa hajur sathi bhanne ghar bata baseko pathaunu kasko hune hunxa garxa milxa dinxa rs npr",
        "ms": "rm myr sen ringgit sehelai justeru sungguhpun terbabit didapati susulan kelmarin mangsa suspek kemalangan "
        "lebuhraya doktor saintis percuma parti pilihanraya mahkamah peguam bomba tentera elaun temuduga memandu "
        "basikal motosikal lori bas teksi tayar stesen tandas bilik televisyen perisian skrin murid isteri rakan "
        "jiran bandar pengerusi setiausaha naib timbalan maklumat maklumkan akhbar filem pelakon muzik perlawanan "
        "pingat olimpik eropah jepun kemboja itali peratus bilion cadangan perbincangan mesyuarat peperiksaan "
        "selesema ubat jururawat pesakit ribut kedai pasaraya amat semalam esok petang aktiviti kualiti komuniti "
        "fasiliti berhubung merangkumi kanak-kanak kerjasama beribadat sebarkan kerja-kerja epf socso perkeso "
        "penghantar penyambut juruwang pelawat syif pakej sila tawaran wasap nak dapatkan cik encik tuan-tuan skrg "
        "xde xnak tgk sgt mcm dlm utk blh",
        "id": "rb jt rp jutaan gajian loker olshop japri ngontrak mgg rmh dibayar mahar janda duda nikah kenalan awalnya "
        "disuruh ketik bun adek teratur beribadah walikota desa penduduk kantor kesebelasan gelar jaksa kejaksaan "
        "lowongan karyawan karyawati perusahaan pegawai kerjaan kayak gimana udah gue gua elu kalo gak ga nggak ngga "
        "bgt banget aja doang nih tuh sih kok kak gan bang mas mbak pak bu ibu bosen capek bisa butuh dibutuhkan "
        "jakarta bandung surabaya medan tangerang bekasi bogor depok ktp skck ijazah sma smk smp lulusan domisili "
        "dana ovo gopay bca bri mandiri bni rekening rek untung jualan jual mobil sewa kontrakan kos kost kosan "
        "pinjol hadiah pemenang anda kuota pulsa paketan wa hub kirim foto pendamping magang shift gudang toko warung "
        "kasir pelayan kuli supir ojol penempatan",
    },
    "Arab": {
        "ar": "بدنا بدي بدك عندو عندك عندي مين وين شو هيك لسا هلق عم رح منيح شغل شغلة فلوس مصاري جنيه درهم ريال دينار ليره "
        "ليرة بنات بنت شباب شاب واتس واتساب خاص راسلني راسلنا تواصل نبي ابي ابغى تبي وش ايش زين الحين علينا عليك معنا "
        "معك لك لي له لها لهم يوميا اسبوعيا شهري يوم يومين اسبوع ساعه ساعة ساعات سنه سنة كيف ليش عاوز عايز عايزة "
        "محتاج محتاجين نحتاج نبحث مطلوبه مطلوبين العمر السن السكن سكن اكل تذكره تذكرة التذكره فيزا الفيزا تاشيره جواز "
        "الجواز السفر سفر بيت البيت المنزل حساب حسابات بنك بنكي خبرة مقابلة المقابله الدفع دفع دفعت تدفع وخد وتاخد "
        "هذي هاي دا دول الي الى انتو احنا احنه اكو ماكو هواي شلون ديال غير كاين ماكاينش بزاف خدمة خدمه واش حتى مكتب "
        "مرخص حد عشان علشان لحد دلوقتي بتاع بتاعك مفيش في",
        "ur": "رابطہ کریں بھیجیں روزانہ گھر بیٹھے کام لڑکی لڑکے گردہ بینک اکاؤنٹ ہزار لاکھ فوری سے والی تک ابھی",
        "fa": "می‌شود می‌کند می‌خواهم هستم هستیم نیاز داریم تماس بگیرید درآمد روزانه منزل کارت حساب میلیون نیست",
    },
    "Cyrl": {
        "uz": "учун билан хам ҳам керак керакми керакмас бор йўқ йук эмас бўлса бўлади булади бўлган бўлди қилиб қиламиз "
        "қилиш килиб оламиз оласиз берамиз берасиз беринг бизга бизда бизнинг сизга сизни сиз мен менга уйда уй иш "
        "ишга иши ишлаш ойлик ойига кунига кунлик кун соат минг сўм сум пул пулни карта картангиз ёш ёшлар қиз қизлар "
        "бола болалар аёл аёллар одам одамлар киши ҳар фақат факат ҳеч хеч тез янги катта ҳужжат хужжат шартнома виза "
        "бепул текин осон қайтасиз кейин олдин ҳозир хозир бугун эртага бир битта икки уч беш ўз ўзбек ўзбекистон "
        "тошкент давлат бўйича томонидан орқали ҳақида эди деди деб деган қилди берилди лекин ва ёки агар қандай "
        "қанча қарз қарзга хохлаганлар ёзинг личкага вазирлиги нафар бўлиш эҳтиёт чақирди",
        "ru": "нужен нужны нужна ищу ищем надо люди человек человека день месяц неделю телефон карта карту деньги выплаты "
        "пишите личку лс сегодня завтра дома удаленно удалённо ребята тут там где кто чем вам вас нас без под над "
        "очень можно",
        "bg": "търсим търся хора лева заплата осигуряване пари обади обадете",
    },
}
