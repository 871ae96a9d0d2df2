"""Every sentence of pages, mails and notices stands in Vietnamese and French, whole, and a catalogue can inject nothing."""

import re
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from jinja2 import DictLoader, Environment

from desk.languages import catalogues
from desk.languages.catalogues import (
    DOMAINS,
    closest_language,
    faults_of,
    install_languages,
    languages_of,
    read_catalogue,
    say,
    say_twice,
)
from desk.languages.reader_locale import ReaderLocale, reading
from foundation.messages import LANGUAGES, Message, _, ngettext

ROOT = Path(__file__).resolve().parents[3]
CATALOGUES = [(domain, language) for domain in DOMAINS for language in languages_of(domain) if language != "en"]
CALL = re.compile(r"\$\(call update_catalogues,(\w+),([^)]+)\)")


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> dict[str, set]:
    """Return the sentences of each domain as ``make messages`` collects them."""
    found = {}
    for domain, places in CALL.findall((ROOT / "Makefile").read_text(encoding="utf-8")):
        template = tmp_path_factory.mktemp("messages") / f"{domain}.pot"
        mapping = str(ROOT / "desk/locales/babel.cfg")
        folders = [str(ROOT / place) for place in places.split()]
        CommandLineInterface().run(
            ["pybabel", "-q", "extract", "-F", mapping, "-k", "Combination:2", "-o", str(template), *folders]
        )
        with template.open("rb") as opened:
            found[domain] = {message.id for message in read_po(opened) if message.id}
    return found


@pytest.mark.parametrize(("domain", "language"), CATALOGUES)
def test_every_sentence_stands_in_every_catalogue(written, domain: str, language: str) -> None:
    """None is missing, none is left over, none is fuzzy, and each keeps its placeholders and markup."""
    catalogue = read_catalogue(language, domain)
    kept = {message.id: message for message in catalogue if message.id}
    assert written[domain] ^ kept.keys() == set(), "run `make messages`, then translate"
    wrong = {key: list(faults_of(key, message.string)) + ["fuzzy"] * message.fuzzy for key, message in kept.items()}
    assert {key: faults for key, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize(("domain", "language"), CATALOGUES)
def test_catalogues_are_written_as_make_messages_writes_them(domain: str, language: str) -> None:
    """Sorted, one entry once, without places and dates: two people's sentences merge."""
    text = (ROOT / f"desk/locales/{language.replace('-', '_')}/LC_MESSAGES/{domain}.po").read_text(encoding="utf-8")
    assert "#:" not in text and "POT-Creation-Date" not in text and "#~" not in text
    ids = [one.replace('\\"', '"') for one in re.findall(r'^msgid "(.*)"$', text, re.MULTILINE)]
    assert ids == sorted(ids) and len(ids) == len(set(ids))


def test_pages_mails_and_notices_are_in_every_language_of_the_desk() -> None:
    """A folder with a catalogue is a language; a tag with a region falls back to its language, an unknown one to English."""
    assert set(languages_of("desk")) == set(languages_of("mail")) == set(languages_of("notice")) == set(LANGUAGES)
    found = {wanted: closest_language(wanted, "notice") for wanted in ("fr", "fr-CA", "zh", "../vi", "", "xx-YY")}
    assert found == {"fr": "fr", "fr-CA": "fr", "zh": "en", "../vi": "en", "": "en", "xx-YY": "en"}


def test_a_sentence_said_twice_stands_in_english_beside_and_in_english_alone_once() -> None:
    """What binds is read in English too, with the same values."""
    told = _("list %(number)s", number=7)
    assert say_twice(told, "notice") == ("list 7",)
    with reading(ReaderLocale(language="fr")):
        assert say_twice(told, "notice") == ("la liste 7", "list 7")


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """Return a function that puts a Vietnamese catalogue in the place of the shipped one."""
    monkeypatch.setattr(catalogues, "LOCALES", tmp_path)
    catalogues.translations.cache_clear()

    def put(**pairs: str) -> None:
        file = tmp_path / "vi/LC_MESSAGES/desk.po"
        file.parent.mkdir(parents=True)
        entries = (f'msgid "{source}"\nmsgstr "{text}"\n' for source, text in pairs.items())
        file.write_text("\n".join(entries), encoding="utf-8")

    yield put
    catalogues.translations.cache_clear()


def rendered(template: str, **values) -> str:
    """Return a page in Vietnamese."""
    environment = Environment(loader=DictLoader({"page": template}), autoescape=True)
    install_languages(environment, "desk")
    with reading(ReaderLocale(language="vi")):
        return environment.get_template("page").render(**values)


def test_a_catalogue_injects_no_markup(catalogue) -> None:
    """Markup that the sentence itself has not makes the translation fall away; quotes do not leave an attribute."""
    catalogue(**{"Save": "<script>alert(1)</script>", "Title": "' onclick='x", "<b>Bold</b> word": "từ <b>đậm & to</b>"})
    assert rendered("{{ _('Save') }}") == "Save"
    assert rendered("<p title='{{ _('Title') }}'>") == "<p title='&#39; onclick=&#39;x'>"
    assert rendered("{% trans %}<b>Bold</b> word{% endtrans %}") == "từ <b>đậm &amp; to</b>"


def test_values_are_escaped_and_a_lost_placeholder_falls_back(catalogue) -> None:
    """Page text stays text in whatever sentence; a translation that loses or invents a placeholder is not used."""
    catalogue(**{"Hello %(name)s": "Chào %(name)s", "Bye %(name)s": "Tạm biệt", "All": "Tất cả 100% số"})
    assert rendered("{{ _('Hello %(name)s', name=name) }}", name="<i>") == "Chào &lt;i&gt;"
    assert rendered("{{ _('Bye %(name)s', name='Mai') }} {{ _('All') }}") == "Bye Mai All"


def test_a_sentence_is_english_until_it_is_shown(catalogue) -> None:
    """Logs, commands and ``str(error)`` are English; pages, also in the middle of another sentence, say it in the reader's."""
    catalogue(**{"name %(name)s is taken": "tên %(name)s đã có người dùng", "it": "nó", "not that": "không phải %(why)s"})
    error = ValueError(_("name %(name)s is taken", name=_("it")))
    assert str(error) == "name it is taken" and isinstance(error.args[0], Message)
    with reading(ReaderLocale(language="vi")):
        assert say(error) == "tên nó đã có người dùng" and say("as it is") == "as it is"
    assert rendered("{{ told }}", told=error.args[0]) == "tên nó đã có người dùng"


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [("en", "1 day ago", "2 days ago"), ("fr", "il y a 1 jour", "il y a 2 jours"), ("vi", "1 ngày trước", "2 ngày trước")],
)
def test_plural_forms(language: str, one: str, two: str) -> None:
    """Each language has its own: Vietnamese one, French another than English for nought."""
    with reading(ReaderLocale(language=language)):
        said = [say(ngettext("%(num)s day ago", "%(num)s days ago", number)) for number in (1, 2, 0)]
    assert said[:2] == [one, two]
    assert said[2] == {"en": "0 days ago", "fr": "il y a 0 jour", "vi": "0 ngày trước"}[language]
