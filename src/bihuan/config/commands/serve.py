"""`bihuan serve` and `bihuan work`: the product, running."""

import argparse
import os

from bihuan.config.command import Command
from bihuan.config.speech import complain, say, tell

CORES = os.cpu_count() or 1


def add_web_arguments(parser: argparse.ArgumentParser) -> None:
    """Where and how widely the web server listens."""
    parser.add_argument("--host", default="127.0.0.1", help=say("监听地址", "address to listen on"))
    parser.add_argument(
        "--port", type=int, default=8000, help=say("端口，0 为任意", "port, 0: any")
    )
    parser.add_argument(
        "--workers", type=int, default=min(2 * CORES, 8), help=say("网页进程数", "web processes")
    )
    # few: threads that draw pages take turns at one interpreter, and each query waits for its turn
    parser.add_argument(
        "--threads", type=int, default=2, help=say("每进程线程数", "threads in each")
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """The web server's, and which part to run."""
    add_web_arguments(parser)
    parser.add_argument(
        "--only", choices=("web",), help=say("只运行网页，不运行后台", "the web alone, no worker")
    )


def serve(options: argparse.Namespace) -> int:
    """Web server and worker on the site's database, until Ctrl-C."""
    from bihuan.config import supervisor
    from bihuan.config.home import SITE, set_current_database
    from bihuan.config.migration import is_migrated
    from bihuan.config.session import opened

    name = options.database or SITE
    port = supervisor.free_port(options.host, options.port)
    with opened(name) as mend:
        if not is_migrated():
            complain(say("数据库未就绪，请先运行 bihuan migrate", "first run: bihuan migrate"))
            return 1
        set_current_database(name)
        web = supervisor.web_child(
            host=options.host, port=port, workers=options.workers, threads=options.threads
        )
        children = [web] if options.only == "web" else [web, supervisor.worker_child()]
        url = f"http://{options.host}:{port}"
        return supervisor.Supervisor(children, complain, mend).run(
            ready=lambda: supervisor.healthy(url), announce=lambda: tell(f"READY {url}")
        )


def work(_options: argparse.Namespace) -> int:
    """The worker alone, until SIGTERM."""
    from bihuan.jobs import worker

    worker.run()
    return 0


COMMANDS = (
    Command(
        "serve",
        "运行平台：网页与后台，Ctrl-C 停止",
        "run the platform: web and worker, until Ctrl-C",
        serve,
        arguments,
        database="own",
    ),
    Command("work", "只运行后台作业", "run the worker alone", work),
)
