"""Decides whether a source rests because its site refused us, until a person has looked.

It reads the newest run's report, so nothing else is stored.
"""

from crawlers.crawl_errors import PartitionError
from crawlers.evidence.partition import partitions, read_report
from crawlers.sources.source import Source
from lurewatch.app.seeds.sources_in_force import source_in_force
from lurewatch.settings import Settings


def rests_because(settings: Settings, source: Source) -> str:
    """Return why a source is not crawled by the schedule, and how to go on; empty while it may be.

    It rests when its newest run ended ``blocked`` and its file is still the one that run was made by.
    """
    newest = partitions(settings.runs, source.name)[-1:]
    try:
        report = read_report(newest[0]) if newest else None
    except PartitionError:
        return ""  # `sources health` tells of it
    if report is None or report.state != "blocked":
        return ""
    version = source_in_force(settings, source.name).versions.get(source.name)
    if report.versions.get("source") != version:
        return ""
    return (
        f"{source.name} rests: the site refused run {report.run_id} ({report.reason}); see `lurewatch sources health "
        f"{source.name}`, then change {source.name}.yml (a longer delay, or a dated comment), or start a run yourself"
    )
