"""Combinations of indicators that mean more together (rules of thumb of anti-trafficking advisories; docs/enrichment.md).

A combination holds when each of its parts holds; a part holds when any indicator of it was found. Places and countries
never appear alone: they count only beside a job and a promise.
"""

from typing import NamedTuple

CLOSE = ("compound_name", "hotspot_town")
PLACE = (*CLOSE, "hotspot_country", "border_gateway", "park_sez_casino", "abroad", "place_withheld", "third_country_route")
SCREEN_WORK = (
    "customer_service", "data_entry_typing", "chat_operator", "gambling_staff", "crypto_marketing", "model_hostess",
    "grooming_sales", "openly_illicit", "persona_script", "vague_duties", "client_relations", "direct_hire",
)  # fmt: skip
ANY_WORK = (*SCREEN_WORK, "translator_it", "decoy_trade", "courier_travel")
BAIT = (
    "free_travel", "board_lodging", "visa_passport_handled", "advance_or_daily_pay", "light_work_high_pay", "pay_out_of_line",
    "pay_above_wage", "no_experience_degree", "typing_speed", "commission", "no_interview_fast", "referral_bonus",
    "usd_crypto_pay",
)  # fmt: skip
HIDDEN_ROUTE = (
    "tourist_visa_or_none", "irregular_crossing", "cover_story", "onward_drive", "place_withheld", "place_mismatch",
    "official_route_avoided",
)  # fmt: skip
CONTROL = ("closed_site", "documents_held", "phone_restricted", "target_penalty", "exit_fee", "secrecy", "fixed_contract")
RELATED = ("organ", "organ_papers", "surrogacy_egg", "foetus_baby", "marriage", "bride_price")

TAKEN = (
    "irregular_crossing", "onward_drive", "cover_story", "tourist_visa_or_none", "place_withheld", "place_mismatch",
    "compound_name", "town_work_bait", "abroad_screen_bait", "direct_hire_abroad", "grooming_abroad", "debtors_abroad",
    "guided_crossing",
)  # fmt: skip
"""Indicators and combinations that show that people are taken away. Towns and countries show nothing by themselves."""
CONFINED = (
    "closed_site", "documents_held", "phone_restricted", "target_penalty", "exit_fee", "fixed_contract", "control_abroad",
    "control_screen_work",
)  # fmt: skip
"""Those that show that people are kept from leaving."""

GRAVE = frozenset({
    *CONTROL, *RELATED, *HIDDEN_ROUTE, "grooming_sales", "persona_script", "openly_illicit", "deposit_commission",
    "mule_account", "prepaid_return", "task_scam",
}) - {"official_route_avoided"}  # fmt: skip
"""What no honest employer does; honest terms beside it are not believed."""


class Combination(NamedTuple):
    """A named set of parts; each part is a choice of indicators."""

    slug: str
    gloss: str
    parts: tuple[tuple[str, ...], ...]


COMBINATIONS = (
    Combination("town_work_bait", "screen work in a town of compounds, travel or keep paid", (CLOSE, ANY_WORK, BAIT)),
    Combination(
        "abroad_screen_bait", "screen work abroad with the journey or keep paid",
        (
            PLACE, SCREEN_WORK, ("free_travel", "visa_passport_handled", "pickup", "onward_drive"),
            ("board_lodging", "pay_out_of_line", "pay_above_wage", "advance_or_daily_pay", "commission", "no_experience_degree",
             "typing_speed"),
        ),
    ),
    Combination(
        "hidden_route_work", "work or a promise, with a hidden route, a story to tell or without papers",
        (HIDDEN_ROUTE, (*ANY_WORK, *BAIT)),
    ),
    Combination("control_abroad", "control over people, abroad", (CONTROL, PLACE)),
    Combination("control_screen_work", "control over people who chat or type", (CONTROL, SCREEN_WORK)),
    Combination(
        "grooming_deposits", "chatting with strangers or clients, and what they pay in",
        (("grooming_sales", "persona_script", "chat_operator", "client_relations"), ("deposit_commission", "target_penalty")),
    ),
    Combination(
        "grooming_abroad", "chatting with strangers or clients, abroad",
        (("grooming_sales", "persona_script", "client_relations"), PLACE),
    ),
    Combination(
        "direct_hire_abroad", "direct hiring slang for a company abroad",
        (("direct_hire",), (*CLOSE, "hotspot_country", "abroad", "park_sez_casino")),
    ),
    Combination(
        "illicit_offer", "openly illicit work with a promise",
        (("openly_illicit", "gambling_staff", "mule_account"), BAIT),
    ),
    Combination(
        "remote_bait", "part-time from home with quick or easy money",
        (
            ("home_work", "task_scam", "unsolicited_hire"),
            ("advance_or_daily_pay", "light_work_high_pay", "pay_above_wage", "prepaid_return", "home_daily_pay"),
        ),
    ),
    Combination(
        "fee_before_work", "a fee first, for work promised without a meeting or from home",
        (
            ("upfront_fee",),
            ("visa_passport_handled", "no_interview_fast", "unsolicited_hire", "home_work", "task_scam", "urgent_mass", "abroad",
             "direct_hire"),
        ),
    ),
    Combination(
        "account_for_pay", "money for the use of an account or a card",
        (
            ("mule_account",),
            ("home_work", "home_daily_pay", "offer", "call_to_contact", "commission", "advance_or_daily_pay"),
        ),
    ),
    Combination(
        "guided_crossing", "a border crossed, a journey on or a story for officials, and somebody to write to",
        (("irregular_crossing", "onward_drive", "cover_story"), ("call_to_contact", "private_message", "messenger_only")),
    ),
    Combination(
        "debtors_abroad", "people in debt or with accounts addressed, with work or a place abroad",
        (("debt_hardship", "mule_account"), (*PLACE, *SCREEN_WORK)),
    ),
    Combination(
        "related_journey", "a body or a marriage paid for, with a journey or secrecy",
        (
            RELATED,
            ("free_travel", "abroad", "visa_passport_handled", "secrecy", "documents_held", "closed_site", "pickup"),
        ),
    ),
)  # fmt: skip
