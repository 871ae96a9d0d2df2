"""What a mail had no room to list stands at the desk, as that mail reported it and as it is now."""

from datetime import timedelta

from sqlalchemy import insert

from desk.cases import case_decisions
from desk.database import writing
from desk.tables import digests, mentions
from desk.web.routes import search_pages


def test_every_item_of_a_mail_is_listed_a_page_at_a_time(store, record, desk_db, people, now, login, monkeypatch):
    monkeypatch.setattr(search_pages, "PAGE", 3)
    items = [record(number, title=f"Advert {number} <b>", score=50.0 + number) for number in range(1, 6)]
    quiet = record(6, title="They took me", stance="testimony")
    store.put([*items, quiet])
    values = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}
    case_decisions.confirm(desk_db, [items[0]], by=people["minh"], now=now, seen={items[0].id: 0}, **values)
    standings = {items[0].id: "confirmed", items[4].id: "withdrawn"}
    standings |= dict.fromkeys([each.id for each in items[1:4]], "unreviewed") | {quiet.id: "unreviewed", "0" * 32: "confirmed"}
    with writing(desk_db) as connection:
        key = {"week": "2026-W48", "subscription": "weekly"}
        connection.execute(insert(digests).values(**key, built_at=now, since=now - timedelta(days=7), body="{}"))
        connection.execute(insert(mentions), [{"item_id": item, "standing": as_, **key} for item, as_ in standings.items()])
    viewer = login("viewer")
    first, second, third = (viewer.page(f"/digest/2026-W48?start={start}") for start in (0, 3, 6))
    assert "1 taken back, 2 confirmed, 4 flagged" in first
    assert "1 to 3 of 7" in first and "?start=3" in first
    assert first.index("Advert 5 &lt;b&gt;") < first.index("Advert 1 &lt;b&gt;") < first.index("no longer in the index")
    assert "7 to 7 of 7" in third
    assert "They took me" not in first + second + third and "Words of somebody at risk" in first + second + third
    alone = viewer.page("/digest/2026-W48?standing=confirmed")
    assert alone.count("confirmed by a person</td>") > 0 == alone.count("not yet reviewed</td>")
    assert viewer.page("/digest/2026-W48?start=999999999999999999999").count("<tr>") <= 1
    assert viewer.get("/digest/2026-W01").status_code == 404
