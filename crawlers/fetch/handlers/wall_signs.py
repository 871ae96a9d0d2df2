"""What a step never clicks: anything that leads to a log-in, a CAPTCHA, an age or an identity check. Pure, no browser."""

import re
from typing import Any

from crawlers.fetch.middlewares.block_signs import CHALLENGE, LOGIN_WORDS
from crawlers.fetch.middlewares.blocks import is_login_address

SHORT = 600
"""Characters of a dialogue or form around an element whose words are taken for a question to the visitor."""
_LOGIN_NAMES = re.compile(r"(?<![a-z])(?:log-?_?in|sign-?_?in|need-?_?auth|auth-?_?(?:required|modal|popup))(?![a-z])", re.I)
_HUMAN = re.compile(
    r"captcha|not a robot|(?:are|you(?:'|’)re) (?:you )?(?:a )?human|mã xác nhận|mã bảo vệ|验证码|驗證碼|滑动验证|人机|"
    r"ไม่ใช่หุ่นยนต์|bukan robot|no soy un robot|não sou um rob|я не робот",
    re.I,
)
_AGE = re.compile(
    r"\b(?:18|19|20|21) ?\+|\b(?:over|at least|older than) (?:18|21)\b|\b(?:18|21) (?:years|or older|or over)|\blegal age\b|"
    r"\bage (?:check|verif|confirm|gate)|(?:trên|đủ|hơn) (?:18|21)|满 ?18|滿 ?18|อายุ[^.\n]{0,14}18|(?:18|21) tahun|"
    r"18 лет|mayor(?:es)? de (?:18|edad)|maior(?:es)? de (?:18|idade)|18 ans|majeur",
    re.I,
)
_IDENTITY = re.compile(
    r"verify (?:your |my )?(?:identity|account|phone)|identity (?:check|verif)|\bkyc\b|upload (?:your )?(?:id|passport)\b|"
    r"xác (?:minh|thực) (?:danh tính|tài khoản|số)|\bCCCD\b|实名|實名|身份(?:验证|驗證|认证)|ยืนยันตัวตน|"
    r"verifikasi (?:identitas|akun)|verific[ao]r? (?:su |tu |sua )?identida[dk]",
    re.I,
)

LOOK = """(e) => {
    const form = e.closest("form"), link = e.closest("a[href]"), box = e.closest("dialog,[role=dialog],[class*=modal],form");
    const words = [e.innerText, e.value, e.title, e.getAttribute("aria-label")].filter((t) => typeof t === "string" && t);
    return {words: words.join(" ").slice(0, 400), names: `${e.id} ${e.getAttribute("class") || ""}`.slice(0, 400),
        around: box ? (box.innerText || "").slice(0, 2000) : "", href: link ? link.href : "",
        password: !!(form && form.querySelector("input[type=password]")),
        disabled: e.disabled === true || e.getAttribute("aria-disabled") === "true"};
}"""
"""Script that tells of an element what ``wall_behind`` judges."""


def wall_behind(element: dict[str, Any]) -> str:
    """Return what stands behind an element: ``a log-in``, ``a CAPTCHA``, ``an age check``, ``an identity check``, or ""."""
    words, names, around = (str(element.get(name, "")) for name in ("words", "names", "around"))
    said = f"{words} {around if len(around) <= SHORT else ''}"
    if element.get("password") or is_login_address(str(element.get("href", ""))):
        return "a log-in"
    if LOGIN_WORDS.search(words) or _LOGIN_NAMES.search(names):
        return "a log-in"
    if _HUMAN.search(said) or CHALLENGE.search(names.encode("utf-8", "replace")):
        return "a CAPTCHA"
    if _AGE.search(said):
        return "an age check"
    return "an identity check" if _IDENTITY.search(said) else ""
