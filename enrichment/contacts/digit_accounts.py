"""Accounts that are nothing but digits and no telephone numbers: QQ numbers and groups, and WeChat ids that were QQ numbers.

A word for the app must stand right before the digits, or one for QQ right behind them. The words are those that Chinese adverts
use so that filters miss them: letters of the same sound (抠, 蔻, 窛 for 扣) or of the same look (嶶, 徽 for 微).
"""

import re
from collections.abc import Iterator

from enrichment.assessment import ContactType

_RUN = re.compile(r"(?<![\d.])[1-9]\d{1,4}[ -]?\d{2,4}[ -]?\d{1,4}(?![\d.]|[ -]\d| ?(?:元|块|万|人|个|年|月|天|%))")
_KNOCK = "扣抠叩寇蔻窛"
_JOINT = r"(?:号码|号|群|裙|组|是|为|加|搜|找|咨询|联系|客服|:|-|>|→|\s){0,5}$"
_QQ = re.compile(rf"(?:(?<![a-z0-9@_.])q ?q|[{_KNOCK}]{{1,2}}|企鹅|球球|秋秋|加q|(?<![a-z0-9])q(?=[号群裙:])){_JOINT}")
_WECHAT = re.compile(rf"(?:[加伽+➕][微薇威徽v]|[微薇威徽v](?=:)|[嶶溦])(?:信|号)?{_JOINT}")
_QQ_BEHIND = re.compile(rf"\s?-?\s?(?:[{_KNOCK}]{{1,2}}|q ?q)(?![a-z0-9:群裙号款除钱])")
_REACH = 16


def digit_accounts(text: str) -> Iterator[tuple[ContactType, str, int, int]]:
    """Yield the accounts in ``text`` (folded): type, digits, start and end. Amounts and mobile telephones are none."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        value = re.sub(r"\D", "", run.group())
        if not 5 <= len(value) <= 11 or value.endswith("0000"):
            continue
        before = text[max(0, start - _REACH) : start]
        mobile = len(value) == 11 and value[0] == "1"
        added = before.endswith("加") and 8 < len(value) < 11 and value == run.group()
        if _QQ.search(before) or added or (len(value) > 5 and _QQ_BEHIND.match(text, end)):
            yield "qq", value, start, end
        elif not mobile and _WECHAT.search(before):
            yield "wechat", value, start, end
