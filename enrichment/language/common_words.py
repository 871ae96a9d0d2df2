"""Everyday words by which languages written in Latin letters, Devanagari, Arabic letters and Cyrillic are told apart.

Own lists of function words and of the commonest words of adverts, written without looking at the judging data; a word that
stands in several lists counts for each, less. Folded as ``enrichment.text.views.fold`` does, Vietnamese also without its marks.
"""

_MALAY = (
    "yang dan di untuk dengan tidak ini itu dari dalam akan pada ke ada saya anda kami kita mereka sudah juga atau oleh adalah "
    "sebagai para telah lebih seperti masih hanya bukan jika kalau agar tapi tetapi namun banyak sangat serta tersebut gaji "
    "kerja hubungi segera tanpa pengalaman bulan aku apa siapa kenapa mengapa bagaimana rumah negara menurut kepada ketika "
    "sebelum antara sampai terus lagi dapat orang tahun hari baru setiap semua beberapa sebuah terhadap melalui menjadi "
    "oktober selasa rabu sabtu layanan penempatan sepak bola pun berkata ujarnya katanya jelasnya meskipun walaupun terima "
    "kasih kelas sekolah pemain juara musim mei januari februari pukul lusa malam mengambil membuat berusaha sedang dengar "
    "lihat melihat syarat tiket pernah cantik bodoh suami ayah ibu kakak adik penipuan waspada menteri kementerian rakyat "
    "pelabuhan kereta pesawat kecantikan kulit bantuan gempa loker juta dong deh lu lo kalian nya yg dgn utk jgn dr sdh tdk "
    "org dia sakit warga kata cuma kan waktu kedua tentang merupakan gereja berbicara anggota yunani diutamakan lamaran walk "
    "interview dekat sekitar mengeluh kurangnya perempuan pembeli sewa akhir pekan penghargaan pengacara kejahatan "
    "penyelidikan tewas ilmu ujian kejuaraan dingin sama wakil depan ujar melainkan lantaran mesti rapat suara pertandingan "
    "gol tendangan cedera pelatih jam besok siang memberitahu bicara pendaftaran mess bayar kaki tangan sering selalu goblok "
    "anak mas bang anjing bukannya percaya bohong presiden jalan tol rumit rencana putih tsunami kosong pekerja umur sehingga "
    "masa negeri lah nie sini situ memberi mengenai pihak september perlu ditawarkan kelulusan sepenuh cuti tahunan terbuka "
    "resume sah laku berdekatan mengadu kekurangan minggu khas kenyataan sidang turun sains kajian penyelidik kerjasama "
    "persatuan bekas tadi datang ayat lantas bagai ibarat bagaimanapun kebanyakan la punya sekali bimbang kelihatan perancis "
    "china amerika kemudahan jaringan menendang jaring jun pendapatan permohonan kelayakan asrama bayaran kerap besar jabatan "
    "undian lapangan kapal bangunan hitam sukarelawan menjadikan mempertahankan luar biasa ucapan pandangan mengulangi "
    "mengerikan sebelah kanan kiri puluhan perdana tan tuan surat media sosial haruslah sangatlah begitu sungguh belum walau "
    "selain termasuk membeli ahli pilihan permainan memohon berpengalaman sebulan "
)
"""Words that Indonesian and Malay share; which list a word belongs to was checked against the frequencies of wordfreq 3."""

