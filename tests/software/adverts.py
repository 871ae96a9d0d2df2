"""Invented adverts for the sites of ``tests/software``: every one with its own title, text, firm, place and day."""

from typing import NamedTuple

ROLES = (
    "Cook", "Welder", "Cashier", "Driver", "Tailor", "Gardener", "Baker", "Nurse aide", "Electrician", "Night porter", "Packer",
    "Bookkeeper", "Barista", "Plasterer", "Florist", "Translator", "Mechanic", "Receptionist",
)  # fmt: skip
PLACES = ("Hue", "Can Tho", "Battambang", "Chiang Rai", "Medan", "Iloilo", "Pokhara", "Sylhet", "Galle")


class Advert(NamedTuple):
    """One invented advert."""

    number: int
    title: str
    text: str
    company: str
    place: str
    pay: str
    day: str
    """ISO 8601."""


def adverts(count: int) -> list[Advert]:
    """Return ``count`` adverts, the newest first."""
    return [advert(number) for number in range(count, 0, -1)]


def advert(number: int) -> Advert:
    """Return the advert of this number."""
    role, place = ROLES[number % len(ROLES)], PLACES[number % len(PLACES)]
    company = f"Sample House {100 + number}"
    pay = f"{400 + 10 * number} USD a month"
    text = (
        f"{company} looks for a {role.lower()} for its branch {number} in {place}, five days a week, eight hours a day. "
        f"We pay {pay}, meals and insurance included. Experience of {1 + number % 4} years is welcome but not required. "
        f"Write to hr{number}@example.org and say when you can begin."
    )
    day = f"2026-{10 + number // 28:02d}-{1 + number % 28:02d}"
    return Advert(number, f"{role} for branch {number} in {place}", text, company, place, pay, day)


def pages_of(items: list[Advert], size: int) -> list[list[Advert]]:
    """Return the items in pages of ``size``."""
    return [items[at : at + size] for at in range(0, len(items), size)]


def slug(advert: Advert) -> str:
    """Return the title as addresses write it."""
    return advert.title.lower().replace(" ", "-")
