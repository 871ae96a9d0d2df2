"""Which extra of the package brings a module that is missing (``[project.optional-dependencies]`` of pyproject.toml)."""

EXTRAS = {
    "crawl": ("scrapy", "twisted", "parsel", "aiohttp", "yarl", "uvloop", "playwright", "bs4", "lxml", "feedparser", "brotli",
              "dateparser", "ftfy", "orjson", "PIL", "zxingcpp"),
    "desk": ("fastapi", "starlette", "uvicorn", "jinja2", "multipart", "psycopg", "css_inline", "xarf", "jsonschema", "warcio",
             "s3fs", "prometheus_client"),
    "train": ("sklearn", "scipy"),
    "airflow": ("airflow", "celery", "kombu", "limits", "pendulum", "redis", "structlog"),
}  # fmt: skip
"""The modules we import that no base dependency brings, by the extra that does."""


def advice(missing: ModuleNotFoundError) -> str | None:
    """Return which extra to install for a module that is missing; None for one that no extra brings."""
    module = (missing.name or "").partition(".")[0]
    extra = next((extra for extra, modules in EXTRAS.items() if module in modules), None)
    return extra and f"this needs {module}, which is not installed: pip install 'lurewatch[{extra}]'"
