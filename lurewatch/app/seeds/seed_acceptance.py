"""Accepts valid seed files, so that they stay in force when somebody breaks one."""

import logging

from enrichment.errors import SeedsError
from lurewatch.app.lures.lexicon_in_force import accept_lexicon
from lurewatch.app.seeds.settings_in_force import pending_settings
from lurewatch.app.seeds.sources_in_force import accept_sources
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.app.seeds.seed_acceptance")


def accept_seeds(settings: Settings) -> None:
    """Accept each valid source file, and the lexicon if it is valid; log what is faulty. Raises SourceError without a folder.

    Called every five minutes: what an operator wrote and nobody ran yet is accepted, too.
    """
    for fault in accept_sources(settings).faults:
        LOG.warning("%s; %s", "; ".join(fault.problems), fault.consequence)
    for setting in pending_settings(settings, note=True):
        LOG.warning("%s", setting.sentence)
    try:
        problems = accept_lexicon(settings).problems
    except SeedsError as exc:
        problems = tuple(str(exc).splitlines())
    for problem in problems:
        LOG.warning("%s; the lexicon accepted last stays in force, if there is one", problem)
