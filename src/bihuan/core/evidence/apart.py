"""Processes beside this one for long work on rows, so that a second core has a share of it.

`python -m bihuan.core.evidence.apart` is such a process. It ends with whoever began it, however that
one went: its input ends then.
"""

import gc
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle
from typing import IO, Any, TypeVar

AHEAD = 3  # so many wait for each process at most: neither side holds more
BROKEN = (EOFError, pickle.UnpicklingError, BrokenPipeError)

Given = TypeVar("Given")
Done = TypeVar("Done")


def each_apart(
    work: Callable[[Given], Done], items: Iterable[Given], *, processes: int = 1
) -> Iterator[Done]:
    """`map(work, items)` by processes beside; each has a `work` of its own, which may learn.

    `work` is of the rules: a module that knows no framework is there at once. Raises
    ChildProcessError when such a process is gone; why is on its standard error.
    """
    waiting: deque[Future[Done]] = deque()
    try:
        with ExitStack() as stack:
            asks = [stack.enter_context(_begun(work)) for _ in range(processes)]
            for ask, item in zip(cycle(asks), items):
                waiting.append(ask(item))
                if len(waiting) > AHEAD * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    except BROKEN as gone:
        raise ChildProcessError(work) from gone


@contextmanager
def _begun(work: Any) -> Iterator[Callable[[Any], Future[Any]]]:
    """A process that has its work: what asks it, and promises the answer."""
    child = subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for whoever began it
    )  # fmt: skip
    asked, answered = child.stdin, child.stdout
    assert asked is not None
    assert answered is not None

    def ask(item: Any) -> Future[Any]:
        """Read beside the writing: either side would wait for the other once its pipe is full."""
        _send(item, asked)
        return reader.submit(pickle.load, answered)

    try:
        with ThreadPoolExecutor(1) as reader:
            try:
                _send(work, asked)
                yield ask
            finally:
                child.kill()  # done, or nobody listens any more
    finally:
        child.wait()
        answered.close()
        with suppress(BrokenPipeError):  # what it did not read any more
            asked.close()


def _send(thing: Any, pipe: IO[bytes]) -> None:
    pickle.dump(thing, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def main(source: IO[bytes], sink: IO[bytes]) -> None:
    """Work on what comes until nothing comes any more."""
    try:
        work = pickle.load(source)  # noqa: S301 -- from the process that began this one, and no other
        while True:
            _send(work(pickle.load(source)), sink)  # noqa: S301
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    gc.disable()  # rows go with their last user: looking for circles costs more than reading them
    main(sys.stdin.buffer, sys.stdout.buffer)
