"""The version of the lexicon: a hash of its files, taken without reading a rule, so that a crawl can name it."""

import hashlib
from pathlib import Path


def files_of(folder: Path) -> dict[Path, list[tuple[Path, bytes]]]:
    """Return the files of each language of ``seeds/lures`` with their content, in order."""
    return {
        language: [(file, file.read_bytes()) for file in sorted(language.glob("*.yml"))]
        for language in sorted(path for path in folder.iterdir() if path.is_dir() and any(path.glob("*.yml")))
    }


def lexicon_digest(folder: Path) -> str:
    """Return the SHA-256 of the files of ``seeds/lures``, hex, valid or not; its first 12 digits are ``Lexicon.version``."""
    return digest_of(common_files(folder), files_of(folder))


def common_files(folder: Path) -> bytes:
    """Return what all languages have in common: ``indicators.yml`` and, where there is one, ``concepts.yml``."""
    concepts = folder / "concepts.yml"
    return (folder / "indicators.yml").read_bytes() + (b"\0" + concepts.read_bytes() if concepts.is_file() else b"")


def digest_of(common: bytes, content: dict[Path, list[tuple[Path, bytes]]]) -> str:
    """Return the SHA-256 of the common files and of the files of each language, hex."""
    digest = hashlib.sha256(common)
    for language, files in content.items():
        for file, data in files:
            digest.update(f"\0{language.name}/{file.name}\0".encode() + data)
    return digest.hexdigest()
