"""Notifications about mails that came back, as servers write them; nothing else counts as one."""

from email import message_from_string, policy

import pytest

from desk.subscribers.bounces import read_bounce

TOKEN = "7-" + "ab" * 32
REPORT = """\
From: MAILER-DAEMON@mail.example.org
To: watch@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I could not deliver your message.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Mon, 30 Nov 2026 06:00:00 +0000

Final-Recipient: rfc822; reader@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--B
Content-Type: {kind}

From: LureWatch <watch@example.org>
Message-ID: <abc@example.org>
List-Unsubscribe:
 <https://desk.example.org/unsubscribe/{token}>
Subject: LureWatch

--B--
"""


def read(**values):
    given = {"action": "failed", "status": "5.1.1", "kind": "text/rfc822-headers", "token": TOKEN} | values
    return read_bounce(message_from_string(REPORT.format(**given), policy=policy.default))


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_notification_names_the_subscription_its_action_and_its_status(kind):
    found = read(kind=kind)
    assert (found.token, found.action, found.status, found.is_final) == (TOKEN, "failed", "5.1.1", True)


@pytest.mark.parametrize(
    ("action", "status", "final"),
    [("failed", "5.1.10", True), ("failed", "5.2.1", True), ("failed", "5.2.2", False), ("failed", "5.7.1", False),
     ("failed", "5.1.8", False), ("delayed", "4.4.7", False), ("delayed", "5.1.1", False)],
)  # fmt: skip
def test_only_an_address_that_takes_no_mail_is_final(action, status, final):
    assert read(action=action, status=status).is_final is final


@pytest.mark.parametrize("token", ["7-" + "ab" * 31, "x-" + "ab" * 32, "7-" + "AB" * 32])
def test_a_returned_mail_without_a_token_is_none_of_ours(token):
    assert read(token=token) is None


def test_an_ordinary_mail_is_no_notification():
    assert read_bounce(message_from_string(f"Subject: x\n\n<https://x/unsubscribe/{TOKEN}>\n", policy=policy.default)) is None
    broken = REPORT.format(action="", status="", kind="text/rfc822-headers", token=TOKEN).replace("--B--", "")
    assert read_bounce(message_from_string(broken, policy=policy.default)) is None
