"""Who can write runs and has no key that counts gets nothing loaded and nothing packed, before and after the ledger saw a run."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, REPORT
from crawlers.evidence.run_signature import SIGNATURE, SIGNERS, read_key, sign
from desk.custody.evidence_pack import pack
from desk.custody.kept_records import EvidenceError
from desk.database import open_database
from foundation.crawl_errors import StateError
from index.base import Query
from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import store_of
from lurewatch.cli.contents import cli
from tests.desk.conftest import record  # noqa: F401 - a fixture
from tests.desk.custody.conftest import KEY, LISTED, TEXT, Run, indexed, seal_run
from tests.lurewatch.conftest import workplace  # noqa: F401 - a fixture

INNOCENT = TEXT.replace("@bright_hr_demo", "@innocent_demo")
STRANGER, EXPIRED, FUTURE, OTHER_USE = (Ed25519PrivateKey.generate() for _ in range(4))


def line(key: Ed25519PrivateKey, options: str) -> bytes:
    return f"x@example.org {options} ".encode() + key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + b"\n"


ALL = LISTED + b"".join(
    (line(EXPIRED, 'valid-before="20260101"'), line(FUTURE, 'valid-after="20990101"'), line(OTHER_USE, 'namespaces="git"'))
)


def take(run: Run, forged: Run, *names: str) -> None:
    """Put files of a forged run in the place of a run's."""
    for name in names:
        (run.folder / name).write_bytes((forged.folder / name).read_bytes())


def swap(sign_anew: Callable[[bytes, bytes], bytes | None]) -> Callable[[Run, Run], None]:
    """Return what swaps a whole run, digests renewed; the new signature is made of the new report and the old signature."""

    def forge(run: Run, forged: Run) -> None:
        was = (run.folder / SIGNATURE).read_bytes()
        take(run, forged, CAPTURES, POSTINGS, REPORT)
        (run.folder / SIGNATURE).unlink()
        if made := sign_anew((run.folder / REPORT).read_bytes(), was):
            (run.folder / SIGNATURE).write_bytes(made)

    return forge


def older(run: Run, forged: Run) -> None:
    """Say that a release before signing made the run."""
    forged.report(lambda report: report.update(versions={"lurewatch": "0.2.0"}, started_at="2020-01-01T00:00:00Z"))
    swap(lambda *_: None)(run, forged)


def copy(run: Run, forged: Run) -> None:
    """Put another signed run, as it is, into the folder."""
    swap(lambda *_: None)(run, forged)
    other = seal_run(run.folder.with_name("20261101T030000Z"), INNOCENT)
    other.report(lambda report: report["digests"].update({REJECTS: "0" * 64}))
    take(run, other, CAPTURES, POSTINGS, REPORT, SIGNATURE)
    shutil.rmtree(other.folder)


def borrow(run: Run, forged: Run) -> None:
    """Cut the postings, whose lines a forged unsigned run beside bears out."""
    beside = run.folder.with_name(f"a{run.folder.name}")
    shutil.copytree(forged.folder, beside)
    (beside / SIGNATURE).unlink()
    kept = [(each, each.capture) for each in forged.postings if each.capture]
    forged.tell(*(msgspec.structs.replace(each, capture=msgspec.structs.replace(own, run=beside.name)) for each, own in kept))
    (run.folder / POSTINGS).write_bytes((forged.folder / POSTINGS).read_bytes()[:-4])


