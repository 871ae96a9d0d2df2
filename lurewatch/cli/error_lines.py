"""Shows the errors of ``lurewatch.app`` as one line, exit 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from lurewatch.app.app_errors import AppError
from lurewatch.app.typed_errors import typed_errors


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn the errors of use cases and stages into ClickException."""
    try:
        with typed_errors():
            yield
    except AppError as exc:
        raise click.ClickException(str(exc)) from exc