LATIN: dict[str, str] = {
    "vi": "và của là có được cho không trong với các một những người đã để khi này đến từ tôi bạn anh chị em mình cũng "
    "nhưng thì về ra vào nhiều rất "
    "việc làm lương cần tuyển công ty liên hệ tháng triệu lao động nhân viên sẽ đang bị hay hoặc nếu vì nên đi theo "
    "tại trên dưới sau trước như còn "
    "chỉ đó đây gì nào ai sao phải muốn biết nói thấy nhà nước năm ngày giờ tiền",
    "vi-bare": "va cua la co duoc cho khong trong voi cac mot nhung nguoi da de khi nay den tu toi ban anh chi em minh cung "
    "thi ve ra vao nhieu rat viec lam luong can tuyen cong ty cty lien he thang trieu lao dong nhan vien se dang bi hay hoac "
    "neu vi nen di theo tai tren duoi sau truoc nhu con do day gi nao ai sao phai muon biet noi thay nha nuoc nam ngay gio "
    "tien tin nhan quy khach hang dich vu goi cuoc uu dai mien phi tang the soan gui dien thoai mua ban hang moi chuyen khoan "
    "tai khoan ngan thong tin he thong ket qua dang ky nhap mat khau ho tro chuc mung vui long truy cap ko k dc ntn vs ng mn "
    "ae oi dem nay thoai mai giup nha nhe a hoi that gap lai xin chao thanh pho quoc gia viet dong chinh phu tong thong dau "
    "hai ba bon nguoi lam nhung dieu nhat nhieu duong truong ong ba cau hinh bang giup xem lam an gai trai so zalo inbox ib "
    "bao tham gia nap rut thuong khuyen mai trung giai cuoi tuan hom qua mai sang toi chieu ngoai tren quan huyen xa tinh nam "
    "thuc hien nghi khach san giai quyet nho lon deu vua moi khac cach giua hon van chua roi luon tung ngan hang vay xe ho "
    "chieu giay to don tan noi may "
    "tinh go biet la duoc",
    "id": _MALAY + "kamu bisa karena bahwa lowongan butuh dibutuhkan usia perusahaan karyawan gak nggak ga ngga aja udah "
    "gimana banget kok sih nih gue gw krn blm bgt dimana kapan uang kota mobil kantor bisnis pemerintah polisi mengatakan saat "
    "setelah hingga pake bikin kayak mau orang-orang terjadi melakukan memiliki desember agustus senin kamis jumat khawatir "
    "tampak majelis inggris prancis spanyol tiongkok serikat negosiasi pasar populer optimis populasi universitas kualitas "
    "aktivitas komunitas identitas fasilitas prioritas mayoritas minoritas otoritas harus yaitu pria berhasil bilang berarti "
    "menemukan coba berbeda nomor resmi silahkan kasus sehat kabar nyaman kelompok aplikasi dokter artinya meski kegiatan "
    "situs menyenangkan kondisi membutuhkan dimulai apalagi terkait sukses olahraga menikah berpikir pikiran cocok sejumlah "
    "partai lingkungan kartu produksi tipe paket sadar mendukung wisata terdiri sebaiknya hewan temukan misalnya kode mengirim "
    "listrik tokoh terkadang sepertinya setidaknya karakter jawaban grup energi siswa efek lokal rusak perangkat menyadari "
    "kebijakan berbagi kendaraan kalo metode publik beda perbedaan kursi kecepatan desain studi fisik dukungan peran komisi "
    "lomba kebutuhan standar pengembangan memungkinkan manajemen fitur periode kompetisi sore sekedar pajak pabrik liburan "
    "kerusakan penasaran pembuatan laga justru solusi mengurangi khususnya berkualitas antar pendukung narkoba menginginkan "
    "menampilkan dibangun sosok gampang pelayanan merusak lolos konser dikirim berbasis tes celana saran mandiri ketahui cewek "
    "rekaman prajurit mencetak materi keberadaan karna terbuat medis pelatihan pariwisata mengungkapkan korupsi setempat "
    "sarana intinya seputar jawabannya fase alasannya keberhasilan disebutkan berpartisipasi massa seru pulsa pensiun merek "
    "diantaranya referensi kontrol kepolisian dampak perilaku manajer favorit tantangan rilis diskon nantinya berperan "
    "dibilang simak memproduksi beasiswa teknis perawatan maksimal lho berencana terhubung nonton membahas dikembangkan "
    "selengkapnya rute komentar ilmiah berkas administrasi terjadinya kapasitas diperkirakan trik spesifikasi seleksi "
    "perbaikan survei pengobatan riset kinerja karir apartemen tombol signifikan konsentrasi asuransi percobaan mencakup "
    "konsumsi klaim setara nuklir konstruksi didirikan diakses strategis mitra konten properti perencanaan konsumen infeksi "
    "diselenggarakan soalnya asisten permanen pengiriman pembicaraan pembagian karakteristik pengelolaan adapun utang diskusi "
    "mengelola menerapkan memicu meluncurkan ungkap ditambahkan emang konferensi kesadaran ekspor impor diterapkan tampilan "
    "penanganan kualifikasi kediri didapat bervariasi angkutan pemesanan persyaratan penambahan telpon senilai temen kandidat "
    "prediksi evaluasi membatasi sanksi politisi perlengkapan dikabarkan berlokasi bepergian pendiri koordinasi konsultasi "
    "kepemilikan tagihan lisensi akurat transisi rekomendasi pengolahan pengamatan instruksi asosiasi potensial pengujian "
    "oknum massal putusan identik dekade berdampak opini menanggapi kelelahan wabah rezim registrasi kolaborasi eksekusi "
    "partisipasi berkala investigasi berkelanjutan nego tunjangan domisili minimal kirimkan penghasilan jenjang sebagian "
    "bagian laki-laki pedagang toko libur khusus hukum pengadilan jaksa kriminal diduga penyidikan informasi pernyataan pers "
    "keuangan investasi rekening akun telepon ponsel hp unduh kesehatan pasien obat kecelakaan proyek penelitian peneliti klub "
    "stadion medali film aktor musik televisi menit detik persen miliar triliun menyetir sopir jembatan tentara organisasi "
    "direktur sekretaris mantan mendatang eropa kalimat kata-kata tuturnya lainnya adanya sedangkan kendati usai saja enggak "
    "cuman makasih kampanye pemilu pemungutan jadwal kulkas sepeda motor sepatu handuk kamar dosen mahasiswa rekan tim gawang "
    "juli juni maret tanggal kemarin mencoba ngomong butuhkan lulusan transportasi gratis biaya paspor imigrasi dikarenakan "
    "ganteng istri bapak mbak teman pacar cowok korban bupati gubernur kabupaten kecamatan kelurahan provinsi dinas pemprov "
    "pilkada bandara stasiun bus tersangka "
    "gedung relawan ",
    "ms": _MALAY + "awak boleh kerana bahawa jawatan syarikat kakitangan daripada ialah mahu nak tak tiada sahaja je dah "
    "macam mana cakap beliau selepas pejabat wang duit hospital polis kerajaan korang kitorang diorang dorang hang kau takde "
    "takyah kot ni tu kat bila mempunyai manakala pelbagai perkhidmatan pelajar universiti isnin khamis jumaat ahad disember "
    "ogos julai telefon sijil dijangka buat mak kampung kawasan betul tengok nampak jumpa guna semula mula faham semasa ramai "
    "patut kuasa perkara abang sesiapa kebangsaan soalan nombor kes fikir berbeza teruk bermula sikit seterusnya arahan "
    "kedudukan hantar sebenar sejuk sedar sukan kekal laluan kawalan berkahwin perlukan kesan ajar separuh rahsia pelik tipu "
    "perniagaan askar haiwan sebarang silap seronok hujung tahniah mengikut sukar kad senarai rosak teruskan kejayaan sihat "
    "seluar jeneral kerusi peminat tarikh membina bertanggungjawab awam rekod dikenali comel sekiranya pusingan memulakan "
    "kelakar celaka sediakan mencipta kenderaan kejap enjin tajuk dibenarkan sempadan kolej bersetuju rakaman menghalang "
    "dihantar kelajuan elok perubatan ianya lembu katil punca cukai berkongsi talian selesa dipercayai berkesan bergaduh "
    "tempoh bisnes bekalan tunjuk sepatutnya sempena berbanding sertai senyap perbezaan perasan melawat kerosakan baharu "
    "mulakan mesej kem lesen amalan rehat penat memusnahkan mahupun kilang cikgu bincang memandangkan bising barangan "
    "antarabangsa tanggungjawab khabar nota menyokong kongsi berkhidmat amaran rasuah tetamu kuih gergasi tempatan rawatan "
    "perlumbaan letih keganasan bererti menyedari mengelakkan penghantaran jurutera berlagak garisan fesyen mengesan kesedaran "
    "saiz dikawal rayuan mestilah berterusan menguruskan cabaran berkemahiran kemahiran dikesan pengurusan mengesahkan fizikal "
    "pelancaran kegemaran teknikal kaedah lawatan dimulakan ejen mendedahkan tingkap realiti kemasukan belia kebolehan dalaman "
    "halang merentasi menyiasat perisikan pakej menamatkan penukaran inspektor mengetuai insurans gred tugasan lagenda gabenor "
    "jemputan menafikan senapang persekitaran kebelakangan moden jenama cawangan penyertaan meletup mendakwa jangkitan "
    "usahawan skrin peruntukan konsert tempahan menyeru ketara kepakaran aduan kebimbangan terkawal terhad pelaburan fakulti "
    "bandaraya automatik rusuhan pengasas mencadangkan terbabit seminit sememangnya persendirian kritikal kastam iktiraf cip "
    "kongsikan pentadbiran mencederakan menghidap tercedera kepimpinan rentas prototaip menyelamat temuduga elaun caruman "
    "pokok hantarkan borang berlaku sesetengah bahagian lelaki budak peniaga kedai percuma tandas anugerah rasmi undang-undang "
    "mahkamah peguam pendakwa jenayah penjenayah disyaki siasatan maklumat kewangan akaun bimbit perisian emel muat kesihatan "
    "doktor pesakit ubat maut kemalangan letupan projek peperiksaan kelab stadium pingat kejohanan filem pelakon muzik "
    "televisyen minit fasa peratus bilion trilion memandu pemandu lebuh raya jambatan tentera pertubuhan pengarah setiausaha "
    "timbalan naib terkini hadapan eropah perkataan biarpun sungguhpun supaya justeru turut bagi macamana cumanya setakat sila "
    "tolong jom takpe risau bercakap majlis inggeris england greece sepanyol rundingan pasaran popular optimistik kualiti "
    "aktiviti komuniti identiti keutamaan majoriti minoriti autoriti berkuasa peti basikal motosikal kasut tuala bilik "
    "pensyarah rakan pasukan perlawanan menjaringkan penyokong sepakan menyepak kecederaan jurulatih mac semalam esok petang "
    "tengahari maklumkan cuba bual perbualan lepasan pengangkutan kos pasport imigresen sentiasa kacak isteri bapa encik puan "
    "kawan mangsa parlimen undi pengundi jiran berhampiran terbang stesen keretapi bas rancangan suspek kemusnahan mengekalkan "
    "perhimpunan dekad berpuluh diraja agong sultan dato datuk sri akhbar "
    "laman sesawang hendaklah amatlah tersangat beritahu pengerusi mesyuarat kempen sokongan komisen ",
    "tl": "ang ng sa na mga ay at ko mo ka ako ikaw siya kami tayo kayo sila ito iyan iyon hindi wala may mayroon para kung "
    "dahil kapag nang pa po opo ba lang din rin naman nga kasi pero tapos dito doon diyan ano sino saan kailan bakit paano "
    "lahat isa dalawa tatlo trabaho sahod sweldo kailangan hanap naghahanap libre walang gusto ngayon bukas kahapon araw buwan "
    "taon tao bahay pera natin namin ninyo nila niya kanya akin iyo inyo kanila ni kay si sina mula hanggang bilang ayon upang "
    "habang nito nila niyang isang kanyang noong maging naging ginawa sabi sinabi tungkol pag yung yun nung sana talaga kaya "
    "puwede pwede makakuha kunin pindutin mag nag pang sayo mo'y nyo lng ung nmn "
    "d2 jan hnd kau tau di",
    "en": "the and of to in is that for it with as was on be at by this have from or an are not but they you his her he she "
    "we their has had which will one all would there what about out up who get if me my when can more no do your our just so "
    "some time than them into only other could been its how new people us him make because now like then also here these those "
    "over very any most job work salary free required experience apply contact need needed hiring please staff company month "
    "were did may where after why said says am i a i'm don't can't it's that's should still even being "
    "before while many much such every both between against during without again never always",
    "fr": "le la les de des du un une et est en que qui dans pour pas sur au aux avec ce cette il elle nous vous ils elles "
    "se ne par plus son sa ses leur leurs mais ou où donc être avoir fait sont été ont comme tout tous toute très bien sans "
    "peut même aussi après avant entre sous chez quand si moi toi lui je tu mon ma mes ton ta tes votre notre emploi travail "
    "salaire recrute recherche poste offre gratuit mois jour an euros contact ici faire dit "
    "cela ça c'est d'un d'une l'on qu'il n'est j'ai était ainsi alors encore depuis contre dont deux trois ans",
    "pt": "o a os as de do da dos das um uma e é em no na nos nas que para com não por mais se como mas ao aos à às ou seu "
    "sua seus suas ele ela eles elas eu você vocês nós me te lhe foi ser está estão tem têm são já também muito quando onde "
    "quem qual isso isto esse essa este esta pelo pela pelos pelas até sem sobre entre depois antes vaga emprego trabalho "
    "salário empresa mês grátis contato fazer pode tudo ainda só bem dia anos pra pro tá né nao voce "
    "sao ate tambem ja esta numa num foram havia segundo disse era",
    "es": "el la los las de del un una y es en que para con no por más se como pero al o su sus él ella ellos ellas yo tú "
    "usted ustedes nosotros me te le lo fue ser está están tiene tienen son ya también muy cuando donde quien cual eso esto "
    "ese esa este esta hasta sin sobre entre después antes empleo trabajo sueldo salario empresa mes gratis contacto hacer "
    "puede todo aún bien día años hay si sí nos ha han qué cómo "
    "porque así dos según desde era había",
    "sw": "na ya wa kwa ni la za katika cha kuwa hii hiyo huyo huyu yake yao wao wangu wako wetu wenu sisi wewe mimi yeye "
    "nyinyi ile yale hilo hili hao hawa ambaye ambao ambayo kama lakini au pia sana bila kila watu mtu kazi mshahara ajira "
    "nafasi serikali nchi siku mwaka mwezi wakati baada kabla kutoka hadi mpaka hapa pale huko nini nani wapi lini vipi ndiyo "
    "hapana tafadhali habari asante karibu ndugu kaka dada mama baba watoto mtoto shule alisema amesema anasema wamesema hana "
    "hakuna kuna yupo ipo yako ana wana nina tuna una mna kwamba ili tu bado tena zaidi moja mbili tatu kwenye hivyo ndio "
    "kusema kufanya kupata kwenda kuja kutumia simu huduma namba tumia dola mkoa polisi mchezo timu mpira "
    "wachezaji pesa",
    "rw": "na mu ku no bya by ko ibyo uyu iyi aba abo ibi uko ari yari ubwo nyuma mbere kandi cyangwa ariko kuko ngo muri "
    "kuri ya wa ba bwa rya cya za umuntu abantu umwaka imyaka igihugu leta perezida bavuga yavuze avuga yagize ati byo nta "
    "buri byose bose bwana cyane gusa uwo iki icyo mu kugira gukora kuba kubera hagati y’ w’ n’ umugore umugabo abagore mukino "
    "ikipe kwa yo bari afite ubu rwanda "
    "amafaranga imyaka",
    "uz": "va bu bir uchun bilan ham esa edi deb emas bo‘lgan bo'lgan bo‘lib bo'lib kerak lekin yoki agar hamda qilish "
    "qilgan o‘z o'z u ular biz siz men sen "
    "yil yilda kuni haqida so‘ng so'ng keyin oldin bo‘yicha bo'yicha ushbu shu nima kim qanday ekan mumkin edilar ega "
    "barcha juda katta ming kishi "
    "dan ga ni ning da ish maosh oʻz boʻlgan boʻlib soʻng boʻyicha qoʻshma yoʻq yo‘q",
    "de": "der die das und ist in den von zu mit sich des auf für nicht ein eine als auch es an werden aus er hat dass sie "
    "nach wird bei einer um am sind "
    "noch wie einem über so zum war haben nur oder aber vor zur bis mehr durch man sein wurde wir ich du ihr uns euch "
    "kein arbeit gehalt monat",
    "it": "il lo la i gli le di del della dei delle un una e è in che per con non si come ma al alla ai da dal dalla su sul "
    "nel nella più sono ha hanno anche "
    "questo questa quello essere fare lavoro stipendio mese gratis ci cui se o ad era stato",
    "nl": "de het een en van is in op te dat die voor met zijn niet aan er om ook als maar bij nog wel naar heeft hebben "
    "wordt werd door over uit dan ze zo "
    "werk salaris maand ik je wij jullie hun deze dit",
    "tr": "ve bir bu için ile da de ne çok gibi daha olan olarak var ama kadar sonra en her mi ben sen o biz siz onlar "
    "değil ise ki iş maaş ay aylık aranıyor",
    "so": "iyo waa ku ka in uu ay la oo soo laga waxaa waxay ayaa kale lagu si aan waxa wuxuu shaqo bil mushahar",
    "hi-Latn": "hai hain nahi nahin ka ki ke ko se me mein main mai hu hoon ho tha thi the raha rahe rahi kar karo karna "
    "kya kyu kyun kaise kab kahan kaha jo jab tab ab aur ya par pe bhi hi to toh tum tumhe aap ap hum ham mera meri mere tera "
    "teri tere uska uski iska iski unka sab kuch koi sirf bahut bohot accha acha theek thik ji haan han na mat gaya gayi gaye "
    "jata jati jaa jao aao dekh dekho bol bolo bata batao suno chahiye milega hoga hogi hota hoti wala wali wale phir fir yeh "
    "ye wo woh is us jaise baat ladka ladki bhai yaar paisa paise naukri kaam ghar din saal log kam zyada chalo karke liye "
    "liya diya sakta sakte sakti rha rhi rhe h hn nhi ni mjhe mujhe tujhe apna apne apni kisi "
    "kuchh tera bas lekin agar magar",
    "ur-Latn": "hai hain nahi ka ki ke ko se mein main hun hoon ho tha thi the raha rahe rahi kar karo karna kya kyun kaise "
    "kab kahan jo jab tab ab aur ya par bhi hi to tum aap hum mera meri mere uska sab kuch koi sirf bohat bohot acha theek ji "
    "haan na mat gaya yeh ye wo woh is us hae haen hay hy mulk awam hukumat wazeer azam khawateen zindagi duniya allah masla "
    "waqt taraqi quom qoum imtehan tanqeed pakistan nawaz imran khan karachi lahore liye agar magar lekin kyunke chahiye unhon "
    "inhon sath apne apni saal batao mehnat mulazmat tankhwa tankhwah naukri ly sy ny k ky ne un in jid dehshatgardi adalat "
    "rehnuma ghair baray baad sab se zyada kitab jahil mayoos kbi b ni or "
    "wazarat dino mahiney",
    "bn-Latn": "ami tumi apni amar tomar apnar tar amra tara ei oi ki keno kothay kobe kivabe kemon ache achen nai nei na "
    "hobe hoy hoyeche kore korte korbo korben korlam korun kotha bolte bolen bhalo valo kaj chakri taka beton lagbe dorkar "
    "chai jonno theke shathe sathe ekta ekjon onek shob sob kichu ekhon akhon ajke kal din mash bochor manush bhai apu dada "
    "didi jodi kintu ar abar o r er ke te khub ektu den nin diye niye gele gechi parbo paren "
    "jabe jete asben hoile korle bidesh",
    "ne-Latn": "cha chha chhan chan ho hoina hunchha huncha thiyo ma malai timi timro mero hamro uha usle yo tyo ko ki lai "
    "bata sanga garna garne gareko garera gari garnu bhayo bhaye bhane bhanne bhako xa xaina chaina chhaina k kina kasari kaha "
    "kahile kati ani ra tara pani matra dherai ramro naramro kam jagir paisa talab sathi dai didi bhai bahini aaunus janu jane "
    "janna nepal nepali hajar hazar saya din mahina barsa khana basna rakhne parcha "
    "parchha paryo lagi sakincha sakinchha chahiyo chahincha aaja bholi hijo ghar kura",
    "ta-Latn": "la ku da na naan nan enna unna avan aval avanga ivan idhu ithu adhu athu intha indha antha andha oru romba "
    "illa illai iruku irukku irukkum irunthu vera level padam enaku enakku unaku unakku yaru yar yaaru epdi eppadi yen en un "
    "namma nama naama nee neenga vanga ponga poda sema semma mass thala thalaiva anna akka thambi bro panna panni pannu "
    "pannunga solla solli sollu sonna vandhu vanthu poi poga paaru paru parunga pathu nalla superb kuda kooda matum mattum "
    "than thaan dhaan tha thanda irundha velai venum vendam theriyum therila thevai sambalam maasam ellam yella yellam yellaru "
    "ellaru jathi jaathi sathi ila ilaa evlo innum kalam kaalam naal aprma apdi apdiye ippo ipo apo eppo ethana etthana pesa "
    "pesu pesura panra pandra paakurathu pakura sonnanga vanthathu nadakkum mudiyathu mudiyum kudathu kudaathu vayasu ungaluku "
    "avangaluku engalukku kaathal kathal padam padatha paakanum paakalam varum varuthu poguthu pogum thiruttu konjam konjo "
    "neraya niraya innaiku naalaiku enga amma appa machan da di ellarum inga anga enga ya yae ah aa va vaa um irukan irukkan "
    "iruka vachu vechu pola maari mari kandippa "
    "kandipa",
    "am-Latn": "selam lijoch new nachew wist wede ena gin kefereng ale alech aleh neger sira siraw betam lemid ayasfeligim "
    "yasfeligal bicha gar yihew yih yimetal yemil yemifelig tinish bitchil yibekal demewez demoz birr wer bewer "
    "beqen tiket mekina mekinet bet migib menor ayfelgim felagi yifelegal enfelgalen endet lemin eshi awo betkikil "
    "sew sewoch yalew yemiyawk yemitfelig enante inante kezih keza ahun bezih",
    "km-Latn": "bong bongg p'oun poun oun knhom khnhom nhom ke nak neak mean min ot te tver jong nov trov sous dey jea haey hz "
    "ban ka nih nuh khae khe prak luy riel sneak snak hob nham tov mok jch jol chol pel nis dael derm sang som tuk "
    "klach ches rean ngea ngear kon srey bros pi mun srok yerng yk hery ah",
    "my-Latn": "mingalarpar mingalabar par tal dal nay lo loz ya yin ma tot hmar mhar nae yout yauk alote alouk lar khor kyar "
    "phyu phyat pyaw kyi shi thein shar sar tat yite kaung po saung kyay zu naw khin byar shin dway twe bal "
    "ngwe lakh kyat pyi bama thwar lite pee hlan htar hma kha ko lay tha mee ya nee",
    "lo-Latn": "sabaidee khoi jao lao phuak hao viak hed het yak dai bor bo mai mi mu sai kin yu kho khao pai ma ngoen duean "
    "deuan thuk khon suan nai lan keep kep tae ko yan meun samak tit tor tho der deu dae kha phor mae luk hian "
    "nongsao sao bao phasa baw lakha",
    "si-Latn": "oyata oya mama mata eka ekak kiyala wenna wage puluwan puluvan bari nathi nehe naha thiyenawa thiyanawa "
    "karanna karana kohomada mokada monawada "
    "ape api oyala mage oyage eyage godak hari honda lassana wada job rakiyawa salli pawdiya ona one nam ne neda "
    "da lanka dan heta ada",
}

