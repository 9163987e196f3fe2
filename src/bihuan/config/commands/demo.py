"""`bihuan demo`: an invented province, ready to walk through."""

import argparse
import os

from bihuan.config.command import Command
from bihuan.config.commands.serve import add_web_arguments
from bihuan.config.speech import complain, say, tell

SCALES = ("tiny", "small", "full")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which province, how large, and the web server's."""
    add_web_arguments(parser)
    parser.add_argument(
        "--province", metavar="CODE", default="",
        help=say(
            "真实省份的区划代码（如 44），默认为虚构省份",
            "code of a real province, such as 44; default: an invented one",
        ),
    )  # fmt: skip
    parser.add_argument(
        "--scale", choices=SCALES, default="", help=say("规模，默认 full", "size; default full")
    )
    parser.add_argument(
        "--fresh", action="store_true", help=say("清空后重新装载", "throw away and load anew")
    )


def demo(options: argparse.Namespace) -> int:
    """Load on the first start, then serve until Ctrl-C."""
    from bihuan.config import showcase

    os.environ["BIHUAN_DEMO"] = "1"
    os.environ["BIHUAN_DEMO_PROVINCE"] = options.province
    return showcase.run(
        showcase.Wish(
            province=options.province, scale=options.scale, fresh=options.fresh,
            host=options.host, port=options.port, workers=options.workers,
            threads=options.threads,
        ),
        progress=complain,
        announce=tell,
    )  # fmt: skip


COMMANDS = (
    Command(
        "demo",
        "演示：内置数据库、演示省份、网页与后台，一条命令",
        "demonstration: database, invented province, web and worker in one command",
        demo,
        arguments,
        database="own",
    ),
)
