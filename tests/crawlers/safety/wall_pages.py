"""Pages of present walls, made after what their public sources say: names of scripts and elements, words of our own."""

from collections.abc import Iterator

NOT_A_BOT = {
    "en": "Making sure you&#39;re not a bot!", "vi": "Đảm bảo bạn không phải là bot!", "de": "Wir prüfen, ob Sie kein Bot sind!",
    "fr": "Vérification que vous n'êtes pas un robot", "zh": "正在确认您不是机器人", "th": "กำลังตรวจสอบว่าคุณไม่ใช่บอท",
    "ru": "Проверяем, что вы не бот", "pt": "Verificando se você não é um robô",
}  # fmt: skip
LOG_IN = {
    "en": "Log into Sample", "vi": "Đăng nhập Sample", "fr": "Connexion à Sample", "de": "Bei Sample anmelden",
    "id": "Masuk ke Sample", "zh": "登录 Sample", "th": "เข้าสู่ระบบ Sample", "es": "Iniciar sesión en Sample",
}  # fmt: skip
JUST_A_MOMENT = {"en": "Just a moment...", "vi": "Chờ một chút...", "de": "Einen Moment...", "zh": "请稍候…"}
EXPLAINED = (
    "The keeper of this place has a puzzle solved by your reader before the door opens, because machines come too often. " * 9
)
FORM = "<form method=post action=/x><input name=u><input type=password name=p><button>OK</button></form>"


def page(title: str, body: str, head: str = "") -> str:
    """Return a page of HTML."""
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def walls() -> Iterator[tuple[str, str]]:
    """Yield (name, page) of each wall."""
    for language, title in NOT_A_BOT.items():
        for method in ("fast", "metarefresh", "preact"):
            refresh = '<meta http-equiv="refresh" content="5; url=/.within.website/x/cmd/anubis/api/pass-challenge?x">'
            script = f'<script id="anubis_challenge" type="application/json">{{"method":"{method}"}}</script>'
            image = "<img src=/.within.website/x/cmd/anubis/static/img/pensive.webp>"
            said = f"<h1>{title}</h1>{image}<details>{EXPLAINED}</details><noscript>{EXPLAINED[:200]}</noscript>"
            yield f"anubis {language} {method}", page(title, said, script + (refresh if method == "metarefresh" else ""))
    for name, script in {
        "kasada": "<script>window.KPSDK={};KPSDK.now=Date.now</script><script src=/149e9513/2d206a39/ips.js?x></script>",
        "kasada please wait": "<script>window.KPSDK={}</script><script src=/c/ips.js></script><iframe></iframe>",
        "aws": "<script>window.awsWafCookieDomainList=[]</script><script src=https://a.awswaf.com/challenge.js></script>",
        "akamai": "<div id=sec-if-cpt-container></div><script src=/_sec/cp_challenge/sec-cpt-1.js></script>",
        "akamai refresh": "<meta http-equiv=refresh content=\"5; URL='/?bm-verify=AAQ'\"><script>bm</script>",
        "incapsula": "<iframe src='/_Incapsula_Resource?SWUDNSAI=31&xinfo=1'></iframe>",
        "datadome": "<script src=https://ct.captcha-delivery.com/c.js></script>",
        "aliyun": "<meta name='aliyun_waf_aa' content=x><meta name='aliyun_waf_bb' content=y><script>var arg1='0A';</script>",
        "aliyun cookie": "<script>var arg1='0A1B';document.cookie='acw_sc__v2='+arg1</script>",
        "siteground": "<meta http-equiv=refresh content='0;/.well-known/sgcaptcha/?r=%2Fjob&y=powc'>",
        "weibo": "<script src=https://passport.weibo.com/visitor/visitor.js></script>",
    }.items():
        yield f"{name} without a title", f"<html><head></head><body>{script}</body></html>"
        yield f"{name} with an empty title", page("", script, "<meta charset=utf-8>")
    for title, script in {
        "百度安全验证": "<script src=https://wappass.baidu.com/static/machine/js/api/mkd.js></script><p>网络不给力</p>",
        "Establishing a secure connection ...": "<script src=/.bunny-shield/assets/shield-challenge.js></script>",
        "Vercel Security Checkpoint": "<p>We're verifying your browser</p><script>window._vcrct</script>",
        "Client Challenge": "<script src=/_fs-ch-1T1wmsGaOgGaSxcX/script.js></script><p>A required part of this site</p>",
        "Let us know you're not a robot": "<div id=px-captcha></div><p>Press &amp; hold</p><a href=/help>Help</a>",
        "Access to this page has been denied.": "<div id=px-captcha></div><p>Press &amp; Hold to confirm you are a human</p>",
        "Robot or human?": "<div id=px-captcha></div><p>Activate and hold the button</p>",
        "DDOS-GUARD": "<p>Checking your browser before accessing the site</p><script src=/.well-known/ddos-guard/check></script>",
        "Sina Visitor System": "<script>var url='https://passport.weibo.com/visitor/visitor'</script>",
    }.items():
        yield title, page(title, script)
    for language, title in JUST_A_MOMENT.items():
        yield f"cloudflare {language}", page(title, "<script>window._cf_chl_opt={}</script><noscript>Enable scripts</noscript>")
    for language, title in LOG_IN.items():
        links = "".join(f"<a href=/l/{number}>Language {number}</a> " for number in range(40))
        yield f"authwall {language}", page(title, f"<h1>{title}</h1>{FORM}{links}")
