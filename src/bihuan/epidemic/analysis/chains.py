"""Chains of an event: likely sources, generations, clusters, the race; laid out for a picture."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from bihuan.core.audit.services import System
from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.epidemic.models import Event
from bihuan.epidemic.rules.chains import Race, broken, confidence, race
from bihuan.epidemic.selectors.chains import Node, Stay, named_pairs, nodes_of, rings_of, stays_of
from bihuan_analytics.contacts import chains as followed
from bihuan_analytics.contacts import likely_infectors, tree_rows
from bihuan_analytics.early_warning import clusters
from bihuan_analytics.reproduction import discretised_gamma

NAMED, SHARED = 1.0, 0.5  # weight of a named contact and of a place shared
SEED = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Linked:
    """A case in the picture, with the source it is drawn under."""

    node: Node
    source: int | None
    sure: str  # checked | likely | possible | doubtful | "" without a source
    probability: float
    root: int
    generation: int
    row: int
    onward: int


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain: its first case, why that one, its size, and the race of its last generation."""

    first: Node
    reasons: tuple[str, ...]
    cases: int
    generations: int
    last: date
    race: Race | None
    broken: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cases that were at one place within an incubation period (M058)."""

    place: str
    first: date
    last: date
    cases: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the page of chains shows."""

    cases: tuple[Linked, ...] = ()
    chains: tuple[Chain, ...] = ()
    unlinked: tuple[Node, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    first: date = SEED
    last: date = SEED
    parents: dict[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """The values of the packs that a picture rests on."""

    mean: float
    sd: float
    unknown: float
    likely: float
    possible: float
    incubation: int
    quiet: float
    least: int


def rules_for(event: Event, at: datetime) -> Rules:
    """As the packs in force for the event's disease and place say."""

    def said(key: str) -> Any:
        return registry.value(key, at, scope=event.scope, disease=event.disease).value

    return Rules(
        float(said("serial.mean_days")), float(said("serial.sd_days")),
        float(said("chain.unknown_weight")), float(said("chain.likely")),
        float(said("chain.possible")), int(said("incubation.max_days")),
        float(said("chain.quiet_incubations")), int(said("cluster.min_cases")),
    )  # fmt: skip


def picture_of(*, event: Event, by: Actor, at: datetime) -> Picture:
    """The chains of an event as known at a moment. Five queries, however many cases."""
    nodes = nodes_of(event=event, by=by, at=at)
    if not nodes:
        return Picture()
    rules = rules_for(event, at)
    stays = stays_of(event=event, at=at)
    pairs = _pairs(nodes, named_pairs(event=event, at=at), stays)
    linked = _linked(nodes, pairs, rules)
    chains = _chains(linked, rings_of(event=event, at=at), rules, at)
    alone = tuple(one.node for one in linked if one.source is None and not one.onward)
    return Picture(
        tuple(linked), tuple(sorted(chains, key=_pressing)), alone,
        tuple(_clusters(nodes, stays, rules)), nodes[0].day, max(n.day for n in nodes),
        {one.node.id: one.source for one in linked},
    )  # fmt: skip


def open_chains(*, event: Event, by: Actor, at: datetime) -> int:
    """Chains that were not broken, as known at a moment. Four queries, however many cases."""
    nodes = nodes_of(event=event, by=by, at=at)
    if not nodes:
        return 0
    rules = rules_for(event, at)
    pairs = _pairs(nodes, named_pairs(event=event, at=at), stays_of(event=event, at=at))
    chains = _chains(_linked(nodes, pairs, rules), {}, rules, at)
    return sum(not chain.broken for chain in chains)


def _pressing(chain: Chain) -> tuple[bool, float, date]:
    """The chain that is furthest behind first; broken ones last."""
    return chain.broken, chain.race.hours if chain.race else 0.0, chain.first.day


def _pairs(
    nodes: Sequence[Node], named: Sequence[tuple[int, int]], stays: Sequence[Stay]
) -> dict[tuple[int, int], float]:
    """Possible (infected, infector) by position, with the strength of what joins them."""
    place = {node.id: i for i, node in enumerate(nodes)}
    found = {
        (place[case], place[source]): NAMED
        for case, source in named
        if case in place and source in place and case != source
    }
    for shared in _by_name(stays).values():
        for one in shared:
            for other in shared:
                pair = (place.get(one.case, -1), place.get(other.case, -1))
                apart = one.case == other.case or -1 in pair
                if not apart and other.first <= one.last and one.first <= other.last:
                    found.setdefault(pair, SHARED)
    return found


def clusters_of(*, event: Event, by: Actor | System, at: datetime) -> list[Cluster]:
    """The clusters of an event alone, without its chains. Three queries."""
    nodes = nodes_of(event=event, by=by, at=at)
    return _clusters(nodes, stays_of(event=event, at=at), rules_for(event, at)) if nodes else []


def _by_name(stays: Sequence[Stay]) -> dict[str, list[Stay]]:
    groups: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        groups[stay.name.casefold()].append(stay)
    return groups


def _linked(
    nodes: Sequence[Node], pairs: dict[tuple[int, int], float], rules: Rules
) -> list[Linked]:
    """Each case under its source: what a person said goes before what the interval suggests."""
    days = np.array([(node.day - SEED).days for node in nodes], dtype=np.int64)
    length = int(rules.mean + 12 * rules.sd) + 2
    weights = discretised_gamma(mean=rules.mean, sd=rules.sd, length=length)
    keys = sorted(pairs)
    links = likely_infectors(
        days, np.array(keys, dtype=np.int64).reshape(-1, 2), weights,
        exposure=np.array([pairs[key] for key in keys]) if keys else None,
        background=rules.unknown,
    )  # fmt: skip
    place = {node.id: i for i, node in enumerate(nodes)}
    parent = np.array([place.get(n.source, -1) if n.source else -1 for n in nodes], dtype=np.int64)
    said = parent >= 0
    for i in np.flatnonzero(~said & (links.infector >= 0)).tolist():
        parent[i] = links.infector[i]
        if _circles(i, parent):
            parent[i] = -1
    told = followed(parent)
    rows = tree_rows(parent, days)
    return [
        Linked(
            node, nodes[parent[i]].id if parent[i] >= 0 else None,
            "" if parent[i] < 0 else "checked" if said[i]
            else confidence(float(links.probability[i]), likely=rules.likely, possible=rules.possible),
            1.0 if said[i] else float(links.probability[i]), nodes[told.root[i]].id,
            int(told.generation[i]), int(rows[i]), int(told.offspring[i]),
        )
        for i, node in enumerate(nodes)
    ]  # fmt: skip


def _circles(start: int, parent: Any) -> bool:
    here = int(parent[start])
    while here >= 0:
        if here == start:
            return True
        here = int(parent[here])
    return False


def _chains(
    linked: Sequence[Linked], rings: dict[int, list[datetime | None]], rules: Rules, at: datetime
) -> list[Chain]:
    groups: dict[int, list[Linked]] = defaultdict(list)
    for one in linked:
        groups[one.root].append(one)
    return [_chain(group, rings, rules, at) for group in groups.values() if len(group) > 1]


def _chain(
    group: Sequence[Linked], rings: dict[int, list[datetime | None]], rules: Rules, at: datetime
) -> Chain:
    first = next(one for one in group if one.source is None)
    last = max(one.generation for one in group)
    tip = [one for one in group if one.generation == last]
    ring = [moment for one in tip for moment in rings.get(one.node.id, ())]
    days = [one.node.day for one in group]
    reasons = ["first_onset"] if first.node.day == min(days) else []
    reasons += ["most_onward"] if first.onward == max(one.onward for one in group) else []
    reasons += ["onset_known"] if first.node.by_onset else []
    return Chain(
        first.node, tuple(reasons), len(group), last + 1, max(days),
        race(ring, first_onset=min(one.node.day for one in tip), interval_days=rules.mean, at=at),
        broken(last_onset=max(days), today=local_date(at), incubation_days=rules.incubation,
               incubations=rules.quiet),
    )  # fmt: skip


def _clusters(nodes: Sequence[Node], stays: Sequence[Stay], rules: Rules) -> list[Cluster]:
    """By name of the place and day of onset; the newest first."""
    by_id = {node.id: node for node in nodes}
    rows = [stay for stay in stays if stay.case in by_id]
    if not rows:
        return []
    names = sorted({stay.name.casefold() for stay in rows})
    shown = {stay.name.casefold(): stay.name for stay in rows}
    number = {name: i for i, name in enumerate(names)}
    found = clusters(
        [stay.case for stay in rows], [number[stay.name.casefold()] for stay in rows],
        [(by_id[stay.case].day - SEED).days for stay in rows],
        within_days=rules.incubation, least_cases=rules.least,
    )  # fmt: skip
    told = []
    for index, place in enumerate(found.place.tolist()):
        inside = np.flatnonzero(found.membership == index).tolist()
        cases = {rows[i].case for i in inside}
        told.append(
            Cluster(
                shown[names[place]], SEED + timedelta(days=int(found.first[index])),
                SEED + timedelta(days=int(found.last[index])),
                tuple(sorted((by_id[case] for case in cases), key=lambda n: (n.day, n.id))),
            )
        )  # fmt: skip
    return sorted(told, key=lambda cluster: cluster.last, reverse=True)
