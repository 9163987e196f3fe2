"""`python -m bench.surge [--rate 2000] [--minutes 5]`: report cards at ten times the usual rate.

Hospitals' systems report over the product's own web server and API. Cards arrive on time whether or
not those before are answered; what waits goes out together, so that the queue empties. The queue,
the delay from arrival to answer and the load of the machine are printed. At the end every card is
one case, with its person in the vault and two clocks that stand in the workload of the teams, or
the bench fails.
"""

import argparse
import http.client
import json
import os
import queue
import resource
import sys
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from statistics import quantiles

from bench.loops.__main__ import database

CLIENTS = 4
BATCH = 100  # cards of one request
PEEK = 10  # seconds between two looks at the queue

Card = tuple[int, float]  # number and moment of arrival


def lay() -> tuple[int, str]:
    """The small province with an event; its id and a token of the clinic."""
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0)
    from bihuan.core.clock import read_clock
    from bihuan.core.orgs.services import make_token
    from tests.epidemic.builders import add_health
    from tests.epidemic.conftest import make_event
    from tests.factories import build_world

    now = read_clock()
    world = add_health(build_world(now))
    event = make_event(world, now)
    _token, secret = make_token(
        name="surge", scopes=("write",), by=world.clinic, at=now, expires_at=now + timedelta(days=1)
    )
    connections.close_all()
    return event.pk, secret


def card(n: int, diagnosed: datetime) -> dict[str, object]:
    """The n-th card as a hospital's system sends it."""
    name = chr(0x4E00 + n % 20_000) + chr(0x4E00 + n * 7 % 20_000)
    return {
        "person": {"name": name, "phone": f"139{n * 9973 % 10**8:08}"},
        "place_code": "990101001001", "age_band": "15-44", "diagnosed_at": diagnosed.isoformat(),
        "findings": ["fever", "severe_respiratory"], "found_in": "clinic",
    }  # fmt: skip


def send(
    port: int, path: str, secret: str, cards: "queue.Queue[Card | None]", answers: list[object]
) -> None:
    """Report what waits, a batch in each request; the delay of each card, or what went wrong."""
    from bihuan.core.clock import read_clock

    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    while taken := drained(cards):
        diagnosed = read_clock() - timedelta(hours=1)
        body = json.dumps({"cards": [card(n, diagnosed) for n, _arrived in taken]})
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            link.request("POST", path, body, headers | {"Idempotency-Key": f"card-{taken[0][0]}"})
            answer = link.getresponse()
            content = answer.read()
            told = json.loads(content) if answer.status == 200 else [content[:200]] * len(taken)
        except (OSError, http.client.HTTPException) as fault:
            told = [repr(fault)] * len(taken)
        finally:
            link.close()
        now = time.monotonic()
        answers += [
            now - arrived if isinstance(one, dict) and one["number"] else one
            for (_n, arrived), one in zip(taken, told, strict=True)
        ]


def drained(cards: "queue.Queue[Card | None]") -> list[Card]:
    """The next card and what waits behind it, as far as a batch goes; nothing at the end."""
    found = []
    first = cards.get()
    if first is None:
        return []
    found.append(first)
    with suppress(queue.Empty):
        while len(found) < BATCH and (one := cards.get_nowait()) is not None:
            found.append(one)
        if len(found) < BATCH:
            cards.put(None)  # the word to stop was for another
    return found


def arrive(cards: "queue.Queue[Card | None]", total: int, every: float) -> int:
    """Put cards into the queue at their moments; the longest queue. It is shown as it stands."""
    began = peeked = time.monotonic()
    longest = 0
    for n in range(total):
        time.sleep(max(0.0, began + n * every - time.monotonic()))
        cards.put((n, time.monotonic()))
        longest = max(longest, cards.qsize())
        if time.monotonic() - peeked >= PEEK:
            peeked = time.monotonic()
            print(
                f"  after {peeked - began:3.0f} s: {n + 1} arrived, {cards.qsize()} wait",
                flush=True,
            )
    return longest


def surge(rate: int, total: int) -> bool:
    """Run it; whether every card is a case with its clocks."""
    from bench.loops.server import serving

    event_id, secret = lay()
    cards: queue.Queue[Card | None] = queue.Queue()
    answers: list[object] = []
    with serving() as port:
        given = (port, f"/api/v1/epidemic/events/{event_id}/cases/batch", secret, cards, answers)
        clients = [threading.Thread(target=send, args=given) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        began = time.monotonic()
        longest = arrive(cards, total, 60 / rate)
        for _ in clients:
            cards.put(None)
        for client in clients:
            client.join()
        seconds = time.monotonic() - began
    told(answers, seconds, longest)
    return kept(total)


def told(answers: list[object], seconds: float, longest: int) -> None:
    """Print what the surge was like."""
    delays = [one for one in answers if isinstance(one, float)]
    wrong = [one for one in answers if not isinstance(one, float)]
    cuts = quantiles(delays, n=20) if len(delays) > 1 else [0.0] * 19
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = (used.ru_utime + used.ru_stime) / max(1, len(delays)) * 1000
    print(
        f"{len(delays)} cards in {seconds:.0f} s, {len(delays) / seconds * 60:.0f} a minute; longest "
        f"queue {longest}; delay p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s; {spent:.1f} CPU-ms of the "
        f"server a card; load {os.getloadavg()[0]:.1f}; not taken {len(wrong)} {wrong[:3]}"
    )


def kept(total: int) -> bool:
    """Whether all is there once, and the queue of work stands on the page of the workload."""
    from bihuan.core.clock import read_clock
    from bihuan.core.vault.models import Sealed
    from bihuan.epidemic.models import Case
    from bihuan.epidemic.selectors.workload import team_rows
    from tests.factories import World

    at = read_clock()
    teams = team_rows(by=World({}, at).actor("cdc"), at=at)
    found = (Case.objects.count(), Sealed.objects.count(), sum(row.open for row in teams))
    print(f"cases {found[0]}, people {found[1]}, open clocks of {len(teams)} teams {found[2]}")
    return found == (total, total, 2 * total)


def main() -> int:
    """Run the surge; 1 when a card was lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.surge")
    parser.add_argument("--rate", type=int, default=2000, help="cards a minute")
    parser.add_argument("--minutes", type=float, default=5)
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.config.settings"
    os.environ.setdefault("BIHUAN_VAULT_KEY", "bench")
    with database("bihuan_surge") as url:
        os.environ["DATABASE_URL"] = url
        whole = surge(asked.rate, int(asked.rate * asked.minutes))
        from django.db import connections

        connections.close_all()
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
