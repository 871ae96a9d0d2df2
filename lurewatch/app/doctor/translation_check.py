"""Checks whether the translation service that the settings name answers, and what it translates."""

from crawlers.text.messages import LANGUAGES
from desk.translation.chat_endpoint import ChatEndpoint
from desk.translation.provider import TranslationError
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.doctor.findings import Finding, missing, ok, warn
from lurewatch.app.translate import provider_of
from lurewatch.settings import Settings

_PART = "translation"


def translation(settings: Settings) -> Finding:
    """Check that the translation service answers and translates into the languages people read; it is sent no text."""
    fix = "start it, or correct LUREWATCH_TRANSLATION_URL; without one adverts are read in their own language"
    try:
        provider = provider_of(settings)
        if provider is None:
            return ok(_PART, "off: no text leaves; a service that you host can be named in LUREWATCH_TRANSLATION_URL")
        if isinstance(provider, ChatEndpoint):
            served = provider.models()
            if settings.translation_model not in served:
                names = ", ".join(served[:5]) or "none"
                return warn(
                    _PART, f"{provider.name} is not among the models it lists: {names}", "correct LUREWATCH_TRANSLATION_MODEL"
                )
            return ok(_PART, f"{provider.describe_engine()} at {settings.translation_url}")
        pairs = provider.languages()
        into = [code for code in LANGUAGES if any(code in targets for targets in pairs.values())]
        engine = provider.describe_engine()
    except (TranslationError, PermanentError) as exc:
        return missing(_PART, str(exc), fix)
    if "en" not in into:
        return warn(_PART, f"{engine} translates nothing into English", "install its models for English")
    return ok(_PART, f"{engine} at {settings.translation_url}: {len(pairs)} languages, into {', '.join(into)}")
