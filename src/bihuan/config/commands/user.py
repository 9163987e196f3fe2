"""`bihuan user create | password | list`."""

import argparse
import getpass
import sys

from bihuan.config.command import Command
from bihuan.config.speech import say, tell


def create_arguments(parser: argparse.ArgumentParser) -> None:
    """Who, and in which post."""
    parser.add_argument("username", help=say("登录名", "name to sign in with"))
    parser.add_argument("--name", required=True, help=say("姓名", "the person's name"))
    parser.add_argument("--place", required=True, help=say("区划代码", "code of the place"))
    parser.add_argument("--role", default="admin", help=say("岗位类别", "role of the post"))
    parser.add_argument("--title", default="平台管理员", help=say("岗位名称", "title of the post"))


def password_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose."""
    parser.add_argument("username", help=say("登录名", "name to sign in with"))


def create(options: argparse.Namespace) -> int:
    """Make an account; the password is asked for, or read from standard input."""
    from bihuan.config import accounts
    from bihuan.core.clock import read_clock

    given = accounts.NewAccount(
        options.username, options.name, options.place, options.role, options.title
    )
    account = accounts.create(given, password=_read_password(), at=read_clock())
    tell(say("已建立账号 {}", "made the account {}").format(account.username))
    return 0


def password(options: argparse.Namespace) -> int:
    """Set a new password; asked for, or read from standard input."""
    from bihuan.config import accounts
    from bihuan.core.clock import read_clock

    accounts.set_password(username=options.username, password=_read_password(), at=read_clock())
    tell(say("口令已更新", "the password is set"))
    return 0


def show(_options: argparse.Namespace) -> int:
    """Every account with its holder and post."""
    from bihuan.config import accounts
    from bihuan.core.clock import read_clock

    for username, name, title in accounts.listing(at=read_clock()):
        tell(f"{username:<28} {name} · {title}")
    return 0


def _read_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(say("口令：", "password: "))
    return sys.stdin.readline().rstrip("\n")


COMMANDS = (
    Command("user create", "新建账号", "make an account", create, create_arguments),
    Command("user password", "重设口令", "set a password", password, password_arguments),
    Command("user list", "列出账号", "list the accounts", show),
)
