"""Copied texts laid over each other share their constant tokens, whatever stands in the slots."""

from enrichment.campaigns.alignment import constant_runs, laid_over, tokens_of, typical, write_run


def test_words_numbers_and_handles_are_one_token_and_unspaced_scripts_go_by_letter() -> None:
    """So that a slot never cuts a handle in two."""
    assert [token.key for token in tokens_of("Pay $1,500.00: @sample_hr!")] == ["pay", "$1,500.00", ":", "@sample_hr", "!"]
    assert [token.key for token in tokens_of("高薪 งาน")] == ["高", "薪", "ง", "า", "น"]


def test_case_accents_and_traditional_characters_make_no_other_token() -> None:
    """Copies differ in them."""
    assert [token.key for token in tokens_of("VIỆC 電話")] == [token.key for token in tokens_of("viec 电话")]


def test_the_typical_text_has_most_in_common_with_the_others() -> None:
    """The base that all are laid over."""
    texts = ["come and work with us", "come and work with us today", "buy this car"]
    assert typical([list(tokens_of(text)) for text in texts]) == 0


def test_what_all_copies_share_is_constant_and_is_given_back_as_written() -> None:
    """A name that changes is a slot."""
    texts = [f"We hire typists, write to {name} now please" for name in ("anna", "berta", "carla", "dora", "emma")]
    tokens = [list(tokens_of(text)) for text in texts]
    over = [laid_over(tokens[0], other) for other in tokens]
    runs = constant_runs(tokens[0], over)
    assert [write_run(texts[0], tokens[0], run).strip() for run in runs] == ["We hire typists, write to", "now please"]


def test_texts_with_nothing_in_common_share_nothing_and_empty_ones_do_not_fail() -> None:
    """Whatever linking hands over."""
    one, other = list(tokens_of("alpha beta")), list(tokens_of("gamma delta"))
    assert laid_over(one, other) == {}
    assert constant_runs(one, [laid_over(one, one), laid_over(one, other)]) == []
    assert list(tokens_of("")) == []
    assert constant_runs([], [{}]) == []
