"""A process beside this one for long work on rows, so that a second core has a share of it.

`python -m bihuan.core.evidence.apart` is that process. It ends with whoever began it, however that
one went: its input ends then.
"""

import gc
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any, BinaryIO, TypeVar

AHEAD = 3  # so many wait for each other at most: neither side holds more
BROKEN = (EOFError, pickle.UnpicklingError, BrokenPipeError)

Given = TypeVar("Given")
Done = TypeVar("Done")


def each_apart(work: Callable[[Given], Done], items: Iterable[Given]) -> Iterator[Done]:
    """`map(work, items)` by a process beside; `work` is pickled once and may keep what it learns.

    `work` is of the rules: a module that knows no framework is there at once. Raises
    ChildProcessError when that process is gone; why is on its standard error.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for whoever began it
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        with ThreadPoolExecutor(1) as reader:
            try:
                yield from _answers(work, items, child.stdin, reader, child.stdout)
            finally:
                child.kill()  # done, or nobody listens any more
    except BROKEN as gone:
        raise ChildProcessError(work) from gone
    finally:
        child.wait()
        child.stdout.close()
        with suppress(BrokenPipeError):  # what it did not read any more
            child.stdin.close()


def _answers(
    work: Any, items: Iterable[Any], asked: Any, reader: ThreadPoolExecutor, answered: IO[bytes]
) -> Iterator[Any]:
    waiting: deque[Future[Any]] = deque()
    _send(work, asked)
    for item in items:
        _send(item, asked)
        # Read beside the writing: either side would wait for the other once its pipe is full.
        waiting.append(reader.submit(pickle.load, answered))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _send(thing: Any, pipe: BinaryIO) -> None:
    pickle.dump(thing, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def main(source: BinaryIO, sink: BinaryIO) -> None:
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
