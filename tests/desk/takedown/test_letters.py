"""Letters that go with lists: the same headers and signature whatever is written, and files with their types."""

from datetime import UTC, datetime

import pytest

from desk.languages.catalogues import languages_of, read_catalogue, say
from desk.languages.reader_locale import ReaderLocale, reading
from desk.list_maker import Notifier
from desk.platforms import Platform
from desk.takedown.letters import (
    ANSWER,
    BINDING,
    ENTRIES,
    NO_CLAIM,
    SAFETY,
    ask_about_retraction,
    attach_file,
    tell_notices,
    tell_retraction,
    write_letter,
)
from desk.takedown.notice import GOOD_FAITH
from desk.takedown.repository import ListEntry, TakedownList
from tests.desk.takedown.accusing_words import STEMS, accusing_words

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


@pytest.mark.parametrize("language", languages_of("notice"))
def test_letters_are_in_the_receivers_language_and_in_english_and_a_retraction_accuses_nobody(language):
    """The words looked for are those of the language's own accusing sentences: each stands in its catalogue."""
    said = " ".join(message.string for message in read_catalogue(language, "notice") if message.id).lower()
    assert [stem for stem in STEMS.get(language, "").split("|") if stem not in said] == []
    platform = Platform(title="Board", enabled=False, item=(), formats=("csv",), language=language)
    told = TakedownList(
        id=1, platform="board", number=3, state="sent", previous=None, manifest_sha256="0" * 64, built_by="x", builder_id=None,
        built_at=NOW, approved_by=None, approver_id=None, approved_at=None, sent_at=NOW, retraction=True, second_person=False,
    )  # fmt: skip
    body = {"url": "https://board.example.org/1", "notice_id": "n", "notice_list": 2, "notice_sent_at": "2026-11-01T00:00:00Z"}
    entries = [ListEntry(item_id="1", change="withdrawn", decision_id=1, body=body)]
    plain, notices = tell_notices(told, platform, entries)
    bound, _ = tell_notices(told, platform.model_copy(update={"country": "eu"}), entries)
    assert (plain, bound) == ("Notice list 3 for Board", "Notice list 3 for Board (DSA Art. 16)")
    with reading(ReaderLocale(language=language)):
        assert not say(ENTRIES, "notice")[0].islower(), "it follows a full stop"
    assert {str(GOOD_FAITH), str(SAFETY), "Verify: sha256sum -c SHA256SUMS (file names without the prefix)."} <= {
        line.removesuffix(f" Manifest SHA-256: {'0' * 64}") for line in notices
    }
    assert str(ANSWER) in notices[-2:], "name and address of the notifier follow it"
    for subject, lines in (tell_retraction(told, platform, entries), ask_about_retraction(told, platform, entries, 2)):
        assert accusing_words("\n".join([subject, *lines]).replace("SHA256SUMS", ""), language) == []
        assert (body["url"] in lines) and (str(BINDING) in lines) == (language != "en")
        assert lines.count(str(NO_CLAIM)) == 1 and len(lines) > (12 if language == "en" else 20)
