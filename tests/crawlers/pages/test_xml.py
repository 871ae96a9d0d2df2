"""XML is read without expanding or fetching anything, and ill-formed XML as far as it goes."""

import pytest

from crawlers.pages import xml
from tests.growth import LIMIT, MORE, growth

BOMB = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
FILE = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rss version='2.0'>", "rss"),
        ("\ufeff <?xml version='1.0'?><!-- c --><!DOCTYPE x [<!ENTITY a 'b'>]><atom:Feed>", "feed"), (f"{BOMB}<r/>", "r"),
        ("Cook <b>", ""), ("<!-- open", ""), ("<việc>", "việc"), ("", ""),
    ],
)  # fmt: skip
def test_the_first_element_is_named(text: str, name: str) -> None:
    assert xml.first_element(text) == name


@pytest.mark.parametrize("doctype", [BOMB, FILE])
def test_no_entity_is_expanded(doctype: str) -> None:
    """A reference stays as written, so that ``advert`` can reject a text made of references."""
    root = xml.root(f'<?xml version="1.0"?>{doctype}<r>x<i>&b;&f;</i>y</r>')
    assert root is not None and xml.element_text(root) == "x&b;&f;y"
    assert xml.without_doctype(f"{doctype}<r/>") == "<r/>"


@pytest.mark.parametrize("text", ["", "   ", "Cook", "<", "<?xml version='1.0'?>"])
def test_a_text_without_element_has_no_root(text: str) -> None:
    assert xml.root(text) is None


def test_ill_formed_xml_is_read_as_far_as_it_goes() -> None:
    root = xml.root("<jobs xmlns='urn:x'><job><title>Cook & waiter</title><job><b>招聘</jobs>")
    assert root is not None
    assert [xml.name(node) for node in root.iter()] == ["jobs", "job", "title", "job", "b"]
    assert "招聘" in xml.element_text(root)


@pytest.mark.parametrize(
    ("text", "cut"),
    [("<r><i/></r>", False), ("<x:R></x:r >\n", False), ("<r/>", False), ("<r><i></i>", True), ("<r", False), ("", False)],
)
def test_a_text_that_breaks_off_is_noticed(text: str, cut: bool) -> None:
    assert xml.is_cut(text) is cut


def test_many_prologues_are_linear_work() -> None:
    assert growth(xml.first_element, "<!-- x --><?p?> " * 20_000, "<!-- x --><?p?> " * 20_000 * MORE) <= LIMIT


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"{BOMB}<r>&b;</r>", ["&b;"]),
        (f"{FILE}<r a='&f;'>x&f;</r>", ["&f;"]),
        (f"{BOMB}<r>Cook</r>", []),
        (f"{BOMB}<r><![CDATA[&b;]]><!-- &b; --></r>", []),
        ('<!DOCTYPE r [<!ENTITY nbsp "&#160;"><!ENTITY a "x">]><r>Cook&nbsp;&amp;&eacute;</r>', []),
        ("<!DOCTYPE r [<!ENTITY % p \"<!ENTITY a9 'ha'>\"> %p;]><r>&a9;</r>", ["&a9;"]),
        ('<!DOCTYPE r [<!ENTITY % p SYSTEM "https://example.org/x.dtd"> %p;]><r>&việc;</r>', ["&việc;"]),
        ('<!DOCTYPE r [<!ENTITY a "]>">]><r>&a;</r>', ["&a;"]),
        ('<!-- <!ENTITY a "x"> --><r>AT&T; &a;</r>', []),
        ("<r>?a=1&copy=2&x;</r>", []),
    ],
)
def test_entities_of_its_own_are_named_where_a_text_uses_them(text: str, names: list[str]) -> None:
    assert xml.own_entities(text) == names


def test_looking_for_entities_is_linear_work() -> None:
    def unclosed(size: int) -> str:
        return "<!ENTITY a 'x'>" + "<!--" * size + "<![CDATA[" * size + "&a" * size

    assert growth(xml.own_entities, unclosed(500), unclosed(500 * MORE)) <= LIMIT
