"""Copies of one text are told however their contacts and numbers change; other texts are not."""

from lurewatch.models.copies import copies

ADVERT = (
    "Chat operators wanted in Bavet, no experience needed, we pay flight and visa, dormitory and food are free, the manager "
    "keeps all passports safe in the office, bonus for each new friend you bring. {}"
)
OTHER = "Licensed nurses for a hospital in Osaka: contract before departure, embassy interview, insurance from the first day."


def test_a_changed_contact_or_number_makes_no_other_text():
    assert copies([ADVERT.format("@sample_a"), OTHER, ADVERT.format("@sample_b, 900 USD")]) == [0, 1, 0]


def test_short_texts_are_copies_only_when_they_say_the_same():
    assert copies(["easy money", "Easy  money!", "easy honey"]) == [0, 0, 2]


def test_texts_without_letters_are_compared_as_they_are():
    assert copies(["💰💰", "💰💰", "123"]) == [0, 0, 2]
