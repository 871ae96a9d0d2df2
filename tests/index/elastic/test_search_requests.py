"""The ledger beside the records takes any number of campaigns at once."""

from enrichment.campaigns.linkage import Campaign
from index.base import CampaignRecord


def _campaign(number, **more):
    return CampaignRecord(campaign=Campaign(id=f"c-{number:04}", members=(f"id{number}",), links=()), **more)


def test_campaigns_by_the_thousand_are_written_while_others_are_removed(elastic_store):
    elastic_store.put_campaigns([_campaign(number) for number in range(3)])
    written = [_campaign(number, growth=1) for number in range(2, 1200)]
    elastic_store.put_campaigns(written, gone=["c-0001", "c-never"])
    assert list(elastic_store.campaigns()) == [_campaign(0), *written]
