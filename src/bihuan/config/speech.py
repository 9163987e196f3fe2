"""What commands say, in the reader's language: Chinese unless LANG or --lang asks for English."""

import os
import sys
import time


def language() -> str:
    """`zh` or `en`."""
    asked = os.environ.get("BIHUAN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    return "en" if (asked or "").lower().startswith("en") else "zh"


def say(chinese: str, english: str) -> str:
    """The one of the two that the reader of this terminal understands."""
    return english if language() == "en" else chinese


def tell(line: str) -> None:
    """Print one line at once: others read our output through a pipe while we run."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """Print one line to where errors go."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class Steps:
    """Steps of something long, for who waits at the terminal: names, time, and a bar.

    The bar is drawn where somebody looks; a file or a pipe gets one line for each step.
    """

    WIDTH = 24
    REDRAW = 0.2  # seconds

    def __init__(self) -> None:
        self.name = ""
        self.begun = self.drawn = 0.0
        self.looks = sys.stderr.isatty()

    def step(self, name: str) -> None:
        """A step begins; the one before is done."""
        self.end()
        self.name, self.begun = name, time.monotonic()
        self._draw(0.0) if self.looks else complain(name)

    def share(self, done: float) -> None:
        """So much of the step is done, 0 to 1."""
        if self.looks and time.monotonic() - self.drawn > self.REDRAW:
            self._draw(done)

    def end(self) -> None:
        """The last step is done."""
        if self.name and self.looks:
            self._draw(1.0)
            complain("")
        self.name = ""

    def _draw(self, done: float) -> None:
        self.drawn = time.monotonic()
        full = round(self.WIDTH * done)
        bar = "█" * full + "░" * (self.WIDTH - full)
        sys.stderr.write(f"\r\033[K{bar} {done:4.0%} {self.drawn - self.begun:4.0f} s  {self.name}")
        sys.stderr.flush()
