"""What commands say, in the reader's language: Chinese unless LANG or --lang asks for English."""

import os
import sys


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
