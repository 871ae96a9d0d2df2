"""The rules of the lexicon as they are written in ``seeds/lures/<language>/<family>.yml``, read strictly.

What a rule file holds is in ``docs/lures.md``; why it looks so, in ``docs/decisions/0235-rules-with-an-id.md``.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from foundation.yaml_limits import YamlRefused, compose_limited

Status = Literal["experimental", "shadow", "active", "retired"]
"""``active`` rules weigh their strength, ``experimental`` ones as weak at most, ``shadow`` ones are found and weigh nothing,
``retired`` ones are not looked for."""
Strength = Literal["weak", "medium", "strong"]
MAX_BYTES, MAX_NODES = 1 << 20, 50_000
"""Of one file at most; the longest one shipped has a fifth of it."""
_KEYS = (
    "id, phrase or pattern, indicator, strength, added (2026-11-28) and, where it has them, status (else active), "
    "basis (else own), gloss (else the title of the indicator), references, reviewed_by, catches, spares"
)
_BESIDE_BAR = re.compile(r"(?<=[|(])\n|\n(?=[|)])")
_ID = re.compile(r"([a-z]{2,3})-([a-z-]+)-[0-9a-z]{4,12}")


class LexiconRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule as written; reading it whole is up to ``enrichment.lexicon.lexicon``."""

    id: str
    status: Status = "active"
    phrase: str | None = None
    pattern: str | None = None
    gloss: str = ""
    """What its words mean where they are narrower than the title of the indicator, which is read otherwise."""
    indicator: str
    strength: Strength
    basis: Literal["quoted", "reported", "named", "own"] = "own"
    references: tuple[str, ...] = ()
    added: date
    reviewed_by: str | None = None
    """Who beside its author read it, as a role or an account; None when nobody did."""
    catches: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()

    @property
    def wording(self) -> str:
        """The phrase or pattern in one line."""
        return one_line(self.pattern or self.phrase or "")


def one_line(wording: str) -> str:
    """Return a wording written over several lines as one: a line break is a space, beside ``|`` and inside brackets nothing."""
    return _BESIDE_BAR.sub("", wording.strip()).replace("\n", " ")


def new_id(language: str, indicator: str, wording: str) -> str:
    """Return the id of a new rule: it is made from the first wording and stays when the wording is edited."""
    return f"{language}-{indicator.replace('_', '-')}-{hashlib.sha256(wording.encode()).hexdigest()[:6]}"


def rules(file: Path, faults: list[str]) -> Iterator[tuple[str, LexiconRule]]:
    """Yield the rules of ``<language>/<family>.yml``, each with its ``file:line``; what is wrong is added to ``faults``."""
    language = file.parent.name
    for line, item in items(file, "rules", faults):
        place = f"{file}:{line}"
        if "id" not in item and {"indicator"} < item.keys() and (wording := item.get("pattern") or item.get("phrase")):
            faults.append(f"{place}: id is missing; write id: {new_id(language, item['indicator'], one_line(wording))}")
            continue
        try:
            rule = msgspec.convert(item, LexiconRule, strict=True)
        except msgspec.ValidationError as exc:
            faults.append(f"{place}: {exc}; a rule has {_KEYS}")
            continue
        if problem := _wrong(rule, language):
            faults.append(f"{place}: {problem}")
        else:
            yield place, rule


def _wrong(rule: LexiconRule, language: str) -> str | None:
    if bool(rule.pattern) == bool(rule.phrase):
        return "give either phrase (plain words) or pattern (with * ~ ( | )), not both"
    if rule.phrase and any(char in rule.phrase for char in "*~()|[]"):
        return "a phrase is plain words; write pattern: for * ~ ( | ) [ ]"
    shape = _ID.fullmatch(rule.id)
    if shape is None or shape.groups() != (language, rule.indicator.replace("_", "-")):
        text = new_id(language, rule.indicator, rule.wording)
        return f"id {rule.id!r} is not <language>-<indicator>-<4 to 12 letters or digits>; write id: {text}"
    if rule.basis != "own" and not rule.references:
        return f"a rule that is {rule.basis} names where under references:"
    return None


def compose_mapping(file: Path, holds: str, faults: list[str]) -> list[tuple[yaml.Node, yaml.Node]]:
    """Return the keys and values of a mapping, as nodes that know their lines; none, with a fault, where a file is none.

    ``holds`` ends the sentence "must be a mapping …".
    """
    try:
        root = compose_limited(file, most_bytes=MAX_BYTES, most_nodes=MAX_NODES)
    except YamlRefused as exc:
        faults.append(f"{file}:{exc.line}: {exc}")
        return []
    if not isinstance(root, yaml.MappingNode):
        faults.append(f"{file}:1: must be a mapping {holds}")
        return []
    return list(root.value)


def items(file: Path, key: str, faults: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the items of the list ``key``, the only key of ``file``, with the line each stands on."""
    yield from list_items(file, compose_mapping(file, f"with {key}:", faults), key, faults)


def list_items(
    file: Path, pairs: Sequence[tuple[yaml.Node, yaml.Node]], key: str, faults: list[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the items of the list ``key``, the only one of ``pairs``, with the line each stands on."""
    for name, node in pairs:
        if name.value != key:
            faults.append(f"{file}:{name.start_mark.line + 1}: unknown key {name.value!r}; use {key}")
            continue
        for item in node.value if isinstance(node, yaml.SequenceNode) else ():
            line = item.start_mark.line + 1
            if not isinstance(item, yaml.MappingNode):
                faults.append(f"{file}:{line}: each item is a mapping of key: value")
                continue
            keys = [inner.value for inner, _ in item.value]
            if doubled := [inner for number, inner in enumerate(keys) if inner in keys[:number]]:
                faults.append(f"{file}:{line}: {doubled[0]} stands twice; remove one")
                continue
            yield (
                line,
                {
                    k.value: [v.value for v in value.value] if isinstance(value, yaml.SequenceNode) else value.value
                    for k, value in item.value
                },
            )


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
