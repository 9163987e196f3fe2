"""`python -m bihuan` is the command `bihuan`."""

from bihuan.config.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
