"""What is in force: the settings with the seeds of the accepted commit, or with the files as they stand.

A commit is in force that one person signed and another accepted (``lurewatch.app.seeds.seed_acceptance``); before the first
one, the seeds of the release where ``LUREWATCH_SEEDS`` is a git work tree of its own, else its files as they stand. A commit is
read from a copy named by its id, whose files must be those that the ledger names. It is read once a run or process and handed
down.
"""

import logging
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import msgspec

from enrichment.errors import ModelError, SeedsError
from foundation.messages import _
from foundation.whole_files import replace_file
from lurewatch.app.app_errors import typed_errors
from lurewatch.app.resources import desk_if_made
from lurewatch.app.seeds.seed_commits import content_digest, is_repository, read_commit, read_folder, write_files
from lurewatch.settings import SHIPPED_SEEDS, Settings, load_settings

if TYPE_CHECKING:
    from crawlers.sources.source import Source
    from crawlers.sources.source_folder import SourceFiles
    from desk.cases.accepted_seeds import AcceptedSeeds
    from desk.platforms import Platforms
    from lurewatch.app.seeds.judging import Judging

LOG = logging.getLogger("lurewatch.app.in_force")
NOTE = "in-force.json"
"""In the folder of the copies: the ledger's word, for services that may not read the desk's database and ask it when they run."""


class InForce(Settings):
    """The settings, whose ``seeds`` are those in force; a part of them is read when it is first asked for, and once."""

    repository: Path | None = None
    """Work tree that the commit is of; None where the files count as they stand."""
    acceptance: Any = None
    """The ledger's AcceptedSeeds; None before the first, and where files count as they stand."""

    @property
    def commit(self) -> str:
        """Id of the commit in force; empty: files as they stand, or the release's."""
        accepted: AcceptedSeeds | None = self.acceptance
        return accepted.commit if accepted else ""

    @property
    def sentence(self) -> str:
        """What is in force and what a change needs, as a sentence."""
        accepted: AcceptedSeeds | None = self.acceptance
        if accepted is not None:
            return _(
                "commit %(commit)s, signed by %(signer)s, accepted by %(accepter)s on %(day)s",
                commit=accepted.commit[:12], signer=accepted.signed_by, accepter=accepted.accepted_by,
                day=f"{accepted.at:%Y-%m-%d}",
            )  # fmt: skip
        if self.repository:
            return _("the seeds of this release: no commit was accepted yet (`lurewatch seeds accept`)")
        return _("files as they stand in %(folder)s: changes need one person", folder=self.seeds)

    @property
    def run_signers(self) -> bytes:
        """The keys that may sign runs, in OpenSSH's format: the seeds' list; where they are plain files without one, that of the
        worker here. Empty: nobody named any yet."""
        from crawlers.evidence.run_signature import SIGNERS

        places = [self.seeds / SIGNERS, *([] if self.repository else [self.state / SIGNERS])]
        return next((place.read_bytes() for place in places if place.is_file()), b"")

    @cached_property
    def files(self) -> "SourceFiles":
        """The source files, faulty ones told apart; raises SourceError only where there is no folder of them."""
        from crawlers.sources.source_folder import read_source_files

        return read_source_files(self.seeds)

    def source_file(self, name: str) -> "SourceFiles":
        """Return what stands in the file of one source, reading no other; nothing when there is no file of that name."""
        from crawlers.sources.source_folder import read_source_file

        return read_source_file(self.seeds, name)

    def source_if_right(self, name: str) -> "Source | None":
        """Return one source; None when its file is gone or faulty."""
        from foundation.crawl_errors import SourceError

        try:
            return next(iter(self.source_file(name).sources), None)
        except SourceError:
            return None

    @property
    def sources(self) -> "tuple[Source, ...]":
        """All sources by name; raises SourceError listing every problem of their files."""
        from foundation.crawl_errors import SourceError

        if problems := self.files.problems:
            raise SourceError("\n".join(problems))
        return self.files.sources

    @property
    def receivers(self) -> "Platforms":
        """The receivers of lists, and beside them each source that is its own; raises SourceError with file and line."""
        from foundation.crawl_errors import SourceError

        platforms, faults = self.right_receivers
        if faults:
            raise SourceError("\n".join(faults.values()))
        return platforms

    @cached_property
    def right_receivers(self) -> "tuple[Platforms, dict[str, str]]":
        """The receivers without those whose source file is faulty, and what is wrong with each of these, by source.

        Raises SourceError where platforms.yml is faulty.
        """
        from desk.platforms import add_own_receivers, load_platforms

        faults = {fault.source: "\n".join(fault.problems) for fault in self.files.faults}
        receivers = add_own_receivers(self.seeds, load_platforms(self.seeds), self.files.sources, faults)
        return receivers.mark_commit(self.commit), faults

    @cached_property
    def judging(self) -> "Judging":
        """The digests of all that judges."""
        from lurewatch.app.seeds.judging import read_judging

        return read_judging(self.seeds)

    def describe_other_judge(self) -> str:
        """Return which parts of what judges are not those that were accepted with the commit; empty where all are."""
        accepted: AcceptedSeeds | None = self.acceptance
        return self.judging.describe_changes(accepted.judged_by) if accepted else ""

    @property
    def expected_digest(self) -> str | None:
        """What lexicon and places are parsed to (``seeds.judging.expected_digest``)."""
        from lurewatch.app.seeds.judging import expected_digest

        accepted: AcceptedSeeds | None = self.acceptance
        return expected_digest(self.judging, accepted.judged_by if accepted else None, accepted_folder(self))


