"""Columns as tables and migrations write them: no value may be missing unless the options say so."""

from typing import Any

import sqlalchemy as sa

from desk.database import Moment


def number() -> sa.Column[Any]:
    """Return the key that the database counts up."""
    return sa.Column("id", sa.Integer, primary_key=True)


def strings(size: int, *names: str, **options: Any) -> list[sa.Column[Any]]:
    """Return columns of text up to a size."""
    return _columns(sa.String(size), names, options)


def texts(*names: str, **options: Any) -> list[sa.Column[Any]]:
    """Return columns of text of any length."""
    return _columns(sa.Text(), names, options)


def integers(*names: str, **options: Any) -> list[sa.Column[Any]]:
    """Return columns of whole numbers."""
    return _columns(sa.Integer(), names, options)


def switches(*names: str, **options: Any) -> list[sa.Column[Any]]:
    """Return columns of yes or no."""
    return _columns(sa.Boolean(), names, options)


def moments(*names: str, **options: Any) -> list[sa.Column[Any]]:
    """Return columns of points in time."""
    return _columns(Moment(), names, options)


def content(name: str) -> sa.Column[Any]:
    """Return a column of bytes."""
    return sa.Column(name, sa.LargeBinary, nullable=False)


def reference(name: str, to: str, **options: Any) -> sa.Column[Any]:
    """Return a column that holds the number of a row of another table."""
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{to}.id"), **{"nullable": False} | options)


def _columns(kind: sa.types.TypeEngine[Any], names: tuple[str, ...], options: dict[str, Any]) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, **{"nullable": False} | options) for name in names]
