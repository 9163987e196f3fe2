"""The demonstration: its own database, loaded once, then served.

What was loaded is written on the database itself (COMMENT ON DATABASE), so that a load that was
cut short is seen and done again, and a site's own data are never taken for a demonstration.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from psycopg.sql import SQL, Identifier, Literal

from bihuan.config import embedded, supervisor
from bihuan.config.home import home, set_current_database
from bihuan.config.session import opened
from bihuan.config.speech import Steps, say
from bihuan.core.errors import Conflict

Progress = Callable[[str], None]
DEFAULT_SCALE = "full"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the visitor asked for."""

    province: str
    scale: str
    fresh: bool
    host: str
    port: int
    workers: int
    threads: int


def database_name(province: str) -> str:
    """The invented province and each real one have a database of their own."""
    return f"demo_{province}" if province else "demo"


def run(wish: Wish, *, progress: Progress, announce: Progress) -> int:
    """Prepare and serve, until Ctrl-C. Prints the address and the accounts once it is ready."""
    port = supervisor.free_port(wish.host, wish.port)
    name = database_name(wish.province)
    with opened(name) as mend:
        prepare(wish, progress)
        set_current_database(name)
        url = f"http://{wish.host}:{port}"
        children = [
            supervisor.web_child(
                host=wish.host, port=port, workers=wish.workers, threads=wish.threads
            ),
            supervisor.worker_child(),
        ]
        connection.close()
        return supervisor.Supervisor(children, progress, mend).run(
            ready=lambda: supervisor.healthy(url), announce=lambda: _welcome(url, announce)
        )


def prepare(wish: Wish, progress: Progress) -> None:
    """Tables, data, one tick of the clocks: the database as the first visitor should find it.

    Raises Conflict where the database holds data that are no demonstration, or one of another
    size.
    """
    from bihuan.config.migration import is_migrated, migrate
    from bihuan.core.clock import read_clock
    from bihuan.core.loops.services.clocks import tick

    loaded = read_mark()
    if loaded is None or wish.fresh:
        empty_out(progress, fresh=wish.fresh)
    steps = Steps()
    if not is_migrated():
        steps.step(say("建立数据库结构", "making the tables"))
        migrate(verbosity=0)
    if loaded is None or wish.fresh:
        load(wish, steps)
    elif wish.scale not in {"", loaded["scale"]}:
        raise Conflict("demo.other_scale", loaded=loaded["scale"], mend="--fresh")
    steps.end()
    # Deadlines may have passed since the load: what is late must be marked before anyone looks.
    tick(at=read_clock())


def load(wish: Wish, steps: Steps) -> None:
    """Load the province and write down that it is complete."""
    from bihuan.config import demo
    from bihuan.core.clock import read_clock

    scale = wish.scale or DEFAULT_SCALE
    demo.load(scale=scale, province=wish.province, at=read_clock(), progress=steps)
    write_mark(province=wish.province, scale=scale)


def read_mark() -> dict[str, str] | None:
    """What demonstration this database holds; None when none was loaded to its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            "WHERE datname = current_database()"
        )
        (comment,) = cursor.fetchone()
    if not comment or not comment.startswith("{"):
        return None
    mark: dict[str, str] = json.loads(comment).get("demo")
    return mark


def write_mark(**mark: str) -> None:
    """Note on the database which demonstration it holds."""
    name = connection.settings_dict["NAME"]
    text = json.dumps({"demo": mark})
    with connection.cursor() as cursor:
        cursor.execute(SQL("COMMENT ON DATABASE {} IS {}").format(Identifier(name), Literal(text)))


def empty_out(progress: Progress, *, fresh: bool) -> None:
    """Leave no half-loaded demonstration behind.

    The embedded demo database is ours: it is made anew. A database given by DATABASE_URL is not:
    it must be empty.
    """
    name = connection.settings_dict["NAME"]
    ours = connection.settings_dict["HOST"] == str(embedded.run_folder(home()))
    if ours and name.startswith("demo"):
        if fresh:
            progress(say("清空演示数据库", "emptying the demo database"))
        connection.close()
        embedded.make_database(home(), name, replace="replace")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('places_place') IS NOT NULL")
        (has_tables,) = cursor.fetchone()
        if has_tables:
            cursor.execute("SELECT EXISTS (SELECT FROM places_place)")
            (has_tables,) = cursor.fetchone()
    if has_tables:
        raise Conflict("demo.database_in_use", database=name, mend="an empty database")


def _welcome(url: str, announce: Progress) -> None:
    from bihuan.config import demo

    announce("")
    announce(say(f"闭环已就绪：{url}", f"Bihuan is ready: {url}"))
    announce(say("演示账号（口令相同）：", "Demo accounts (one password):"))
    for line in demo.accounts():
        announce(f"  {line}")
    announce(say("Ctrl-C 停止", "Ctrl-C stops it"))
    announce(f"READY {url}")
