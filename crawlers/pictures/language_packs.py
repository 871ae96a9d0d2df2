"""Tesseract's language packs (Debian's ``tesseract-ocr-*``) for each language and script.

Hausa has no pack and is read with the English one, its letters being nearly the same.
"""

import re
import shutil
import subprocess
from collections.abc import Collection, Iterable

PROGRAM = "tesseract"

SCRIPT_PACKS = {
    "Latin": ("eng", "vie", "ind", "msa", "fil", "spa", "por", "fra", "tur", "uzb", "swa"), "Han": ("chi_sim", "chi_tra"),
    "Japanese": ("jpn",), "Hangul": ("kor",), "Thai": ("tha",), "Khmer": ("khm",), "Lao": ("lao",), "Myanmar": ("mya",),
    "Arabic": ("ara", "urd"), "Bengali": ("ben",), "Devanagari": ("hin", "nep"), "Cyrillic": ("rus", "uzb_cyrl"),
    "Ethiopic": ("amh",), "Sinhala": ("sin",), "Tamil": ("tam",),
}  # fmt: skip
"""Script as Tesseract's detector names it -> its packs, the usual one first."""
PACKS = {
    "am": ("amh",), "ar": ("ara",), "bn": ("ben",), "en": ("eng",), "es": ("spa",), "fr": ("fra",), "ha": ("eng",),
    "hi": ("hin",), "id": ("ind",), "ja": ("jpn",), "km": ("khm",), "ko": ("kor",), "lo": ("lao",), "ms": ("msa",),
    "my": ("mya",), "ne": ("nep",), "pt": ("por",), "ru": ("rus",), "si": ("sin",), "sw": ("swa",), "ta": ("tam",),
    "th": ("tha",), "tl": ("fil",), "tr": ("tur",), "ur": ("urd",), "uz": ("uzb", "uzb_cyrl"), "vi": ("vie",),
    "zh": ("chi_sim", "chi_tra"),
}  # fmt: skip
"""Served language (ISO 639-1) -> its packs."""
MOST = 3
"""Packs used together: each makes reading slower."""
LATIN = "eng"
"""Handles, addresses and numbers stand in Latin letters beside every script."""
_PACK = re.compile(r"^[a-z]{3}(?:_\w+)?$", re.M)
_SCRIPTS = {pack: script for script, packs in SCRIPT_PACKS.items() for pack in packs}


def scripts_of(languages: Iterable[str]) -> tuple[str, ...]:
    """Return the scripts that languages (ISO 639-1) are written in, the first language's first."""
    return tuple(dict.fromkeys(_SCRIPTS[pack] for language in languages for pack in PACKS.get(language, ())))


def packs_for(script: str, languages: Iterable[str], installed: Collection[str]) -> tuple[str, ...]:
    """Return the installed packs to read a script with, the likeliest first: those of ``languages`` in it, or its usual ones."""
    own = SCRIPT_PACKS.get(script, ())
    wanted = [pack for language in languages for pack in PACKS.get(language, ()) if pack in own] or list(own[:2])
    wanted = [pack for pack in dict.fromkeys(wanted) if pack != LATIN]
    return tuple(pack for pack in (*wanted[: MOST - 1], LATIN) if pack in installed)


def installed_packs() -> frozenset[str]:
    """Return the language packs of the installed Tesseract; none when there is no Tesseract."""
    if shutil.which(PROGRAM) is None:
        return frozenset()
    listed = subprocess.run([PROGRAM, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    return frozenset(_PACK.findall(listed.stdout))
