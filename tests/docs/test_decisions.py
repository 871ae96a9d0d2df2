"""Each decision says when it was taken and whether it holds."""

import re

from tests.test_tree import ROOT, tracked

STATUS = re.compile(r"Date: 20\d\d-\d\d-\d\d\. Status: (?:accepted|proposed|rejected|replaced by)")


def test_each_decision_has_a_number_of_its_own_a_date_and_a_status() -> None:
    """In its first lines: what a reader looks for before the reasons."""
    files = tracked("docs/decisions/*.md")
    assert 20 < len(files) <= 40  # more than a reader keeps in mind is history, which git has
    numbers = [path.name[:4] for path in files]
    assert sorted({*numbers}) == sorted(numbers)
    lines = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").splitlines() for path in files}
    assert [name for name, (title, *_) in lines.items() if not title.startswith(f"# {name[15:19]} ")] == []
    assert [name for name, text in lines.items() if not (text[1] == "" and STATUS.match(text[2]))] == []
