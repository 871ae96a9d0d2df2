"""Campaigns are what a person would group, for reasons a person can read, whatever order the adverts come in."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment.campaigns.linkage import LinkItem, Rules, campaign_id, contact_value, link
from enrichment.text.fingerprint import fingerprint

LURE = (
    "Công ty game bên cửa khẩu cần 20 bạn nam nữ làm chăm sóc khách hàng, không cần bằng cấp, không cần kinh nghiệm, "
    "bao ăn bốn bữa, ở ký túc xá máy lạnh, lo toàn bộ giấy tờ, xe đón tận nơi, đi trong tuần được ứng trước cho gia đình. "
    "Liên hệ {}, lương {} triệu."
)
HONEST = (
    "Nhà hàng tại trung tâm thành phố cần tuyển phụ bếp và phục vụ bàn, làm theo ca, đóng bảo hiểm xã hội đầy đủ, "
    "nghỉ hai ngày một tháng, phỏng vấn trực tiếp tại quầy trong giờ hành chính, mang theo sơ yếu lý lịch có xác nhận. "
    "Liên hệ {}, lương {} triệu."
)
START = datetime(2026, 3, 1, tzinfo=UTC)


def _item(name, text=LURE, *, contact="telegram:sample_one_hr", flagged=True, offer=True, lang="vi", day=None, images=()):
    raw = text.format(contact, len(name)) if "{}" in text else text
    seen = START + timedelta(days=day) if day is not None else None
    return LinkItem(
        id=name, text=raw, offer=offer, flagged=flagged, language=lang, contacts=(contact,) if contact else (),
        bands=fingerprint(raw).bands, images=images, first_seen=seen,
    )  # fmt: skip


def _groups(campaigns):
    return sorted(sorted(campaign.members) for campaign in campaigns)


def test_one_contact_links_across_languages_and_says_so():
    (found,) = link([_item("a"), _item("b", "Chat support needed, flights paid, write to @sample_one_hr", lang="en")])
    assert (set(found.members), found.languages) == ({"a", "b"}, ("en", "vi"))
    assert [edge.why for edge in found.links] == ["same contact sample_one_hr (telegram)"]


def test_one_handle_on_two_apps_and_one_number_on_two_apps_is_one_crew():
    (found,) = link([_item("a", "x"), _item("b", "y", contact="line:sample_one_hr")])
    assert found.links[0].why == "same contact sample_one_hr (telegram and line)"
    number = [_item("a", "x", contact="zalo:+447700900123"), _item("b", "y", contact="whatsapp:+447700900123")]
    assert _groups(link(number)) == [["a", "b"]]


def test_a_copied_text_with_another_contact_is_linked():
    (found,) = link([_item("a"), _item("b", contact="telegram:other_two_hr")])
    assert found.links[0].kind == "text"
    assert found.links[0].likeness > 0.9


def test_a_warning_that_names_the_contact_or_quotes_the_text_stays_out():
    warning = _item("w", "CẢNH BÁO lừa đảo, tin sau đang lan truyền: " + LURE, offer=False, flagged=False)
    (found,) = link([_item("a"), _item("b"), warning])
    assert "w" not in found.members


def test_honest_adverts_that_share_contact_or_template_are_no_campaign():
    honest = [_item(f"h{n}", HONEST, contact="email:jobs@example.org", flagged=False) for n in range(3)]
    assert link(honest) == ()
    assert _groups(link([*honest, _item("a"), _item("b")])) == [["a", "b"]]


def test_an_honest_advert_on_the_same_template_as_a_lure_stays_out():
    template = LURE.replace("bên cửa khẩu", "tại trung tâm")
    template = template.replace("không cần bằng cấp, không cần kinh nghiệm", "có bằng cấp và kinh nghiệm")
    honest = _item("h", template, contact="email:jobs@example.org", flagged=False)
    assert _groups(link([_item("a"), _item("b"), honest])) == [["a", "b"]]


def test_a_help_desk_named_by_everybody_links_nobody():
    desk = "email:help@example.org"
    honest = [_item(f"h{n}", f"{HONEST} {n}", contact=desk, flagged=False) for n in range(6)]
    lures = [_item(f"a{n}", f"lure of crew {n}", contact=desk) for n in range(2)]
    assert link([*honest, *lures]) == ()


@pytest.mark.parametrize(
    ("contact", "value"),
    [
        ("telegram:botfather", None), ("url:https://t.me/", None), ("line:abc", None), ("email:HR@Example.org", "hr@example.org"),
        ("url:https://www.jobs.example.org/", "jobs.example.org"),
    ],
)  # fmt: skip
def test_platform_addresses_and_fragments_are_nobodys_contact(contact, value):
    assert contact_value(contact) == value


def test_same_picture_links_two_lures_but_not_an_honest_advert():
    image = ("ab" * 32,)
    found = link(
        [
            _item("a", "one", contact="", images=image),
            _item("b", "two", contact="", images=image),
            _item("h", HONEST, contact="", flagged=False, images=image),
        ]
    )
    assert _groups(found) == [["a", "b"]]


def test_near_same_posters_of_flagged_adverts_are_linked_with_the_bits_between_them():
    near = f"{int('ab' * 32, 16) ^ 0b1011:064x}"
    far = "".join(f"{number:02x}" for number in range(32))
    found = link(
        [
            _item("a", "one", contact="", images=("ab" * 32,)), _item("b", "two", contact="", images=(near,)),
            _item("c", "three", contact="", images=(far,)), _item("h", HONEST, contact="", flagged=False, images=(near,)),
        ]
    )  # fmt: skip
    assert _groups(found) == [["a", "b"]]
    assert [(edge.kind, edge.why) for edge in found[0].links] == [("image", "near-same picture (3 of 256 bits differ)")]


def test_the_id_stays_while_the_campaign_grows():
    first, later = _item("m", day=0), [_item("a", day=3), _item("z", day=5)]
    (small,) = link([first, later[0]])
    (grown,) = link([first, *later])
    assert small.id == grown.id == campaign_id("m")
    assert (grown.members, grown.first_seen, grown.last_seen) == (("m", "a", "z"), START, START + timedelta(days=5))


def _crowd():
    chance = random.Random(3)
    crowd = []
    for crew in range(12):
        body = LURE if crew % 3 else LURE[: 120 + crew * 5] + "".join(chance.choice("abcdefgh ") for _ in range(200))
        for number in range(chance.randint(1, 5)):
            contact = f"telegram:crew_{crew}_{number if crew % 4 == 0 else 0}"
            text = body + f" đội {crew}" * 3
            crowd.append(_item(f"{crew:02}-{number}", text, contact=contact, flagged=number != 3, day=number))
    crowd += [_item(f"w{n}", LURE, contact="telegram:crew_1_0", offer=False) for n in range(3)]
    return crowd


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_order_and_batches_change_nothing(chance):
    crowd = _crowd()
    whole = link(crowd)
    assert len(whole) > 3
    chance.shuffle(crowd)
    cut = chance.randrange(len(crowd))
    assert link(crowd[cut:], known=crowd[:cut]) == whole


def test_people_split_merge_and_lock_and_it_survives_relinking():
    items = [_item("a", day=0), _item("b", day=1), _item("c", "other", contact="telegram:other_crew", day=2)]
    apart = Rules(apart=((frozenset("a"), frozenset("b")),))
    bridge = _item("d", day=3)
    assert _groups(link([*items, bridge], rules=apart)) in ([["a", "d"]], [["b", "d"]])
    assert _groups(link(items, rules=Rules(together=(frozenset("ac"),)))) == [["a", "b", "c"]]
    locked = Rules(locked=(frozenset("ab"),))
    assert _groups(link([*items, bridge], rules=locked)) == [["a", "b"]]
    assert link(items, rules=Rules(hubs=frozenset({"sample_one_hr"})))[0].links[0].kind == "text"


def test_a_split_or_locked_advert_costs_the_others_nothing():
    """All links of a contact and of a copied text once hung on the member seen first."""
    for contact in ("telegram:sample_one_hr", ""):
        items = [_item(name, contact=contact, day=day) for day, name in enumerate("abcd")]
        split = Rules(apart=((frozenset("a"), frozenset("bcd")),))
        assert _groups(link(items, rules=split)) == [["b", "c", "d"]]
        assert _groups(link(items, rules=Rules(locked=(frozenset("ab"),)))) == [["a", "b"], ["c", "d"]]


def test_what_people_put_together_stays_though_it_is_no_offer_any_more_and_draws_nobody_in():
    items = [_item("a", day=0), _item("b", day=1), _item("w", offer=False, flagged=False, contact="telegram:other_crew", day=2)]
    other = _item("z", "another text", contact="telegram:other_crew", day=3)
    for rules in (Rules(locked=(frozenset("abw"),)), Rules(together=(frozenset("abw"),))):
        assert _groups(link([*items, other], rules=rules)) == [["a", "b", "w"]]


def _rules(chance, names):
    def some(most):
        return frozenset(chance.sample(names, chance.randint(1, most)))

    splits = [(one, other - one) for one, other in ((some(3), some(8)) for _ in range(chance.randint(0, 3)))]
    locked, free = [], set(names)
    for _ in range(chance.randint(0, 2)):
        locked.append(frozenset(chance.sample(sorted(free), 3)))
        free -= locked[-1]
    merged = tuple(some(4) for _ in range(chance.randint(0, 2)))
    return Rules(together=merged, apart=tuple(splits), locked=tuple(locked), hubs=frozenset({"crew_2_0"}))


@settings(max_examples=150)
@given(st.randoms(use_true_random=False))
def test_with_rules_too_order_and_batches_change_nothing_and_every_rule_holds(chance):
    crowd = _crowd()
    rules = _rules(chance, [one.id for one in crowd])
    whole = link(crowd, rules=rules)
    of = {member: campaign.id for campaign in whole for member in campaign.members}
    for one, other in rules.apart:
        assert not {of[name] for name in one if name in of} & {of[name] for name in other if name in of}
    for group in rules.locked:
        assert all(set(campaign.members) <= group for campaign in whole if group & set(campaign.members))
    if not rules.apart and not rules.locked:
        assert all(len({of[name] for name in group}) == 1 for group in rules.together if len(group) > 1)
    chance.shuffle(crowd)
    cut = chance.randrange(len(crowd))
    assert link(crowd[cut:], known=crowd[:cut], rules=rules) == whole


def test_a_board_footer_on_hundreds_of_texts_costs_little_and_links_none():
    chance = random.Random(5)
    footer = " ".join("".join(chance.choice("abcdefghij") for _ in range(6)) for _ in range(12))
    letters = "klmnopqrstuvwxyz"
    items = [
        _item(f"{n:03}", footer + " ".join("".join(chance.choice(letters) for _ in range(7)) for _ in range(40)), contact="")
        for n in range(500)
    ]
    assert link(items) == ()
