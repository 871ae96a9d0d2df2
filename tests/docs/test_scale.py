"""docs/scale.md says what the arithmetic gives, and the arithmetic holds its own bounds."""

import pytest

from benchmarks.scale import MEASURED, STEPS, tables
from benchmarks.scale_needs import (
    BUSY,
    DAY,
    DELAY,
    KEPT_DAYS,
    RUN_SECONDS,
    RUNS_A_DAY,
    SHARD_BYTES,
    SLOTS,
    ListingCosts,
    needs,
    size,
)
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
ONE_SECOND = ListingCosts(
    crawl_seconds=0.5, assess_seconds=0.3, load_seconds=0.2, evidence_bytes=900, partition_bytes=100, index_bytes=1000,
    state_bytes=10,
)  # fmt: skip


def test_the_page_has_the_tables_that_the_command_prints():
    """``python -m benchmarks.scale --table`` prints them."""
    costs, steps = tables(MEASURED).split("\n\n")
    assert costs in PAGE and steps in PAGE


def test_every_cost_was_measured():
    assert all(getattr(MEASURED, name) > 0 for name in MEASURED.__struct_fields__)


def test_a_second_of_processor_for_each_listing_of_half_a_day_is_a_core_and_each_run_has_its_start():
    need = needs(ONE_SECOND, DAY // 2)
    assert need.cores == pytest.approx(1.0 + need.crawls * RUNS_A_DAY * RUN_SECONDS / DAY / BUSY)


def test_a_worker_reads_as_many_sites_at_once_as_docker_compose_lets_it():
    assert f'worker, --concurrency, "{SLOTS}"' in (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("listings", STEPS)
def test_what_is_planned_bears_the_load(listings):
    need = needs(MEASURED, listings)
    assert need.crawls * DAY * BUSY / DELAY >= listings, "requests that so many sites give politely"
    assert need.workers * SLOTS >= need.crawls
    assert need.shards * SHARD_BYTES >= listings * KEPT_DAYS * MEASURED.index_bytes


def test_ten_times_the_listings_need_ten_times_the_room():
    few, many = needs(ONE_SECOND, 10_000), needs(ONE_SECOND, 100_000)
    assert many.objects_bytes == 10 * few.objects_bytes == 100_000 * KEPT_DAYS * 1000
    assert (many.records, many.state_bytes, many.decisions) == (10 * few.records, 10 * few.state_bytes, 10 * few.decisions)


def test_bytes_are_said_in_decimal_units():
    assert [size(value) for value in (999, 1500, 2.5e9, 7.2e13, 4.3e15)] == ["999 B", "1.5 kB", "2.5 GB", "72 TB", "4,300 TB"]


def test_the_page_names_the_figure_that_bounds_it():
    assert f"{needs(MEASURED, STEPS[-1]).crawls:,} hosts" in PAGE
