"""Checks the translation service."""

from desk.translation.chat_endpoint import ChatEndpoint
from desk.translation.provider import TranslationError
from foundation.messages import LANGUAGES
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.doctor.findings import Finding, missing, ok, warn
from lurewatch.app.translate import provider_of
from lurewatch.settings import Settings


def translation(settings: Settings) -> Finding:
    """Check that the translation service answers and translates into the languages people read; it is sent no text."""
    fix = "start it, or correct LUREWATCH_TRANSLATION_URL; without one adverts are read in their own language"
    try:
        provider = provider_of(settings)
        if provider is None:
            return ok("translation", "off: no text leaves; a service that you host can be named in LUREWATCH_TRANSLATION_URL")
        if isinstance(provider, ChatEndpoint):
            served = provider.models()
            if settings.translation_model not in served:
                names = ", ".join(served[:5]) or "none"
                return warn(
                    "translation",
                    f"{provider.name} is not among the models it lists: {names}",
                    "correct LUREWATCH_TRANSLATION_MODEL",
                )
            return ok("translation", f"{provider.describe_engine()} at {settings.translation_url}")
        pairs = provider.languages()
        into = [code for code in LANGUAGES if any(code in targets for targets in pairs.values())]
        engine = provider.describe_engine()
    except (TranslationError, PermanentError) as exc:
        return missing("translation", str(exc), fix)
    if "en" not in into:
        return warn("translation", f"{engine} translates nothing into English", "install its models for English")
    return ok("translation", f"{engine} at {settings.translation_url}: {len(pairs)} languages, into {', '.join(into)}")