DEVANAGARI: dict[str, str] = {
    "hi": "है हैं था थी थे का की के को से में पर और यह वह ये वे इस उस कि जो भी ही नहीं तो कर करने किया करते हुए लिए साथ बाद "
    "अपने अपनी एक ने या हो होगा रहा रहे रही "
    "गया गए गई कोई कुछ क्या सकते सकता सकती चाहिए अब जब तब तक हम आप मैं मुझे उन्होंने इसके उनके लेकिन वेतन नौकरी भर्ती "
    "महीना बहुत द्वारा जा दिया बताया गये कहा",
    "ne": "छ छन् छैन छैनन् हो होइन थियो थिए को का की ले लाई मा बाट सँग संग र तर पनि यो त्यो यस त्यस भने भन्ने गर्ने गर्न गरेको "
    "गरेका गरी गरेर भएको भएका भयो हुन हुने हुन्छ हुनुहुन्छ छु छौ म हामी तपाईं तपाई उनी उनले आफ्नो मेरो हाम्रो के किन कसरी जना चाहियो चाहिन्छ तलब "
    "लागि नेपाल नेपाली अहिले अब धेरै राम्रो नै रहेको रहेका दिन दिनुहोस् गर्नुहोस् पठाउनुहोस् सम्पर्क दाइ दाई भाइ एउटा पर्छ सक्छ सकिन्छ होला यस्तो "
    "जस्तो जस्तै त्यसपछि तथा गरिएको गर्छ गर्छन् "
    "गराए बुदि अनि सहित",
    "mr": "आहे आहेत नाही नाहीत होते होता होती आणि हा ही हे तो ती ते त्या या चा ची चे च्या ला ने मध्ये वर साठी पण की मी तू आम्ही "
    "तुम्ही त्यांनी त्याने तिने त्यांच्या "
    "करणे केले केली केला करून असे अशी असा आता होऊ शकते शकतो मला तुला काय का कसे एक पगार नोकरी महिना आहेस नव्हते झाला "
    "झाली झाले करण्यात यांनी म्हणाले "
    "म्हणजे किंवा तर खूप सर्व देखील येथे म्हणून सांगितलं त्यानंतर गेला गेले",
    "bho": "बा बाड़े रहल ह हवे का के में से कइल गइल भइल बानी रउआ हमार ओकर एगो",
    "mai": "अछि छथि छल छै केँ सँ मे नहि ओ एकटा हमर अहाँ",
    "sa": "अस्ति च न तु सः सा तत् एव इति भवति अपि यत् तस्य",
}

