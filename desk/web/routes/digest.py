"""The full list of a weekly mail; the mail links here for items it had no room for."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.cases.case_decisions import cases
from desk.cases.reported_items import STANDINGS, mentioned_items
from desk.people.roles import Right
from desk.people.sessions import Session
from desk.web.guard import Here, needs
from desk.web.pages import page
from index.admission import AT_RISK

router = APIRouter()
PAGE = 100
"""Items on a page."""


@router.get("/digest/{week}")
def digest_page(
    request: Request, desk: Here, _: Annotated[Session, Depends(needs(Right.READ))], week: str, start: int = 0
) -> Response:
    """Show every item the mail of an ISO week reported, taken back first, the strongest first within each standing."""
    with desk.engine.connect() as connection:
        items = mentioned_items(connection, week)
    if items is None:
        return page(request, "message.html", 404, title="No such mail", text="No weekly mail was built for that week.")
    records = desk.store.get_many([item for ids in items.values() for item in ids])
    rows = [
        (standing, item, records.get(item))
        for standing in STANDINGS
        for item in sorted(items[standing], key=lambda item: -records[item].assessment.score if item in records else 1)
    ]
    start = max(0, min(start, len(rows)))
    listed = rows[start : start + PAGE]
    with desk.engine.connect() as connection:
        standing = cases(connection, [item for _, item, _ in listed])
    return page(
        request, "digest.html", week=week, rows=listed, cases=standing, start=start, step=PAGE, total=len(rows),
        counts={name: len(items[name]) for name in STANDINGS}, at_risk=AT_RISK,
    )  # fmt: skip
