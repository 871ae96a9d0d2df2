"""Signs of pages that refuse us: names of challenge software, titles of walls and errors in the languages we crawl.

A sign alone is no block: a normal page may carry a log-in box, a CAPTCHA in its comment form or an advert for an "access
control" guard. `blocks.py` asks for a sign *and* for a page that has nothing else to say.
"""
# ruff: noqa: SIM905 - a list of words reads best as one text

import re

LOGIN_SEGMENTS = frozenset(
    (
        "login log-in log_in login.php login.html login.aspx logon signin sign-in sign_in authwall checkpoint authenticate sso "
        "dang-nhap dangnhap masuk entrar acceder connexion anmelden"
    ).split()
)
"""Whole path segments of the addresses where people log in."""

CHALLENGE = re.compile(
    rb"_cf_chl_opt|cf-chl-|cf_chl_|cf-turnstile|cf-browser-verification|captcha-delivery\.com|px-captcha|_pxCaptcha|"
    rb"_Incapsula_Resource|_sec/cp_challenge|bm-verify|awswaf\.com|aws-waf-token|awsWafCookieDomainList|gokuProps|sgcaptcha|"
    rb"ddos-guard|__ddg|yzfSessionId|nocaptcha|geetest|g-recaptcha|recaptcha/api|h-captcha|hcaptcha\.com|"
    rb"anubis_|within\.website/x|KPSDK|/ips\.js|bunny-shield|wappass\.baidu|aliyun_waf|acw_sc__v2|passport\.weibo\.com/visitor|"
    rb"\.well-known/vercel/security|_fs-ch-|smartcaptcha|slide-?captcha|[Cc]aptcha|CAPTCHA"
)
"""Software that asks whether one is human. Decisive only on a page with nothing else on it."""
DECISIVE_CHALLENGE = re.compile(
    r"_cf_chl_opt|captcha-delivery\.com/(?:captcha|interstitial)|px-captcha|_Incapsula_Resource\?SWUDNSAI|"
    r"<script[^<>]{0,200}\bid=[\"']?anubis_|/\.within\.website/x/cmd/anubis/static|/\.bunny-shield/assets|awsWafCookieDomainList|"
    r"[\"']aliyun_waf_[ab]{2}|wappass\.baidu\.com/static/(?:captcha|machine)|\.well-known/sgcaptcha|\.well-known/vercel/security"
)
"""Parts of the challenge page itself. A normal page carries one only beside a text of its own."""
WIDGET = re.compile(r"class\s*=\s*[\"'][^\"'<>]{0,200}\b(?:g-recaptcha|h-captcha|cf-turnstile)\b")
"""The box in a page's body that a visitor ticks."""
PASSWORD = re.compile(rb"type\s*=\s*[\"']?password", re.IGNORECASE)

LOGIN_WORDS = re.compile(
    r"log ?-?in(?:to)?\b|sign ?-?in\b|sign ?up\b|log on\b|join (?:now|to|us)|create (?:an )?account|authwall|"
    r"you must (?:be logged|log) ?in|members? only|đăng nhập|dang nhap|เข้าสู่ระบบ|ลงชื่อเข้าใช้|登录|登入|登錄|请先登|請先登|"
    r"\bmasuk\b|log masuk|daftar masuk|iniciar sess?i[oó]n|inicie sess|entrar\b|fa[çc]a login|लॉग ?इन|साइन ?इन|"
    r"লগ ?ইন|လော့ဂ်အင်|အကောင့်ဝင်|ចូល\u200b?គណនី|ចូលប្រើ|ເຂົ້າສູ່ລະບົບ|لاگ ان|تسجيل الدخول|mag-?log ?-?in|\bingia\b|"
    r"로그인|ログイン|войти|connexion|se connecter|anmelden",
    re.IGNORECASE,
)

_STATUS = "401|403|406|418|429|451|500|502|503|504|520|521|522|523|524|525"
BROKEN = (
    r"internal server error|bad gateway|gateway time-?out|service (?:temporarily )?unavailable|"
    r"(?:the )?(?:site|website|server|system|service) (?:is )?(?:currently |temporarily )?"
    r"(?:unavailable|offline|down|under maintenance)|(?:site |system )?(?:under|down for|scheduled) maintenance\W*$|"
    r"we(?:'|’)?(?:ll| will) be (?:right )?back|error establishing a database connection|database (?:connection )?error|"
    r"fatal error|temporarily unavailable|an error occurred\W*$|"
    r"bảo trì hệ thống\W*$|hệ thống đang bảo trì|ปิดปรับปรุง|系统繁忙|系统维护\W*$|"
    r"(?:situs )?sedang (?:dalam )?(?:pemeliharaan|perbaikan)|(?:site )?em manuten[çc][ãa]o"
)
"""Those of ``ERROR_WORDS`` by which a server says that it is broken or closed for work: it refuses nobody."""
ERROR_WORDS = re.compile(
    r"^\W*(?:"
    rf"(?:http )?(?:error|lỗi|ошибка|错误|錯誤)?\W*(?:{_STATUS})\b(?:\W|$)|"
    r"access (?:to this (?:page|site|resource) )?(?:has been |is |was )?(?:denied|forbidden|blocked|restricted)|"
    r"forbidden\b|unauthori[sz]ed\b|request (?:blocked|rejected|denied|unsuccessful)|the requested url was rejected|"
    r"too many requests|rate limit|you (?:have been|are being|are) (?:blocked|rate limited|banned)|sorry, you have been blocked|"
    r"your (?:ip|access|request)\b.{0,40}(?:blocked|banned|denied|limited)|attention required|pardon our interruption|"
    r"just a moment|checking your browser|please verify (?:you|that you)|verify(?:ing)? you are (?:a )?human|"
    r"are you (?:a )?(?:human|robot)|security (?:check|verification)\W*$|one more step|unusual traffic|"
    r"suspicious activity|robot check|robot or human|bot detected|human verification|client challenge\W*$|"
    r"(?:making sure|let us know) you(?:['’]|&#39;)?re (?:not a (?:ro)?bot|(?:a )?human)|vercel security checkpoint|"
    r"(?:establishing|checking|verifying) (?:if the site|your|a secure|the security of your) (?:browser|connection)|"
    r"not available in your (?:country|region)|"
    r"truy cập bị (?:từ chối|chặn)|xác minh (?:bạn|rằng bạn)|"
    r"การเข้าถึงถูกปฏิเสธ|ปฏิเสธการเข้าถึง|"
    r"访问(?:被拒绝|受限|过于频繁|异常)|存取被拒|拒絕存取|拒绝访问|(?:操作|请求|請求|访问)(?:过于|過於|太)?频繁|請求過於頻繁|"
    r"(?:百度)?安全验证|安全驗證|网络不给力|sina visitor system|人机验证|滑动验证|"
    r"akses (?:ditolak|diblokir|dibatasi)|acesso (?:negado|bloqueado)|acceso denegado|पहुँच अस्वीकृत|অ্যাক্সেস অস্বীকৃত|"
    rf"доступ (?:запрещ|огранич)|accès refusé|zugriff verweigert|{BROKEN})",
    re.IGNORECASE,
)
"""How the title, the first heading or the whole of an error page begins; anchored, so that adverts about errors are not meant."""

FAILED = frozenset({"error", "fail", "failed", "failure", "forbidden", "denied", "unauthorized", "blocked"})
"""Values of a JSON answer's ``status`` or ``result`` that mean no."""
