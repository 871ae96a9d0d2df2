"""The tables over all code points: every one has a fold, a script and a bare form."""

import numpy as np

from enrichment.text.characters import SCRIPT, SCRIPTS, SIZE, tables


def test_every_code_point_has_an_entry_in_every_table() -> None:
    """No text can point outside."""
    made = tables()
    assert min(len(made.script), len(made.kind), len(made.folded), len(made.bare), len(made.traits)) >= SIZE
    assert int(made.script.max()) < len(SCRIPTS)


def test_letters_belong_to_their_script_and_digits_to_none() -> None:
    """One of each of some scripts."""
    script = tables().script
    for char, name in (("a", "Latn"), ("Ж", "Cyrl"), ("高", "Hani"), ("ก", "Thai"), ("ក", "Khmr"), ("မ", "Mymr"), ("अ", "Deva")):
        assert script[ord(char)] == SCRIPT[name]
    assert script[ord("1")] == script[ord(" ")] == 0


def test_folding_twice_is_folding_once_for_plain_letters() -> None:
    """Capitals and full-width letters become the same small ones."""
    folded = tables().folded
    assert folded[ord("A")] == folded[ord("\uff21")] == ord("a")
    small = np.arange(ord("a"), ord("z") + 1)
    assert (folded[small] == small).all()
