"""Never a storm: what opens and is cured together is told together, and what cannot be known is neither."""

from datetime import timedelta

from lurewatch.app.monitoring.catalogue import sample
from lurewatch.app.notifications.incidents import GATHERED, NotificationLedger, evaluate_ledger
from lurewatch.app.notifications.notify import notify
from tests.lurewatch.app.planted_stack import NOW

MINUTES = timedelta(minutes=1)


def blocked(*names):
    return [sample("lurewatch_source_state", 1, name, "blocked") for name in names]


def step(ledger, samples, minutes, channels=("webhook",)):
    """Return the ledger after an evaluation, its outbox emptied, and what was told in it."""
    after = evaluate_ledger(ledger, samples, NOW + minutes * MINUTES, channels)
    told = [(notice.kind, [incident.subject[0] for incident in notice.incidents]) for notice in after.outbox]
    return NotificationLedger(incidents=after.incidents, last=after.last), told


def test_forty_sources_blocked_at_once_are_one_message_and_one_cured(stack, inbox):
    for number in range(40):
        stack.add_source(f"board_{number:02}")
        stack.seal(f"board_{number:02}", "blocked", hours=2)
    report = notify(stack.settings, stack.samples(), NOW)
    assert (report.sent, len(report.incidents)) == (2, 40)
    notify(stack.settings, stack.samples(), NOW + 5 * MINUTES)
    for number in range(40):
        stack.seal(f"board_{number:02}", hours=1)
    notify(stack.settings, stack.samples(), NOW + 10 * MINUTES)
    assert [(post["kind"], post["count"]) for post in inbox.posts] == [("opened", 40), ("cured", 40)]
    assert "40 at once" in inbox.mails[0]["Subject"] and "and 20 more" in str(inbox.mails[0])


def test_sources_blocked_one_after_another_are_two_messages_an_hour():
    """The first leaves at once, the others are gathered."""
    ledger, count = NotificationLedger(), []
    for minutes in range(0, 61, 5):
        ledger, told = step(ledger, blocked(*(f"board_{n:02}" for n in range(minutes // 5 + 1))), minutes)
        count += told
    assert [len(names) for _, names in count] == [1, 12]


def test_what_is_cured_before_anybody_was_told_of_it_is_never_told():
    ledger, _ = step(NotificationLedger(), blocked("first"), 0)
    ledger, told = step(ledger, blocked("first", "second"), 5)
    assert told == []
    ledger, told = step(ledger, blocked("first"), 10)
    assert told == [] and len(ledger.incidents) == 1


def test_a_source_that_flaps_is_told_at_most_twice_an_hour():
    ledger, count = NotificationLedger(), []
    for minutes in range(0, 60, 5):
        ledger, told = step(ledger, blocked("board") if minutes % 10 == 0 else [], minutes)
        count += told
    assert [kind for kind, _ in count] == ["opened", "cured"]
    assert timedelta(hours=1) == GATHERED


def test_while_the_runs_do_not_answer_nothing_opens_and_nothing_is_cured():
    ledger, _ = step(NotificationLedger(), blocked("board"), 0)
    ledger, told = step(ledger, [sample("lurewatch_up", 0, "runs")], 5)
    assert told == [("opened", ["runs"])]
    ledger, told = step(ledger, [sample("lurewatch_up", 1, "runs")], 10)
    assert sorted(told) == [("cured", ["board"]), ("cured", ["runs"])]


def test_without_a_channel_what_is_open_is_kept_and_no_message_waits():
    ledger, told = step(NotificationLedger(), blocked("board"), 0, channels=())
    assert told == [] and len(ledger.incidents) == 1
