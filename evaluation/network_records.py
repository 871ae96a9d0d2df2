"""Planted networks: crews, and all that looks like one, made from the labelled listings and from calls that say nothing.

Deterministic for a seed. Openly worded lures, honest adverts, warnings and testimonies are labelled texts with other contacts put
in; the calls that name nothing but a contact are the same for crews and shops (``network_texts``). No contact is real.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from crawlers.items import Posting
from enrichment.contacts.extract import contacts
from enrichment.language.detect import language
from enrichment.text.views import Views
from evaluation.labelled_listings import Listing, listings
from evaluation.network_texts import ASIDES, CALLS, NAMES

Role = Literal["lure", "warner", "hub", "honest"]
FILES = ("listings-dev.jsonl", "listings-grown.jsonl", "listings-close.jsonl", "listings-messages.jsonl", "listings-own.jsonl")
"""Texts the score has learned from: the text alone is judged at its best."""
DAY = datetime(2026, 3, 1, tzinfo=UTC)
SOURCES = tuple(f"planted_{number:02}" for number in range(12))
SINCE = timedelta(days=40)
CREWS, AGENCIES, HELP_LINES, BOARDS, COPIED = 14, 12, 4, 2, 25
WARNERS = ("warning", "news", "testimony")
HONEST = ("benign_job", "overseas_legit_job")


class PlantedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record to be, and what it is."""

    posting: Posting
    role: Role
    at: datetime