ARABIC: dict[str, str] = {
    "ar": "في من على الى عن ان التي الذي هذا هذه ذلك كان كانت قد ما لا لم لن هو هي نحن انت انا و او ثم بعد قبل مع كل بين "
    "عند حتى اذا كما غير عمل "
    "وظیفه راتب مطلوب شرکه شهر دولار شهریا للعمل بدون خبره يا اللي مش ده دي كده بس عشان ليه ايه فین یوم الیوم قال "
    "وقال ایضا منذ خلال",
    "ur": "ہے ہیں کا کی کے کو سے میں پر اور یہ وہ اس ان کہ جو بھی ہی نہیں تو کر کرنے کیا کرتے ہوئے لیے ساتھ بعد اپنے اپنی "
    "ایک نے یا ہو ہوگا رہا رہے رہی گیا گئے گئی "
    "کوئی کچھ چاہیے اب جب تک ہم آپ میں مجھے تنخواہ نوکری ماہانہ بہت تھا تھی تھے والے والا",
    "fa": "است و در به از که این ان را با برای تا بر هم یک شد می شود کرد کند های ها بود شده نیز اما یا دیگر خود ما شما من "
    "او انها باید است. نیست هست دارد "
    "حقوق استخدام کار ماه تومان نمی کردند گفت پس هر چه بی همه",
    "ps": "د په چې دی ده کې او سره له نه یې هم دا دغه ته کوي شوی وي خو یا لپاره",
    "ckb": "و له به که ئه م بو له گه ل ده کات هه یه نیه به لام",
    "sd": "جي جو جا ۾ کي آهي آهن ۽ هن سان تي ان به نه",
}

