"""LibreTranslate as a provider: ``/translate`` with a list of texts, ``/languages``, and ``/spec`` for its version."""

import re
import time
from collections.abc import Sequence

import msgspec

from desk.translation.provider import JsonService, TranslationError, UnsupportedPair
from enrichment.assessment import Language
from foundation.messages import _

_KEEP = 600.0
"""Seconds for which the list of languages and the version are taken to be the same."""
_CHINESE = {"Hans": ("zh-Hans", "zh"), "Hant": ("zh-Hant", "zt", "zh")}
"""Names of Chinese in /languages, the newest first."""


class _ServedLanguage(msgspec.Struct, frozen=True):
    """A language of ``/languages``."""

    code: str
    targets: tuple[str, ...] = ()


class _TranslateAnswer(msgspec.Struct, frozen=True):
    """The answer of ``/translate``."""

    translated: list[str] = msgspec.field(name="translatedText")


class LibreTranslate:
    """A LibreTranslate server that the operator runs."""

    def __init__(self, service: JsonService, key: str = "") -> None:
        """Take the server and its API key, where it wants one."""
        self._service, self._key = service, key
        self.name = f"LibreTranslate at {service.host}"
        self._served: tuple[float, dict[str, frozenset[str]]] = (0.0, {})
        self._engine = (0.0, "")

    def describe_engine(self) -> str:
        """Return the engine with its version; one that does not tell its version is named without."""
        at, engine = self._engine
        if not engine or time.monotonic() - at > _KEEP:
            value = self._service.ask("GET", "/spec")
            info = value.get("info") if isinstance(value, dict) else None
            version = info.get("version") if isinstance(info, dict) else None
            told = isinstance(version, str) and re.fullmatch(r"[\w.+-]{1,32}", version)
            engine = f"LibreTranslate {version}" if told else "LibreTranslate"
            self._engine = time.monotonic(), engine
        return engine

    def languages(self) -> dict[str, frozenset[str]]:
        """Return what the server translates: language -> those it translates into; raise TranslationError."""
        at, served = self._served
        if not served or time.monotonic() - at > _KEEP:
            try:
                listed = msgspec.convert(self._service.ask("GET", "/languages"), list[_ServedLanguage])
            except msgspec.ValidationError as exc:
                raise TranslationError(_("%(name)s lists its languages in no known form", name=self.name)) from exc
            served = {language.code: frozenset(language.targets) for language in listed}
            self._served = time.monotonic(), served
        return served

    def translate(self, texts: Sequence[str], source: Language, target: str) -> list[str]:
        """Return each text in the language ``target``; raise TranslationError."""
        body: dict[str, object] = {"q": list(texts), "source": self._code(source, target), "target": target, "format": "text"}
        if self._key:
            body["api_key"] = self._key
        try:
            return msgspec.convert(self._service.ask("POST", "/translate", body), _TranslateAnswer).translated
        except msgspec.ValidationError as exc:
            raise TranslationError(_("%(name)s answered no translations", name=self.name)) from exc

    def _code(self, source: Language, target: str) -> str:
        """Return the server's name of a language; raise UnsupportedPair."""
        if source.code == "und":
            return "auto"
        served = self.languages()
        names = _CHINESE.get(source.script, ("zh",)) if source.code == "zh" else (source.code,)
        for name in names:
            if target in served.get(name, ()):
                return name
        raise UnsupportedPair(
            _("%(name)s does not translate %(code)s into %(target)s", name=self.name, code=source.code, target=target)
        )