class Planter:
    """Makes the records of one world; ``count`` of them."""

    def __init__(self, folder: Path, seed: int = 11) -> None:
        """Read the labelled texts of ``folder``; each is taken once."""
        self._chance = random.Random(seed)  # noqa: S311 - worlds must be the same on every machine
        self._texts: dict[str, list[Listing]] = defaultdict(list)
        results = [item for name in FILES for item in listings(folder / name) if item.evasion == "none" or not item.label]
        self._chance.shuffle(results)
        for listing in results:
            self._texts["lure" if listing.label else listing.kind].append(listing)
        self._made = self._given = 0

    def world(self, count: int) -> list[PlantedRecord]:
        """Return ``count`` records: crews, agencies, help lines, boards, copied adverts, shops, and others that stand alone."""
        planted_records = [
            *self._crews(),
            *self._agencies(),
            *self._help_lines(),
            *self._boards(),
            *self._copied(),
            *self._shops(40),
        ]
        while len(planted_records) < count:
            planted_records.append(self._post(self._labelled(self._any((*HONEST, "other")), self._phone()), "honest"))
        return planted_records[:count]

    def _crews(self) -> Iterator[PlantedRecord]:
        for number in range(CREWS):
            name = f"sample_{NAMES[number]}_hr"
            contact, start = f"@{name}", self._moment()
            for _ in range(4):
                yield self._post(self._labelled("lure", contact), "lure", at=self._near(start), author=name)
            for place in range(9):
                used = f"@{name}{number % 7 + 2}" if number % 4 == 1 and place > 5 else contact  # a new handle after a block
                yield self._post(self._said(CALLS, used), "lure", at=self._near(start))
            if number % 4 == 2:  # posts that name only the channel they were forwarded from
                for _ in range(3):
                    yield self._post(self._said(CALLS, ""), "lure", at=self._near(start), forwarded_from=name)
            if number % 4 == 3:  # one text under many names
                text = self._labelled("lure", "{c}")
                for place in range(4):
                    used = f"@sample_{self._chance.choice(NAMES)}{number}{place}"
                    yield self._post(text.replace("{c}", used), "lure", at=self._near(start))
            for place in range(8):
                text = self._said(ASIDES, contact) if place % 2 else self._labelled(self._any(WARNERS), contact)
                yield self._post(text, "warner", at=self._near(start))

    def _agencies(self) -> Iterator[PlantedRecord]:
        for number in range(AGENCIES):
            phone, start = self._phone(), self._moment()
            for place in range(22):
                text = self._said(CALLS, phone) if place % 5 == 4 else self._labelled(self._any(HONEST), phone)
                yield self._post(text, "hub", at=self._near(start), author=f"agency_{number}")
            if number % 4 == 1:  # a lure that names the agency to look honest
                yield self._post(self._labelled("lure", phone), "lure", at=self._near(start))

    def _help_lines(self) -> Iterator[PlantedRecord]:
        for _ in range(HELP_LINES):
            phone = self._phone()
            for place in range(10):
                yield self._post(self._labelled(self._any(WARNERS), phone), "warner")
                if place % 2:
                    yield self._post(self._labelled(self._any(HONEST), f"{self._phone()}, report fraud: {phone}"), "hub")
            for _ in range(2):  # lures that add a notice against fraud
                yield self._post(self._labelled("lure", f"{self._phone()}, report fraud: {phone}"), "lure")

    def _boards(self) -> Iterator[PlantedRecord]:
        for number in range(BOARDS):
            channel = f"sample_jobs_board_{number}"
            for place in range(45):
                yield self._post(self._labelled(self._any(HONEST), self._phone()), "hub", author=channel, source=channel)
                if place % 15 == 0:
                    yield self._post(self._labelled("lure", self._phone()), "lure", author=channel, source=channel)

    def _copied(self) -> Iterator[PlantedRecord]:
        for _ in range(COPIED):
            text = self._labelled(self._any(HONEST), "{c}")
            for _ in range(4):
                yield self._post(text.replace("{c}", self._phone()), "honest")

    def _shops(self, count: int) -> Iterator[PlantedRecord]:
        for number in range(count):
            contact = f"@sample_shop_{NAMES[number % len(NAMES)]}{number}" if number % 2 else self._phone()
            start = self._moment()
            for _ in range(self._chance.randint(4, 9)):
                yield self._post(self._said(CALLS, contact), "honest", at=self._near(start))

    def _post(
        self,
        text: str,
        role: Role,
        *,
        at: datetime | None = None,
        source: str = "",
        author: str | None = None,
        forwarded_from: str | None = None,
    ) -> PlantedRecord:
        self._made += 1
        name, source = f"planted-{self._made:05}", source or self._chance.choice(SOURCES)
        posting = Posting(
            id=name,
            source=source,
            url=f"https://{source.replace('_', '-')}.example.org/{name}",
            text=text,
            author=author,
            forwarded_from=forwarded_from,
        )
        return PlantedRecord(posting=posting, role=role, at=at or self._moment())

    def _labelled(self, kind: str, contact: str) -> str:
        """Return a labelled text not taken before with ``contact`` where its contacts stood, or after it."""
        listing = self._texts[kind].pop()
        raw = f"{listing.title or ''}\n{listing.text}"
        seen = Views(raw)
        spans = sorted({(found.start, found.end) for found in contacts(seen, language(seen))}, reverse=True)
        for start, end in spans:
            raw = raw[:start] + contact + raw[end:]
        return raw.strip() if spans else f"{raw.strip()} {contact}"

    def _said(self, texts: Sequence[tuple[str, str]], contact: str) -> str:
        return self._chance.choice(texts)[1].format(c=contact).strip()

    def _any(self, kinds: Sequence[str]) -> str:
        return self._chance.choices(kinds, [len(self._texts[kind]) for kind in kinds])[0]

    def _phone(self) -> str:
        """Return a contact not given before: a number of the range that Ofcom keeps for drama, then handles."""
        self._given += 1
        number = self._given
        return f"+44 7700 900{number:03}" if number < 1000 and number % 2 else f"@sample_{self._chance.choice(NAMES)}_{number:04}"

    def _moment(self) -> datetime:
        return DAY + self._chance.random() * SINCE

    def _near(self, start: datetime) -> datetime:
        return start + timedelta(hours=self._chance.expovariate(1 / 60))
