"""With security on: a key with the least rights is enough, and can do nothing else."""

import pytest
from elasticsearch import AuthorizationException, Elasticsearch

from index.base import Query, StoreError, WriteReport
from index.elastic.client import asking, rights
from index.elastic.elastic_store import ElasticStore
from tests.services.elasticsearch import SECURE_PASSWORD, SECURE_USER
from tests.services.processes import PATIENCE


@pytest.mark.slow
def test_the_key_the_docs_describe_is_enough_and_no_more(make_node, record):
    node = make_node(security=True)
    admin = Elasticsearch(node.url, basic_auth=(SECURE_USER, SECURE_PASSWORD), request_timeout=PATIENCE)
    with pytest.raises(StoreError, match="wants a valid API key; set LUREWATCH_STORE_API_KEY_FILE"):
        ElasticStore(node.url)
    with pytest.raises(StoreError, match="wants a valid API key"):
        ElasticStore(node.url, api_key="bm9uZTpub25l")

    def key(*, manage=False, erase=False):
        role = {"lurewatch": rights("lurewatch", manage=manage, erase=erase)}
        return admin.security.create_api_key(name="lurewatch", role_descriptors=role)["encoded"]

    daily = key()
    with pytest.raises(StoreError, match="the API key may not do this"):
        ElasticStore(node.url, api_key=daily)
    ElasticStore(node.url, api_key=key(manage=True)).close()
    admin.index(index="payroll", id="1", document={"secret": True}, refresh=True)

    store = ElasticStore(node.url, api_key=daily)
    assert store.put([record("a", "lương cao"), record("b", "job")]) == WriteReport(inserted=2)
    store.mark_loaded("runs/1", WriteReport(inserted=2))
    assert store.search(Query(words=("luong",))).total == 1
    assert store.loaded_partitions() == {"runs/1"}
    assert [one.id for one in store.scan(Query())] == ["a", "b"]
    assert (store.problems(), list(store.campaigns()), store.count()) == ((), [], 2)
    with pytest.raises(StoreError, match=r"1 records not deleted .*docs/store\.md lists the rights"):
        store.delete({"a": 1})
    store.close()
    store = ElasticStore(node.url, api_key=daily)
    store.put([record(f"more{number}", "job") for number in range(30)])
    store.close()
    admin.indices.put_settings(index="lurewatch-1", settings={"index.merge.policy.expunge_deletes_allowed": None})  # as of old
    eraser = ElasticStore(node.url, api_key=key(erase=True))
    assert eraser.delete({"a": 1}) == {"a"}
    eraser.scrub()
    assert admin.indices.stats(index="lurewatch-*", metric="docs")["_all"]["total"]["docs"]["deleted"] == 0
    with pytest.raises(StoreError, match="may not do this"), asking(node.url):
        Elasticsearch(node.url, api_key=key(erase=True)).indices.put_settings(index="lurewatch-1", settings={"priority": 1})
    eraser.unmark_loaded("runs/1")
    assert (eraser.loaded_partitions(), eraser.count()) == (frozenset(), 31)
    eraser.close()

    keyed = Elasticsearch(node.url, api_key=daily, request_timeout=PATIENCE)
    for forbidden in (
        lambda: keyed.search(index="payroll"),
        lambda: keyed.indices.delete(index="lurewatch-1"),
        lambda: keyed.delete_by_query(index="lurewatch", query={"match_all": {}}),
        lambda: keyed.security.create_api_key(name="more"),
        lambda: keyed.cluster.put_settings(persistent={"cluster.max_shards_per_node": 5}),
    ):
        with pytest.raises(AuthorizationException):
            forbidden()
    with pytest.raises(StoreError, match="may not do this"), asking(node.url):
        keyed.search(index="payroll")
    other = admin.security.create_api_key(name="reader", role_descriptors={"none": {"cluster": [], "indices": []}})["encoded"]
    with pytest.raises(StoreError, match="the API key may not do this"):
        ElasticStore(node.url, api_key=other)
    reads = [{"names": ["lurewatch", "lurewatch-*"], "privileges": ["read", "view_index_metadata", "monitor", "maintenance"]}]
    reading = admin.security.create_api_key(name="reading", role_descriptors={"r": {"cluster": ["monitor"], "indices": reads}})
    store = ElasticStore(node.url, api_key=reading["encoded"])
    with pytest.raises(StoreError, match=r"rights that docs/store.md lists|docs/store.md lists the rights"):
        store.put([record("c", "job")])  # no dead letter: the key is wrong, not the document
    store.close()
