"""Updates network points in the store where something changed.

It is called after linking and after decisions. A change of one record affects only records that share a tie with it, and each
of these is computed from all its neighbours: the result equals computing everything at once. (A record that lost a contact by
an edit is the exception: those it was tied to before are worked out when anything else of theirs changes, or by a relink.)
"""

from collections.abc import Iterable, Mapping
from itertools import islice

from msgspec.structs import replace

from enrichment.campaigns.network import Node, is_hub, network
from enrichment.campaigns.network_ties import node
from index.base import Record, RecordStore, Store, StoreError

WIDE = 200
"""Users from which a hub's are looked at only where they carry points."""
_ROUNDS = 8
_FRONT = 1000
"""Records worked out at once, and tokens asked for at once."""


def place(store: Store, ids: Iterable[str]) -> int:
    """Compute the network points of the records ``ids`` and of all they touch; return how many changed.

    Raises StoreUnavailable, and StoreError when other writers were quicker too often.
    """
    todo = iter(sorted({*ids}))
    changed = 0
    while part := set(islice(todo, _FRONT)):
        changed += _place_records(store, part)
    return changed


def _place_records(store: Store, wanted: set[str]) -> int:
    changed = 0
    for _ in range(_ROUNDS):
        moved = _moved_records(store, wanted)
        kept = store.put(moved).kept if moved else ()
        changed += len(moved) - len(kept)
        if not kept:
            return changed
        wanted = set(kept)
    raise StoreError(f"another writer changed the same records {_ROUNDS} times over; relink when it is done")


def as_node(record: Record) -> Node:
    """Return a record as the network sees it."""
    return node(record.posting, record.assessment, first_seen=record.first_seen, state=record.case)


def _moved_records(store: Store, ids: set[str]) -> list[Record]:
    """Return the records whose network is another than what they carry."""
    hubs = store.rules().hubs
    records = store.get_many(ids)
    nodes = {name: as_node(record) for name, record in records.items()}
    names, shared = set(nodes), _neighbour_tokens(nodes.values())
    records |= _find_alike(store, shared)
    nodes |= {name: as_node(record) for name, record in records.items() if name not in nodes}
    shared -= _wide(nodes)
    moving = {
        name
        for name, item in nodes.items()
        if name in names or records[name].network.reasons or any(not shared.isdisjoint(tie.tokens) for tie in item.ties)
    }
    for name, record in _find_alike(store, _neighbour_tokens(nodes[name] for name in moving)).items():
        if name not in nodes:
            nodes[name] = as_node(record)
    users = _users(nodes)
    results = []
    for name in moving:
        near = {other for tie in nodes[name].ties for token in tie.tokens for other in users.get(token, ())}
        result = network(nodes[name], [nodes[other] for other in sorted(near)], hubs)
        if result != records[name].network:
            results.append(replace(records[name], network=result, revision=records[name].revision + 1))
    return results


def _find_alike(store: RecordStore, tokens: Iterable[str]) -> dict[str, Record]:
    records: dict[str, Record] = {}
    todo = iter(sorted(tokens))
    while part := list(islice(todo, _FRONT)):
        records |= store.find_alike((), part)
    return records


def _neighbour_tokens(nodes: Iterable[Node]) -> set[str]:
    """Return what the neighbours of nodes are found by: those that speak of them, and those they speak of."""
    names = {token for item in nodes for token in (*item.tokens, *(token for tie in item.ties for token in tie.tokens))}
    return names | {f":{token.removeprefix('channel:')}" for token in names if token.startswith("channel:")}


def _users(nodes: Mapping[str, Node]) -> dict[str, set[str]]:
    users: dict[str, set[str]] = {}
    for name, item in nodes.items():
        for token in item.tokens:
            users.setdefault(token, set()).add(name)
    return users


def _wide(nodes: Mapping[str, Node]) -> set[str]:
    """Return the tokens of great hubs: their users can only lose points, so the many that have none are not worked out again."""
    return {
        token
        for token, names in _users(nodes).items()
        if len(names) > WIDE and is_hub([nodes[name] for name in names if nodes[name].offer])
    }
