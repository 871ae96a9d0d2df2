"""What a translation service does for the desk, and how it is asked: JSON over HTTP, only of the host that the operator named.

The crawler's guard keeps private addresses out of reach because pages name them. Here nobody but the operator names the address,
once, in the settings: it may be a private one. A redirect is not followed and no proxy of the environment is used.
"""

import ipaddress
import json
import re
import socket
import time
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec
import urllib3

from desk.highlighting import plain_line
from enrichment.assessment import Language
from foundation.messages import _

LARGEST = 1 << 20
"""Bytes of an answer that are read; the longest text that is sent has a fiftieth of it."""
_CHUNK = 64 << 10
_TOLD = 160
"""Characters of a service's own message that are repeated."""


class TranslationError(Exception):
    """The service is away, slow, refuses, or answers nonsense; the message says which, and nothing was kept."""


class UnsupportedPair(TranslationError):
    """The service does not translate this language into that one."""


class Provider(Protocol):
    """A service that translates texts."""

    name: str
    """What kept translations are found by: kind, host and model, as the settings name them."""

    def describe_engine(self) -> str:
        """Return the engine with its version, as a page shows it; raise TranslationError."""

    def translate(self, texts: Sequence[str], source: Language, target: str) -> list[str]:
        """Return each text in the language ``target``; raise TranslationError."""


class JsonService:
    """One HTTP service that takes and returns JSON."""

    def __init__(self, url: str, *, seconds: int = 20, user_agent: str = "LureWatch") -> None:
        """Take the address the operator set, and the seconds an answer may take."""
        self.url, self._seconds = url.rstrip("/"), seconds
        self.host = urlsplit(url).netloc
        self._headers = {"User-Agent": user_agent, "Accept": "application/json"}
        self._pool = urllib3.PoolManager(retries=False, maxsize=16)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the JSON of an answer; raise TranslationError."""
        self._refuse_open_network()
        until = time.monotonic() + self._seconds
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace") if body is not None else None
        headers = self._headers | ({"Content-Type": "application/json"} if body is not None else {})
        try:
            answer = self._pool.request(
                method, f"{self.url}{path}", body=content, headers=headers, redirect=False, preload_content=False,
                timeout=urllib3.Timeout(total=self._seconds),
            )  # fmt: skip
            try:
                return self._value(answer.status, self._read(answer, until))
            finally:
                answer.close()
        except (urllib3.exceptions.HTTPError, OSError) as exc:
            refused = isinstance(exc, urllib3.exceptions.NewConnectionError)  # a kind of time-out to the library
            if isinstance(exc, urllib3.exceptions.TimeoutError) and not refused:
                raise self._slow() from exc
            raise TranslationError(_("the translation service at %(host)s does not answer", host=self.host)) from exc

    def _read(self, answer: urllib3.BaseHTTPResponse, until: float) -> bytes:
        content = bytearray()
        while chunk := answer.read1(_CHUNK):
            content += chunk
            if len(content) > LARGEST:
                raise TranslationError(_(
                    "the translation service at %(host)s answered more than %(largest)s bytes", host=self.host,
                    largest=f"{LARGEST:,}",
                ))  # fmt: skip
            if time.monotonic() > until:
                raise self._slow()
        return bytes(content)

    def _value(self, status: int, content: bytes) -> Any:
        try:
            value = json.loads(content)
        except (ValueError, RecursionError) as exc:
            if status == 200:
                raise TranslationError(_("the translation service at %(host)s answered no JSON", host=self.host)) from exc
            value = None
        if status != 200:
            error = value.get("error") if isinstance(value, dict) else None
            told = f": {plain_line(error)[:_TOLD]}" if isinstance(error, str) and error else ""
            raise TranslationError(
                _("the translation service at %(host)s answered %(status)s%(told)s", host=self.host, status=status, told=told)
            )
        return value

    def _slow(self) -> TranslationError:
        return TranslationError(f"the translation service at {self.host} did not answer within {self._seconds} seconds")

    def _refuse_open_network(self) -> None:
        """Refuse to carry texts over a public network in the clear."""
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            return
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
        except OSError as exc:
            raise TranslationError(
                _("the translation service at %(host)s does not answer: no such host", host=self.host)
            ) from exc
        if any(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found):
            raise TranslationError(
                _("%(host)s is a public address: texts would cross the network in the clear; use https", host=self.host)
            )


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
