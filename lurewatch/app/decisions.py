"""Use cases of analysts' decisions: as labels for training, and as outcomes of each rule."""

from collections.abc import Collection

from desk.cases.case_decisions import decided_cases
from desk.database import open_database
from lurewatch.app.app_errors import typed_errors
from lurewatch.app.resources import index_opened
from lurewatch.models import judges
from lurewatch.models.labels import Labels, labels_of
from lurewatch.models.rule_outcomes import Tallies, tallies
from lurewatch.settings import Settings


@typed_errors()
def labels(settings: Settings, without: Collection[str] = ()) -> Labels:
    """Return all decisions of the desk as labels, those of the people in ``without`` passed over.

    Raises PermanentError or TransientError when database or index cannot be opened.
    """
    with open_database(settings.database).connect() as connection:
        cases = list(decided_cases(connection))
    with index_opened(settings) as store:
        records = store.get_many(case.item_id for case in cases)
    return labels_of(cases, records, without)


@typed_errors()
def outcomes(settings: Settings) -> Tallies:
    """Return confirmed and dismissed texts per rule and indicator of the lexicon in use, with what is proposed."""
    return tallies(labels(settings).labels, judges.champion(settings).evidence)