def load_in_force() -> InForce:
    """Read the settings, and what is in force; raises SettingsError and what ``read_in_force`` raises."""
    return read_in_force(load_settings())


@typed_errors()
def read_in_force(settings: Settings) -> InForce:
    """Return what is in force, by the ledger: where that names a commit, no folder counts as it stands.

    Raises TransientError while the desk's database is away, PermanentError where the accepted commit is nowhere to be read.
    """
    accepted = _ask_ledger(settings)
    if accepted is None and not is_repository(repository := _repository_of(settings)):
        return replace_seeds(settings, repository)
    return read_named(settings, accepted)


def ensure_in_force(settings: Settings) -> InForce:
    """Return what was handed down; where that is settings alone, read what is in force."""
    return settings if isinstance(settings, InForce) else read_in_force(settings)


def _repository_of(settings: Settings) -> Path:
    return (settings.repository if isinstance(settings, InForce) else None) or settings.seeds


def _ask_ledger(settings: Settings) -> "AcceptedSeeds | None":
    """Return the accepted commit; None before the first. A service without the desk's database asks what the others noted."""
    file = settings.database_file
    if file is None or file.exists():
        from desk.cases.accepted_seeds import accepted_seeds

        with desk_if_made(settings) as engine:
            if engine is not None:
                with engine.connect() as connection:
                    accepted = accepted_seeds(connection)
                _keep_note(settings, accepted)
                return accepted
    return _read_note(settings)


def read_named(settings: Settings, accepted: "AcceptedSeeds | None") -> InForce:
    """Return what is in force where the ledger names ``accepted``; raise SeedsError where its commit is nowhere to be read."""
    repository = _repository_of(settings)
    folder = SHIPPED_SEEDS if accepted is None else copy_of(settings, repository, accepted.commit, accepted.content)
    return replace_seeds(settings, folder, repository, accepted)


def replace_seeds(
    settings: Settings, seeds: Path, repository: Path | None = None, accepted: "AcceptedSeeds | None" = None
) -> InForce:
    """Return the settings with other seeds."""
    given = settings.model_dump(include=set(Settings.model_fields)) | {"seeds": seeds}
    return InForce(**given, repository=repository, acceptance=accepted)


def refuse_other_judge(settings: Settings) -> None:
    """Raise ModelError where lexicon, places or model are not what was accepted with this code; log where the code is another."""
    if not isinstance(settings, InForce) or not (changed := settings.describe_other_judge()):
        return
    said = f"what judges is not what was accepted: {changed}"
    if "code " not in changed:
        raise ModelError(f"{said}; put it back, or look at `lurewatch seeds diff` and accept it")
    LOG.warning("%s; look at `lurewatch seeds diff`, then accept it", said)


def accepted_folder(settings: Settings) -> Path:
    """Return the folder of the copies; it may not be there yet."""
    return settings.accepted or settings.state / "accepted"


def copy_of(settings: Settings, repository: Path, commit: str, content: str) -> Path:
    """Return a folder with a commit's files, of the digest ``content``; made anew where it was changed. Raises SeedsError.

    It appears whole: several services may need it at once, each the first.
    """
    folder = accepted_folder(settings) / commit
    if content_digest(read_folder(folder)) == content:
        return folder
    files = read_commit(repository, commit)
    if content_digest(files) != content:
        raise SeedsError(f"commit {commit} is not the one that was accepted; put the repository back from its backup")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=f".{commit[:12]}.") as made:
            write_files(new := Path(made) / "new", files)
            try:
                new.rename(folder)
            except OSError:  # one is there: another service's, or the changed one
                if content_digest(read_folder(folder)) != content:
                    folder.rename(Path(made) / "changed")
                    new.rename(folder)
    except OSError as exc:
        raise SeedsError(f"{folder}: the accepted seeds cannot be kept ({exc.strerror}); make it writable") from exc
    return folder


def _keep_note(settings: Settings, accepted: "AcceptedSeeds | None") -> None:
    path, content = accepted_folder(settings) / NOTE, msgspec.json.encode(accepted)
    if accepted is None and not path.exists():
        return
    try:
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, content)
    except OSError as exc:
        LOG.info("%s is not kept (%s): a service that may write there keeps it", path, exc.strerror)


def _read_note(settings: Settings) -> "AcceptedSeeds | None":
    path = accepted_folder(settings) / NOTE
    if not path.exists():
        return None
    from desk.cases.accepted_seeds import AcceptedSeeds

    try:
        return msgspec.json.decode(path.read_bytes(), type=AcceptedSeeds | None)
    except (OSError, msgspec.DecodeError) as exc:
        raise SeedsError(f"{path}: cannot be read ({exc}); a service with the desk's database writes it again") from exc
