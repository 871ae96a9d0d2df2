"""One signed and accepted commit is in force, and nothing else."""

import pytest

from desk.cases.accepted_seeds import accepted_seeds
from desk.refusals import DeskRefusal
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.in_force import replace_seeds
from lurewatch.app.seeds.seed_acceptance import find_tree_problems, waiting_change
from tests.seed_house import SeedHouse, make_key


def test_what_one_signed_and_another_accepted_is_in_force(house: SeedHouse) -> None:
    house.edit("sources/board.yml", "title: JobLantern (sample)", "title: Jobs")
    made = house.commit("ann")
    assert house.in_force().sources[0].title == "JobLantern (sample)"
    house.accept("mallory")
    now = house.in_force()
    assert (now.commit, now.sources[0].title, now.seeds.name) == (made, "Jobs", made)
    with house.engine.connect() as connection:
        accepted = accepted_seeds(connection)
    assert accepted is not None and (accepted.signed_by, accepted.accepted_by) == ("ann", "mallory")
    assert now.sentence.startswith(f"commit {made[:12]}, signed by ann, accepted by mallory on ")
    assert house.waiting() is None


@pytest.mark.parametrize(("signer", "accepter"), [("mallory", "mallory"), ("ann", "ann"), ("ann", "ben"), ("", "ann")])
def test_one_person_puts_nothing_in_force(house: SeedHouse, signer: str, accepter: str) -> None:
    before = house.in_force().commit
    house.edit("sources/board.yml", "enabled: true", "enabled: false")
    house.commit(signer)
    with pytest.raises((DeskRefusal, PermanentError)):
        house.accept(accepter)
    assert house.in_force().commit == before and house.in_force().sources[0].enabled


def test_an_unsigned_commit_on_a_signed_one_is_left_out(house: SeedHouse) -> None:
    signed = house.commit("ann", "Look")
    house.edit("sources/board.yml", "enabled: true", "enabled: false")
    house.commit("", "Tidy")
    seen = house.waiting()
    assert seen is not None and seen.commit == signed


def test_a_faulty_tree_cannot_be_accepted(house: SeedHouse) -> None:
    house.edit("sources/board.yml", "kind: job_board", "kind: nonsense")
    house.edit("places.yml", "places:", "plces:")
    house.commit("ann")
    seen = house.waiting()
    assert seen is not None and "sources/board.yml:" in seen.refusal and "kind" in seen.refusal and "places.yml" in seen.refusal
    with pytest.raises(PermanentError, match="kind"):
        house.accept("mallory")


def test_a_rule_that_misses_its_own_example_is_a_fault(house: SeedHouse) -> None:
    rules = sorted(path for path in (house.seeds / "lures" / "en").glob("*.yml") if path.name != "words.yml")
    text = rules[0].read_text(encoding="utf-8")
    rules[0].write_text(
        text.replace("catches:", "spares_not:", 1).replace("spares_not:", "catches: [nothing of it]\n    was:", 1)
    )
    assert find_tree_problems(house.seeds, house.in_force())


def test_undoing_is_a_commit(house: SeedHouse) -> None:
    before = house.in_force()
    house.edit("sources/board.yml", "max_pages: 5", "max_pages: 6")
    house.commit("ann")
    house.accept("mallory")
    house.git("reset", "--quiet", "--hard", before.commit)
    assert house.waiting() is None, "an older commit waits"
    house.git("checkout", "--quiet", "-b", "aside", before.commit)
    house.commit("ann", "Aside")
    seen = house.waiting()
    assert seen is not None and "undoing is a commit of its own" in seen.refusal


def test_signers_are_those_of_the_commit_in_force(house: SeedHouse) -> None:
    line = make_key(house.folder, "eve").replace("eve@", "ann@")
    signers = house.seeds / "allowed_signers"
    signers.write_text(signers.read_text() + line)
    house.commit("eve")
    seen = house.waiting()
    assert seen is not None and not seen.signed_by and "no key that allowed_signers" in seen.refusal


def test_a_copy_that_was_changed_is_made_anew_and_a_changed_repository_is_refused(house: SeedHouse) -> None:
    copy = house.in_force().seeds / "sources" / "board.yml"
    said = copy.read_text(encoding="utf-8")
    copy.write_text(said.replace("enabled: true", "enabled: false"))
    (copy.parent / "more.yml").write_text(said)
    assert house.in_force().sources[0].enabled and len(house.in_force().sources) == 1


def test_a_folder_counts_as_it_stands_and_says_so(house: SeedHouse) -> None:
    plain = replace_seeds(house.settings, house.seeds)
    assert "changes need one person" in plain.sentence and plain.repository is None
    with pytest.raises(PermanentError, match="no git repository"):
        waiting_change(house.settings.model_copy(update={"seeds": house.in_force().seeds}), house.engine)


def test_the_repository_cannot_say_who_judges_signatures(house: SeedHouse) -> None:
    """A signature of another kind, and a program that calls it Ann's."""
    liar = house.folder / "liar"
    liar.write_text("#!/bin/sh\necho '[GNUPG:] GOODSIG 0123456789ABCDEF ann@example.org'\necho '[GNUPG:] TRUST_FULLY 0 pgp'\n")
    liar.chmod(0o755)
    for key in ("gpg.program", "gpg.openpgp.program", "gpg.ssh.program"):
        house.git("config", key, str(liar))
    house.edit("sources/board.yml", "enabled: true", "enabled: false")
    house.commit()
    raw = house.git("cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n aaaa\n -----END PGP SIGNATURE-----\n\n", 1
    )
    (house.folder / "forged").write_text(f"{raw}\n", encoding="utf-8")
    house.git("reset", "--quiet", "--hard", house.git("hash-object", "-t", "commit", "-w", str(house.folder / "forged")))
    assert house.git("log", "-1", "--format=%G?%GS") == "Gann@example.org", "the liar is not believed by git itself"
    seen = house.waiting()
    assert seen is not None and not seen.signed_by and seen.refusal
