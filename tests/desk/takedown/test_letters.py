"""Letters that go with lists: the same headers and signature whatever is written, and files with their types."""

from datetime import UTC, datetime

from desk.takedown.letters import attach_file, write_letter
from desk.takedown.notice import Notifier

NOTIFIER = Notifier(name="Test desk", email="desk@example.org")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_letter_is_signed_and_follows_the_one_it_answers():
    letter = write_letter(
        NOTIFIER, "Asked again", ["Nothing was answered."], sender="out@example.org", to="trust@example.net", at=NOW,
        message_id="<2@example.org>", reply_to="desk@example.org", answers="<1@example.org>",
    )  # fmt: skip
    assert (letter["In-Reply-To"], letter["References"]) == ("<1@example.org>", "<1@example.org>")
    assert letter["Reply-To"] == "Test desk <desk@example.org>"
    assert letter.get_content() == "Nothing was answered.\n\nTest desk\ndesk@example.org\n\n".removesuffix("\n")


def test_a_first_letter_answers_none_and_a_file_has_the_type_of_its_name():
    letter = write_letter(
        NOTIFIER, "Trial", [], sender="out@example.org", to="lan@example.org", at=NOW, message_id="<1@example.org>"
    )
    assert letter["In-Reply-To"] is letter["Reply-To"] is None
    for name in ("list.csv", "SHA256SUMS"):
        attach_file(letter, name, b"x")
    assert [part.get_content_type() for part in letter.iter_attachments()] == ["text/csv", "application/octet-stream"]
