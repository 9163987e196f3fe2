"""Past one machine: the same calls in batches, over the workers of a cluster or in this process."""

from bihuan_analytics.cluster.batches import detect_in_batches, simulate_in_batches
from bihuan_analytics.cluster.shards import (
    meetings_in_shards,
    save_shards,
    shards_in,
)
from bihuan_analytics.cluster.workers import on_cluster

__all__ = [
    "detect_in_batches",
    "meetings_in_shards",
    "on_cluster",
    "save_shards",
    "shards_in",
    "simulate_in_batches",
]
