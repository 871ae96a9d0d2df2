"""The order of the test files names files that are there, leaves no test out, and keeps waiting files to a few workers."""

from types import SimpleNamespace

import pytest
from xdist.remote import Producer

from tests.conftest import ROOT
from tests.order import FIRST, LONGEST, WAITING, pytest_collection_modifyitems, pytest_xdist_make_scheduler

NO_OPTION = SimpleNamespace(getoption=lambda name: False)


class Worker:
    """Takes tests as a worker of pytest-xdist does, and runs none."""

    def __init__(self, number):
        self.given, self.shutting_down, self.gateway = [], False, SimpleNamespace(id=f"gw{number}")

    def send_runtest_some(self, indices):
        self.given.extend(indices)

    def shutdown(self):
        self.shutting_down = True


def hand_out(workers, files):
    """Return the files that each worker was given first, one test each, and what is handed out in all."""
    given = {"dist": "loadfile", "tx": [f"{workers}*popen"]}
    config = SimpleNamespace(getoption=given.get, getvalue=given.get, option=SimpleNamespace(loadscopereorder=False))
    scheduler = pytest_xdist_make_scheduler(config, Producer("", enabled=False))
    tests = [f"{file}::{number}" for file in files for number in range(3)]
    nodes = [Worker(number) for number in range(workers)]
    for node in nodes:
        scheduler.add_node(node)
        scheduler.add_node_collection(node, tests)
    scheduler.schedule()
    begun = [tests[node.given[0]].partition("::")[0] for node in nodes]
    while scheduler.has_pending and not all(node.shutting_down for node in nodes):
        for node in nodes:
            for index in node.given:
                scheduler.mark_test_complete(node, index)
    return begun, sorted(tests[index] for node in nodes for index in node.given), sorted(tests)


def test_every_file_it_names_is_there():
    assert [name for name in FIRST if not (ROOT / name).is_file()] == []


def test_the_longest_files_come_first_and_the_others_keep_their_order():
    nodes = ["tests/b.py::one", "tests/a.py::two", f"{LONGEST[0]}::three", f"{WAITING[0]}::four", "tests/b.py::five"]
    items = [SimpleNamespace(nodeid=node) for node in nodes]
    pytest_collection_modifyitems(NO_OPTION, items)
    assert [item.nodeid for item in items] == [nodes[3], nodes[2], nodes[0], nodes[1], nodes[4]]


@pytest.mark.parametrize(("workers", "waiters"), [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2)])
def test_files_that_wait_leave_at_least_half_of_the_workers_to_the_others(workers, waiters):
    begun, given, wanted = hand_out(workers, [*FIRST, "tests/a.py", "tests/b.py"])
    assert [file in WAITING for file in begun] == [True] * waiters + [False] * (workers - waiters)
    assert given == wanted


@pytest.mark.parametrize("files", [WAITING, LONGEST])
def test_files_of_one_kind_alone_are_handed_to_all_workers(files):
    begun, given, wanted = hand_out(3, files)
    assert begun == list(files[:3])
    assert given == wanted
