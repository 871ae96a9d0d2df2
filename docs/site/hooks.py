"""Hooks of the documentation site: pages that lie outside ``docs/``, the command reference, and links to code."""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from docs.site.command_reference import reference

OUTSIDE = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Files of the repository's root that are pages of the site too."""
_LINK = re.compile(r"\[([^\]\n]+)\]\(((?:\.\./)+)?([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that lie outside ``docs/``, and the command reference, which the commands themselves say."""
    root = Path(config.config_file_path).parent
    for name, page in OUTSIDE.items():
        files.append(File.generated(config, page, content=(root / name).read_text(encoding="utf-8")))
    files.append(File.generated(config, "cli.md", content=reference()))
    return files


def on_page_markdown(markdown: str, *, page: Any, config: MkDocsConfig, files: Files) -> str:
    """Point links at pages of the site; a link to a file that is no page becomes its name in code."""
    docs = Path(config.docs_dir)
    root = docs.parent
    outside = page.file.src_uri in OUTSIDE.values()
    here = root if outside else (docs / page.file.src_uri).parent

    def pointed(match: re.Match[str]) -> str:
        text, up, target, anchor = match[1], match[2] or "", match[3], match[4] or ""
        if "://" in target or target.startswith("mailto:"):
            return match[0]
        path = (here / up / target).resolve()
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else target
        if name in OUTSIDE:
            return f"[{text}]({_relative(OUTSIDE[name], page.file.src_uri)}{anchor})"
        if path.is_relative_to(docs) and files.get_file_from_path(path.relative_to(docs).as_posix()):
            return f"[{text}]({_relative(path.relative_to(docs).as_posix(), page.file.src_uri)}{anchor})"
        return f"{text} (`{name}`)"

    return _LINK.sub(pointed, markdown)


def _relative(target: str, page: str) -> str:
    """Return the path of one page as another page links to it."""
    return "../" * page.count("/") + target
