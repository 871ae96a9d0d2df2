"""Shows errors as one line: those raised on purpose, and a missing module with the extra that brings it."""

from typing import Any

import click

from lurewatch.app.app_errors import as_app_error

EXTRAS = {
    "crawl": ("scrapy", "twisted", "parsel", "aiohttp", "yarl", "uvloop", "playwright", "bs4", "lxml", "feedparser", "brotli",
              "dateparser", "ftfy", "PIL", "zxingcpp"),
    "desk": ("fastapi", "starlette", "uvicorn", "jinja2", "multipart", "psycopg", "css_inline", "xarf", "segno", "jsonschema",
             "warcio", "s3fs", "prometheus_client", "limits", "markupsafe", "nh3", "stix2"),
    "train": ("sklearn", "scipy"),
    "airflow": ("airflow", "celery", "kombu", "limits", "pendulum", "redis", "structlog"),
}  # fmt: skip
"""The modules we import that no base dependency brings, by the extra that does."""


def advice(missing: ModuleNotFoundError) -> str | None:
    """Return which extra to install for a module that is missing; None for one that no extra brings."""
    module = (missing.name or "").partition(".")[0]
    extra = next((extra for extra, modules in EXTRAS.items() if module in modules), None)
    return extra and f"this needs {module}, which is not installed: pip install 'lurewatch[{extra}]'"


class OneLineGroup(click.Group):
    """Commands of which an error that a use case or a stage raises on purpose is one line, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Carry a command out."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as exc:
            if (error := as_app_error(exc)) is None:
                raise
            raise click.ClickException(str(error)) from exc