FORGERIES: dict[str, Callable[[Run, Run], object]] = {
    "old signature": swap(lambda _, was: was),
    "no signature": swap(lambda *_: None),
    "empty signature": swap(lambda *_: b"\n"),
    "cut signature": swap(lambda report, _: sign(report, STRANGER)[:-60]),
    "cut old signature": swap(lambda _, was: was[: len(was) // 2]),
    "no armour": swap(lambda report, _: sign(report, STRANGER).replace(b"SSH SIGNATURE", b"PGP SIGNATURE")),
    "stranger's key": swap(lambda report, _: sign(report, STRANGER)),
    "expired key": swap(lambda report, _: sign(report, EXPIRED)),
    "key of the future": swap(lambda report, _: sign(report, FUTURE)),
    "key for another use": swap(lambda report, _: sign(report, OTHER_USE)),
    "made for another use": swap(lambda report, _: sign(report, KEY, "git")),
    "of other words": swap(lambda report, _: sign(report + b"\n", KEY)),
    "two signatures": swap(lambda report, was: was + sign(report, STRANGER)),
    "stranger's first": swap(lambda report, was: sign(report, STRANGER) + was),
    "the list as signature": swap(lambda *_: ALL),
    "an older version": older,
    "another run's": copy,
    "both files, old report": lambda run, forged: take(run, forged, CAPTURES, POSTINGS),
    "captures alone": lambda run, forged: take(run, forged, CAPTURES),
    "postings alone": lambda run, forged: take(run, forged, POSTINGS),
    "no report": lambda run, forged: (take(run, forged, CAPTURES, POSTINGS), (run.folder / REPORT).unlink()),
    "half a report": lambda run, forged: (take(run, forged, CAPTURES, POSTINGS), (run.folder / REPORT).write_bytes(b'{"a":')),
    "borrowed lines": borrow,
}  # fmt: skip


def lurewatch(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def told() -> str:
    """Return all that the index says."""
    store = store_of(load_in_force())
    said = "".join(str(msgspec.to_builtins(each.posting)) for each in store.scan(Query()))
    store.close()
    return said


@pytest.mark.parametrize("seen", [False, True], ids=["before the ledger saw them", "after"])
def test_no_forged_run_is_loaded_or_packed(workplace: Path, record, seen: bool) -> None:  # noqa: F811
    (workplace / "seeds" / SIGNERS).write_bytes(ALL)
    runs = workplace / "runs" / "sample_board"
    made = [(seal_run(runs / f"2026112{n // 10}T{n % 10:02}0000Z"), forge) for n, forge in enumerate(FORGERIES.values())]
    if seen:
        assert lurewatch("load", "--pending")[0] == 0
        assert "bright_hr_demo" in told()
    for run, forge in made:
        forge(run, forged := seal_run(workplace / "forged" / "sample_board" / run.folder.name, INNOCENT))
        shutil.rmtree(forged.folder)
    code, said = lurewatch("load", *(run.address for run, _ in made))
    unnamed = [
        run.address
        for run, _ in made
        if not {f"failed  {run.address}", f"damaged {run.address}"} & {*re.findall(r"^\w+ +\S+(?=:)", said, re.M)}
    ]
    assert (code, unnamed) == (1, []), said
    assert lurewatch("index", "verify")[0] == 1
    lurewatch("index", "rebuild", "--accept-loss")
    assert "innocent" not in told()
    settings = load_in_force()
    engine = open_database(settings.database)
    for run, _ in made:
        for posting in (run.postings[1], msgspec.structs.replace(run.postings[1], text=INNOCENT)):
            item = indexed(record, run, posting)
            with pytest.raises(EvidenceError):
                pack(engine, item, now=datetime.now(UTC), by="ana", signers=settings.run_signers)
    assert len(made) >= 20


def test_a_run_from_before_the_list_stays_and_is_no_evidence(workplace: Path, record) -> None:  # noqa: F811
    """The ledger's note says which are from before, never a date in a report."""
    first, second = (seal_run(workplace / "runs" / "sample_board" / name) for name in ("20261123T030000Z", "20261124T030000Z"))
    for run in (first, second):
        (run.folder / SIGNATURE).unlink()
    assert lurewatch("load", first.address)[0] == 0
    (workplace / "seeds" / SIGNERS).write_bytes(LISTED)
    assert [lurewatch("load", run.address)[0] for run in (first, second)] == [0, 1]
    settings = load_in_force()
    with pytest.raises(EvidenceError, match="unsigned"):
        pack(
            open_database(settings.database), indexed(record, first, first.postings[1]), now=datetime.now(UTC), by="ana",
            signers=settings.run_signers,
        )  # fmt: skip


@pytest.mark.parametrize("content", [None, b"no key"])
def test_a_key_that_cannot_be_used_is_named_with_the_fix(tmp_path: Path, content: bytes | None) -> None:
    if content:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(StateError, match="LUREWATCH_RUN_KEY, made by `ssh-keygen -t ed25519"):
        read_key(tmp_path / "key", tmp_path)
