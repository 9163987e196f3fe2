"""Tasks over the workers of a Dask cluster, results in the order of the tasks."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from bihuan_analytics.scenario.policy.front import Mapper


class Client(Protocol):
    """What is used of `distributed.Client`: this package does not import Dask itself."""

    def map(self, func: Callable[[Any], Any], *iterables: Any, pure: bool) -> list[Any]: ...


def on_cluster(client: Client) -> Mapper:
    """A `run` argument for the functions of this package that spreads tasks over a cluster.

    The scheduler hands a task whose worker is lost to another worker. Results come in the order of
    the tasks, each task carries its own seed, so the number of workers changes nothing.

    Args:
        client: a `distributed.Client` of one or more workers; install it as `bihuan[cluster]`.

    Returns:
        What maps a function over tasks.

    Raises:
        What the scheduler raises when a task lost three workers.

    Source: Rocklin 2015, doi:10.25080/Majora-7b98e3ed-013.
    """

    def run(work: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        waiting = client.map(work, list(tasks), pure=False)[::-1]
        while waiting:
            yield waiting.pop().result()  # let go, so that the workers need not keep it

    return run
