"""The order of the test files names files that are there, and leaves no test out."""

from types import SimpleNamespace

from tests.conftest import ROOT
from tests.order import LONGEST, pytest_collection_modifyitems

NO_OPTION = SimpleNamespace(getoption=lambda name: False)


def test_every_file_it_names_is_there():
    assert [name for name in LONGEST if not (ROOT / name).is_file()] == []


def test_the_longest_files_come_first_and_the_others_keep_their_order():
    nodes = ["tests/b.py::one", "tests/a.py::two", f"{LONGEST[1]}::three", f"{LONGEST[0]}::four", "tests/b.py::five"]
    items = [SimpleNamespace(nodeid=node) for node in nodes]
    pytest_collection_modifyitems(NO_OPTION, items)
    assert [item.nodeid for item in items] == [nodes[3], nodes[2], nodes[0], nodes[1], nodes[4]]
