"""The command `bihuan` (scaffold)."""


def main() -> int:
    """Run one command."""
    return 0
