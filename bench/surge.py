"""`python -m bench.surge [--rate 2000] [--minutes 5]`: report cards at ten times the usual rate.

Cards arrive on time whether or not those before are done; processes take them from the queue. At
the end every card is a case with its clocks, or the bench fails. The longest queue and the delay
from arrival to answer are printed.
"""

import argparse
import os
import sys
import time
from multiprocessing import get_context
from statistics import quantiles
from typing import Any

from bench.loops.__main__ import database

WORKERS = 4


def work(url: str, event_id: int, place_id: int, cards: Any, answers: Any) -> None:
    """Report cards until the queue says stop; the delay of each."""
    os.environ["DATABASE_URL"] = url
    import django

    django.setup()
    from datetime import timedelta

    from bihuan.core.vault.types import Identity
    from bihuan.epidemic.services.cases import report_case
    from bihuan.epidemic.types import Card, FoundIn
    from tests.conftest import NOON
    from tests.factories import World

    by = World({}, NOON).actor("clinic")
    while (taken := cards.get()) is not None:
        n, arrived = taken
        name = chr(0x4E00 + n % 20_000) + chr(0x4E00 + n * 7 % 20_000)
        card = Card(
            event_id=event_id, person=Identity(name=name, phone=f"139{n:08}"), place_id=place_id,
            age_band="15-44", diagnosed_at=NOON - timedelta(hours=1),
            findings=frozenset({"fever", "severe_respiratory"}), found_in=FoundIn.CLINIC,
        )  # fmt: skip
        try:
            report_case(card=card, by=by, at=NOON)
            answers.put(time.monotonic() - arrived)
        except Exception as fault:  # noqa: BLE001 - told as lost
            answers.put(repr(fault))


def lay() -> tuple[int, int]:
    """The small province with an event."""
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.conftest import NOON
    from tests.epidemic.builders import add_health
    from tests.epidemic.conftest import make_event
    from tests.factories import build_world

    world = add_health(build_world(NOON))
    event = make_event(world, NOON)
    connections.close_all()
    return event.pk, world.places["990101001001"].pk


def main() -> int:
    """Run the surge; 1 when a card was lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.surge")
    parser.add_argument("--rate", type=int, default=2000, help="cards a minute")
    parser.add_argument("--minutes", type=float, default=5)
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
    os.environ.setdefault("BIHUAN_VAULT_KEY", "bench")
    total = int(asked.rate * asked.minutes)
    with database() as url:
        os.environ["DATABASE_URL"] = url
        event_id, place_id = lay()
        context = get_context("spawn")
        cards, answers = context.Queue(), context.Queue()
        given = (url, event_id, place_id, cards, answers)
        staff = [context.Process(target=work, args=given) for _ in range(WORKERS)]
        for process in staff:
            process.start()
        longest, began = _arrive(cards, total, 60 / asked.rate)
        for _ in staff:
            cards.put(None)
        told = [answers.get() for _ in range(total)]
        seconds = time.monotonic() - began
        for process in staff:
            process.join()
    return _tell(told, seconds, longest)


def _arrive(cards: Any, total: int, every: float) -> tuple[int, float]:
    """Put cards into the queue at their moments; the longest queue, and the beginning."""
    began, longest = time.monotonic(), 0
    for n in range(total):
        time.sleep(max(0.0, began + n * every - time.monotonic()))
        cards.put((n, time.monotonic()))
        longest = max(longest, cards.qsize())
    return longest, began


def _tell(told: list[Any], seconds: float, longest: int) -> int:
    delays = [one for one in told if isinstance(one, float)]
    lost = [one for one in told if not isinstance(one, float)]
    cuts = quantiles(delays, n=20)
    print(f"{len(delays)} cards in {seconds:.0f} s, {len(delays) / seconds * 60:.0f} a minute; "
          f"longest queue {longest}; delay p50 {cuts[9]:.1f} s, p95 {cuts[18]:.1f} s; "
          f"{len(lost)} lost {lost[:3]}")  # fmt: skip
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
