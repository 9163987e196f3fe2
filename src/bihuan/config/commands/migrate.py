"""`bihuan migrate`: bring the database's tables up to date."""

import argparse

from bihuan.config.command import Command


def migrate(options: argparse.Namespace) -> int:
    """Apply what is missing; says which steps."""
    from bihuan.config.home import SITE, set_current_database
    from bihuan.config.migration import migrate as apply
    from bihuan.config.session import opened

    name = options.database or SITE
    with opened(name):
        apply(verbosity=1)
        set_current_database(name)
    return 0


COMMANDS = (
    Command(
        "migrate", "建立或升级数据库结构", "make or upgrade the tables", migrate, database="own"
    ),
)
