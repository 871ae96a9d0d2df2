"""A message leaves once by each channel: tried again while a channel is away, and not after a final no."""

import fcntl
from datetime import timedelta

import pytest
from click.testing import CliRunner

from lurewatch.app.app_errors import PermanentError, TransientError
from lurewatch.app.notifications import notify as module
from lurewatch.app.notifications.incidents import read_ledger
from lurewatch.app.notifications.notify import notify, preview
from lurewatch.cli.contents import cli
from tests.lurewatch.app.planted_stack import NOW
from tests.services.processes import free_port
from tests.workplace import work_in

FIVE = timedelta(minutes=5)


@pytest.fixture
def blocked(stack):
    """Return a stack whose source is blocked."""
    stack.seal("board", "blocked", hours=2)
    return stack


def test_a_channel_that_is_away_gets_the_message_when_it_is_back_and_the_other_gets_it_once(blocked, inbox):
    inbox.statuses += [503, 429]
    samples = blocked.samples()
    assert [notify(blocked.settings, samples, NOW + step * FIVE).waiting for step in range(4)] == [1, 1, 0, 0]
    assert (len(inbox.mails), len(inbox.posts)) == (1, 1)


def test_a_mail_server_that_is_away_holds_up_no_webhook(blocked, inbox):
    mail = blocked.changed["smtp"]
    blocked.changed["smtp"] = f"smtp://127.0.0.1:{free_port()}"
    assert notify(blocked.settings, blocked.samples(), NOW).waiting == 1
    blocked.changed["smtp"] = mail
    assert notify(blocked.settings, blocked.samples(), NOW + FIVE).waiting == 0
    assert (len(inbox.mails), len(inbox.posts)) == (1, 1)


@pytest.mark.parametrize("status", [302, 400, 404])
def test_a_final_no_is_not_tried_again_and_a_redirect_not_followed(blocked, inbox, status):
    inbox.statuses.append(status)
    assert notify(blocked.settings, blocked.samples(), NOW).refused == 1
    assert notify(blocked.settings, blocked.samples(), NOW + FIVE).waiting == 0
    assert inbox.posts == []


def test_a_message_that_nobody_takes_is_dropped_after_a_day(blocked, inbox):
    inbox.statuses += [503, 503]
    samples = blocked.samples()
    notify(blocked.settings, samples, NOW)
    report = notify(blocked.settings, samples, NOW + timedelta(days=1))
    assert (report.waiting, len(report.incidents), inbox.posts) == (0, 1, [])


def test_killed_between_two_channels_it_sends_the_rest_and_the_same_id(blocked, inbox, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(module.Webhook, "post", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            notify(blocked.settings, blocked.samples(), NOW)
    notify(blocked.settings, blocked.samples(), NOW + FIVE)
    assert (len(inbox.mails), len(inbox.posts)) == (1, 1)
    assert inbox.posts[0]["id"] in inbox.mails[0]["Message-ID"]


def test_no_text_address_or_recipient_is_in_a_message(blocked, inbox):
    notify(blocked.settings, blocked.samples(), NOW)
    assert inbox.posts[0]["subjects"] == [{"name": "board", "detail": "blocked", "since": NOW.isoformat()}]
    assert "ops@" not in str(inbox.posts) and "docs/runbook/source-blocked.md" in inbox.posts[0]["text"]


def test_a_preview_keeps_and_sends_nothing(blocked, inbox):
    assert len(preview(blocked.settings, blocked.samples(), NOW).incidents) == 1
    assert inbox.posts == [] and not blocked.settings.state.exists()


def test_two_processes_do_not_tell_the_same(blocked, inbox):
    blocked.settings.state.mkdir()
    with (blocked.settings.state / "notifications.json.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(TransientError, match="another process"):
            notify(blocked.settings, [], NOW)


def test_a_damaged_ledger_names_its_file_and_the_fix(blocked, inbox):
    blocked.settings.state.mkdir()
    (blocked.settings.state / "notifications.json").write_text("{")
    with pytest.raises(PermanentError, match=r"notifications\.json: .*move it away"):
        notify(blocked.settings, [], NOW)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"notify_recipients": "nobody"}, "LUREWATCH_NOTIFY_RECIPIENTS"),
        ({"mail_from": ""}, "LUREWATCH_MAIL_FROM"),
        ({"smtp": ""}, "LUREWATCH_SMTP"),
        ({"notify_webhook": "http://hooks.example.org/x"}, "https"),
        ({"notify_webhook": "https://user:key@hooks.example.org/x"}, "without user and password"),
        ({"notify_webhook": "https://hooks.example.org:no/x"}, "is no address"),
        ({"allow_loopback": "false"}, "https"),
    ],
)
def test_a_wrong_setting_is_named_before_anything_is_kept(blocked, inbox, changes, words):
    blocked.changed |= changes
    with pytest.raises(PermanentError, match=words) as caught:
        notify(blocked.settings, [], NOW)
    assert "key@" not in str(caught.value) and not blocked.settings.state.exists()


def test_a_webhook_inside_the_network_is_refused(blocked, inbox):
    blocked.changed |= {"notify_webhook": "https://10.0.0.7/hook", "notify_recipients": ""}
    assert notify(blocked.settings, blocked.samples(), NOW).refused == 1


def test_the_command_tells_and_its_dry_run_does_not(stack, inbox, monkeypatch):
    work_in(stack.folder, monkeypatch)
    for name, value in stack.changed.items():
        monkeypatch.setenv(f"LUREWATCH_{name.upper()}", value)
    stack.seal("board", "blocked", hours=2)
    shown = CliRunner().invoke(cli, ["doctor", "notify", "--dry-run"])
    assert "SourceBlocked board blocked" in shown.output and inbox.posts == []
    done = CliRunner().invoke(cli, ["doctor", "notify", "--json"])
    assert done.exit_code == 0, done.output
    assert "SourceBlocked" in {post["condition"] for post in inbox.posts}
    assert read_ledger(stack.folder / "state").outbox == ()
