"""Decisions become labels: what counts, what is left out, and what stays together."""

from msgspec.structs import replace

from evaluation.labelled_listings import folds
from evaluation.labels import READ, TWICE, UNREAD, copies, labels_of

LONG = (
    "Chat operators wanted in Bavet, no experience needed, we pay flight and visa, dormitory and food are free, the manager "
    "keeps all passports safe in the office, bonus for each new friend you bring. Write to {} on Telegram today, pay {} USD."
)


def by_id(*records):
    return {record.id: record for record in records}


def test_a_confirmation_is_a_lure_and_a_dismissal_is_none(record, decide):
    one, two = record("a"), record("b")
    found = labels_of([decide(one, ("minh", "confirm")), decide(two, ("minh", "dismiss"))], by_id(one, two)).labels
    assert [(label.listing.label, label.listing.kind, label.analysts) for label in found] == [
        (1, "scam_compound", ("minh",)),
        (0, "benign_job", ("minh",)),
    ]


def test_a_decision_taken_back_says_nothing(record, decide):
    one = record("a")
    found = labels_of([decide(one, ("minh", "confirm"), ("minh", "undo"))], by_id(one))
    assert found.labels == ()
    assert found.left_out == {"taken back": 1}


def test_who_changes_their_mind_decided_what_they_decided_last(record, decide):
    one = record("a")
    (label,) = labels_of([decide(one, ("minh", "confirm"), ("minh", "dismiss"))], by_id(one)).labels
    assert label.listing.label == 0


def test_a_text_two_people_decided_differently_is_left_out_and_named(record, decide):
    one = record("a")
    found = labels_of([decide(one, ("minh", "confirm"), ("lan", "dismiss"))], by_id(one))
    assert found.labels == ()
    assert (found.left_out, found.disputes) == ({"decided differently": 1}, {"lan": 1, "minh": 1})


def test_copies_decided_differently_are_left_out_as_well(record, decide):
    one, two = record("a", LONG.format("@sample_a", 900)), record("b", LONG.format("@sample_b", 1200))
    found = labels_of([decide(one, ("minh", "confirm")), decide(two, ("lan", "dismiss"))], by_id(one, two))
    assert (found.labels, found.left_out) == ((), {"decided differently": 2})


def test_copies_count_once_however_often_they_were_decided(record, decide):
    records = [record(f"copy{n}", LONG.format(f"@sample_{n}", 900 + n)) for n in range(20)]
    (label,) = labels_of([decide(one, ("minh", "confirm")) for one in records], by_id(*records)).labels
    assert (label.listing.weight, len(label.items), label.analysts) == (READ, 20, ("minh",))


def test_a_text_nobody_opened_is_a_weak_label(record, decide):
    one = record("a")
    (label,) = labels_of([decide(one, ("minh", "confirm"), opened=False)], by_id(one)).labels
    assert (label.strength, label.listing.weight) == ("unread", UNREAD)


def test_too_little_to_accuse_anybody_is_no_label(record, decide):
    one = record("a")
    found = labels_of([decide(one, ("minh", "dismiss"), reason="not_enough")], by_id(one))
    assert (found.labels, found.left_out) == ((), {"too little to tell": 1})


def test_the_text_is_the_one_the_person_read(record, decide):
    one = record("a", "what minh read before it was edited")
    case = decide(one, ("minh", "confirm"))
    edited = replace(one, posting=replace(one.posting, text="what it says now"))
    assert labels_of([case], by_id(edited)).left_out == {"text changed and no longer stored": 1}
    assert labels_of([case], {}).left_out == {"no longer stored": 1}


def test_a_campaign_stays_on_one_side_of_a_split(record, decide):
    records = [record(f"item{n}", campaign="c1") for n in range(12)]
    found = labels_of([decide(one, ("minh", "confirm")) for one in records], by_id(*records)).labels
    assert len(found) == 12
    assert len({*folds([label.listing for label in found], 5)}) == 1


def test_without_a_person_their_decisions_neither_count_nor_dispute(record, decide):
    one, two = record("a"), record("b")
    cases = [decide(one, ("minh", "confirm"), ("mallory", "dismiss")), decide(two, ("mallory", "confirm"))]
    found = labels_of(cases, by_id(one, two), without={"mallory"})
    assert [(label.listing.id, label.analysts) for label in found.labels] == [("a", ("minh",))]
    assert found.left_out == {"by people left out": 1}


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


def test_a_second_opinion_that_agrees_makes_a_text_count_twice(record, decide):
    one = record("a")
    case = decide(one, ("minh", "confirm"))
    (label,) = labels_of([case], by_id(one), opinions={case.standing[-1].id: ("lan", "money_scam")}).labels
    assert (label.listing.label, label.listing.weight, label.analysts) == (1, TWICE, ("lan", "minh"))


def test_a_second_opinion_that_differs_leaves_a_text_out_and_names_both(record, decide):
    one = record("a")
    case = decide(one, ("minh", "confirm"))
    opinions = {case.standing[-1].id: ("lan", "none")}
    found = labels_of([case], by_id(one), opinions=opinions)
    assert found.labels == ()
    assert (found.left_out, found.disputes) == ({"decided differently": 1}, {"lan": 1, "minh": 1})
    (label,) = labels_of([case], by_id(one), without=["lan"], opinions=opinions).labels
    assert (label.listing.weight, label.analysts) == (READ, ("minh",))