CYRILLIC: dict[str, str] = {
    "ru": "и в не на я что он с как это по но они мы она так его все к у за из от бы же вы ты о для при если или уже ещё "
    "еще только был была были быть есть мне "
    "меня нет да до во со работа зарплата требуется вакансия опыт без оплата билет проживание чтобы который которые "
    "этого когда",
    "uk": "і в не на я що він з як це по але вони ми вона так його всі до у за від б же ви ти про для при якщо або вже ще "
    "тільки був була були бути є мені "
    "мене немає так робота зарплата потрібно досвід та та їх її який яка",
    "bg": "и в не на аз че той с как това по но те ние тя така го всички към у за от бих вие ти о са се да е съм беше има "
    "няма работа заплата",
    "sr": "и у не на ја што он са као то по али они ми она тако га све за од би се да је су бити посао плата",
    "mn": "нь байна байгаа байсан болон юм гэж энэ тэр бол ба хэмээн тэрээр өөрийн хийх хүн улсын монгол дээр оны ажлын "
    "хэрэгтэй түүний байв болсон гэсэн "
    "хүмүүс жил ч л бүх их манай би чи та мөн болох",
    "kk": "және бұл бір үшін мен де да емес болды болып деп ол қазақстан жыл туралы керек",
    "ky": "жана бул бир үчүн менен да эмес болгон деп ал кыргызстан жыл",
    "tg": "ва дар ба аз ки ин он бо барои то ҳам як буд аст",
    "uz": "ва бу бир учун билан ҳам эди деб эмас бўлган керак",
}
