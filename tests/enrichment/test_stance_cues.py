"""Who speaks is told before anything is weighed."""

import pytest

from enrichment.assess import Assessor
from enrichment.stance_cues import WITHOUT_CUE, StanceWeights, counter, stance_label

SAID = {
    "offer": "We are hiring customer service staff, apply now, send your CV on Telegram.",
    "warning": "Police warn: beware of fake job offers abroad. Do not go. Report suspicious advertisements to the hotline.",
    "news": "Police said on Monday that 120 people were rescued from a scam compound; officials said two suspects were arrested.",
    "testimony": "My story: I was sold to a compound. They beat me and took my passport. My family paid a ransom. I escaped.",
}


@pytest.mark.parametrize("voice", SAID)
def test_each_voice_is_heard(assessor: Assessor, voice: str) -> None:
    """One plain text each."""
    found = assessor.assess(id="1", title=None, text=SAID[voice])
    assert found.stance == voice
    assert voice == "offer" or not found.flagged


def test_a_text_that_says_nothing_of_work_has_no_voice(assessor: Assessor) -> None:
    """Rather other than a guess."""
    assert assessor.assess(id="1", title=None, text="The weather is fine.").stance == "other"


def test_lure_words_count_less_the_likelier_a_text_is_no_offer(assessor: Assessor) -> None:
    """Cues of reports and how the text is worded add up; something is always left of what is quoted."""
    found = assessor.evidence(SAID["testimony"])
    shares = [counter(found, worded, 0.0, StanceWeights(), reached=True) for worded in (-1.0, 0.0, 1.0)]
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] <= 0.96
    assert counter(assessor.evidence(SAID["offer"]), 0.0, 0.0, StanceWeights(), reached=True) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "Live casino tonight! 200% welcome bonus on your first deposit, 50 free spins. Register now",
        "Instant personal loan, approved in 5 minutes, no collateral. Repay monthly. Apply now",
        "Nhà cái tặng 100% nạp lần đầu, đăng ký nhận 50k",
    ],
)
def test_who_only_sells_lends_or_takes_bets_offers_no_work(assessor: Assessor, text: str) -> None:
    """Spam, but nobody is lured to work."""
    found = assessor.assess(id="1", title=None, text=text)
    assert (found.stance, found.flagged) == ("other", False)


def test_wording_alone_takes_a_quarter_of_lure_words_at_most() -> None:
    """A language or a few n-grams are no reason where a contact is given; without one the wording is believed."""
    assert counter([], 1.0, 0.0, StanceWeights(none=2.0), reached=True) == WITHOUT_CUE
    assert counter([], 1.0, 1.0, StanceWeights(none=2.0), reached=True) > WITHOUT_CUE
    assert counter([], 1.0, 0.0, StanceWeights(), reached=False) > 0.8


def test_a_text_without_any_cue_is_no_warning() -> None:
    """Rather other than a voice nobody raised."""
    assert stance_label([], work=True, counter=0.9) == "other"
    assert stance_label([], work=True, counter=0.2) == "offer"


def test_who_buys_bank_accounts_in_few_words_makes_an_offer(assessor: Assessor) -> None:
    """A short Vietnamese call, which was once taken for a warning by its language."""
    found = assessor.assess(id="1", title=None, text="Thu mua tài khoản ngân hàng, 2 triệu một cái, ib mình")
    assert (found.stance, found.flagged) == ("offer", True)
