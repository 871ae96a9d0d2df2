"""The ISO week, under which a digest is kept and sent."""

from datetime import UTC, datetime, timedelta


def iso_week(moment: datetime) -> str:
    """Return the ISO week of a moment in UTC, ``2026-W48``: the same wherever the machine that asks stands."""
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02d}"


def week_end(week: str) -> datetime:
    """Return the first moment after an ISO week, UTC; raise ValueError for what is none."""
    return datetime.strptime(f"{week}-1 +0000", "%G-W%V-%u %z") + timedelta(days=7)
