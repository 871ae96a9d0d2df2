"""Finds the scripts of a text, and the languages a script allows."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawlers.text.chinese import only_simplified, simplified_pairs
from enrichment.text.characters import SCRIPT, SCRIPTS, Points, tables

SOLE_LANGUAGE = {
    "Thai": "th", "Laoo": "lo", "Khmr": "km", "Mymr": "my", "Sinh": "si", "Taml": "ta", "Telu": "te", "Mlym": "ml",
    "Knda": "kn", "Gujr": "gu", "Guru": "pa", "Orya": "or", "Hang": "ko", "Hira": "ja", "Kana": "ja", "Hebr": "he",
    "Geor": "ka", "Armn": "hy", "Grek": "el", "Tibt": "bo", "Beng": "bn", "Ethi": "am", "Cher": "chr",
}  # fmt: skip
"""Scripts that only one of our languages uses."""
_WEIGHT = np.ones(len(SCRIPTS))
_WEIGHT[[SCRIPT["Hani"], SCRIPT["Hang"]]] = 2.5
_WEIGHT[[SCRIPT["Hira"], SCRIPT["Kana"], SCRIPT["Ethi"]]] = 1.7
"""How many Latin letters one letter of the script is worth: scripts that write a syllable or a word per letter weigh more."""


class ScriptRun(NamedTuple):
    """A stretch of text in one script; ``[start, end)`` in code points."""

    script: str
    start: int
    end: int
    letters: float
    """Its letters, weighed so that scripts compare."""


def runs(codes: Points, *, least: float = 8.0) -> list[ScriptRun]:
    """Return the stretches of one script each, in order; stretches of fewer than ``least`` letters join their neighbour.

    Japanese kana and the Han between them are one script here (``Jpan``).
    """
    script = tables().script[codes].astype(np.int16)
    letters = script > 0
    if not letters.any():
        return []
    kana = (script == SCRIPT["Hira"]) | (script == SCRIPT["Kana"])
    if kana.any() and _japanese(script, kana):
        script[kana | (script == SCRIPT["Hani"])] = SCRIPT["Hira"]
    places = np.flatnonzero(letters)
    values = script[places]
    change = np.flatnonzero(values[1:] != values[:-1]) + 1
    first = np.concatenate(([0], change))
    last = np.concatenate((change, [len(values)]))
    script_runs: list[ScriptRun] = []
    for begin, finish in zip(first.tolist(), last.tolist(), strict=True):
        number = int(values[begin])
        weight = float(_WEIGHT[number]) * (finish - begin)
        name = SCRIPTS[number][0]
        start, end = int(places[begin]), int(places[finish - 1]) + 1
        if script_runs and (script_runs[-1].script == name or weight < least):
            before = script_runs[-1]
            script_runs[-1] = ScriptRun(
                before.script, before.start, end, before.letters + (weight if before.script == name else 0)
            )
        elif script_runs and script_runs[-1].letters < least:
            script_runs[-1] = ScriptRun(name, script_runs[-1].start, end, weight)
        else:
            script_runs.append(ScriptRun(name, start, end, weight))
    return [_name_run(run) for run in _merge_runs(script_runs)]


def _merge_runs(script_runs: list[ScriptRun]) -> list[ScriptRun]:
    merged: list[ScriptRun] = []
    for run in script_runs:
        if merged and merged[-1].script == run.script:
            merged[-1] = ScriptRun(run.script, merged[-1].start, run.end, merged[-1].letters + run.letters)
        else:
            merged.append(run)
    return merged


def _name_run(run: ScriptRun) -> ScriptRun:
    return run._replace(script="Jpan") if run.script in ("Hira", "Kana") else run


def _japanese(script: npt.NDArray[np.int16], kana: npt.NDArray[np.bool_]) -> bool:
    """Tell Japanese from Chinese with a stray kana (``の`` as an ornament)."""
    return int(kana.sum()) * 12 >= int((script == SCRIPT["Hani"]).sum())


def weights(counts: Mapping[str, int]) -> dict[str, float]:
    """Return how much of the text each script holds, weighed as in ``ScriptRun.letters``; ``counts``: its characters."""
    return {name: count * _WEIGHT[SCRIPT[name]].item() for name, count in counts.items() if name != "Zyyy"}


@cache
def _han_forms() -> npt.NDArray[np.int8]:
    """Return -1 for simplified-only, 1 for traditional-only ideographs, 0 for the others."""
    forms = np.zeros(0x110002, np.int8)
    for traditional, simplified in simplified_pairs().items():
        if traditional != simplified:
            forms[traditional] = 1
    for simplified in only_simplified():
        forms[simplified] = -1
    return forms


def han_script(codes: Points) -> str:
    """Return ``Hant`` for text in traditional characters, else ``Hans``; traditional texts hold next to no simplified ones."""
    forms = _han_forms()[codes]
    return "Hant" if int((forms > 0).sum()) > 2 * int((forms < 0).sum()) else "Hans"
