"""What the machine does by itself, and when. Times of day are UTC: 18:30 is 02:30 in Shanghai.

Every job may run twice, or be cut short and run again: each is safe to repeat.
"""

import logging
from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from bihuan.core.clock import read_clock

log = logging.getLogger("bihuan.jobs")

KEEP_EVENTS = timedelta(days=30)
KEEP_PREVIEWS = timedelta(days=1)
RETRY = RetryStrategy(max_attempts=5, exponential_wait=3)


@app.periodic(cron="* * * * *")
@app.task(name="clocks.tick", queueing_lock="clocks.tick")
def tick_clocks(timestamp: int) -> None:  # noqa: ARG001 - the moment that counts is when it runs
    """Mark what is overdue, end pauses, escalate, fold the counters."""
    from bihuan.core.loops.services.clocks import tick

    done = tick(at=read_clock())
    log.info("clocks: %s", done)


@app.periodic(cron="* * * * *")
@app.task(name="jobs.recover", queueing_lock="jobs.recover")
async def recover_stalled(timestamp: int) -> None:  # noqa: ARG001
    """Give back the jobs of workers that died with them in hand."""
    await retry_stalled()


async def retry_stalled() -> int:
    """Retry every job whose worker stopped giving signs of life; how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)


@app.periodic(cron="30 18 * * *")
@app.task(name="nightly.check", queueing_lock="nightly.check", retry=RETRY)
def check_nightly(timestamp: int) -> None:  # noqa: ARG001
    """Check the invariants over the whole database; what breaks them is logged and on the page."""
    from bihuan.core.loops import invariants

    for result in invariants.run(at=read_clock()):
        if result.broken:
            log.error("invariant %s is broken %d times", result.name, result.broken)


@app.periodic(cron="0 22 * * *")
@app.task(name="morning.figures", queueing_lock="morning.figures", retry=RETRY)
def demand_figures(timestamp: int) -> None:  # noqa: ARG001
    """Ask for the new figure of every problem whose day of re-measurement has come."""
    from bihuan.supervision.services import problems

    problems.demand_figures(at=read_clock())


@app.periodic(cron="0 19 * * *")
@app.task(name="nightly.tidy", queueing_lock="nightly.tidy", retry=RETRY)
def tidy_nightly(timestamp: int) -> None:  # noqa: ARG001
    """Forget sessions, events, previews, answered reports, half photos; let controls expire."""
    from django.contrib.sessions.backends.db import SessionStore

    from bihuan.core.places.services.boundaries import forget_previews
    from bihuan.jobs import outbox
    from bihuan.safety.services.field import forget_parts
    from bihuan.safety.services.importing import forget_uploads
    from bihuan.safety.services.risks import expire_controls
    from bihuan.safety.services.tips import forget_tips

    SessionStore.clear_expired()
    at = read_clock()
    outbox.forget(before=at - KEEP_EVENTS)
    forget_previews(before=at - KEEP_PREVIEWS)
    forget_tips(at=at)
    forget_uploads(at=at)
    forget_parts(at=at)
    expire_controls(at=at)


@app.periodic(cron="30 22 * * 0")
@app.task(name="weekly.attention", queueing_lock="weekly.attention", retry=RETRY)
def watch_attention(timestamp: int) -> None:  # noqa: ARG001
    """On Monday morning, notice where inspections and reports fell in the week that ended."""
    from bihuan.safety.services.attention import watch_attention as watch

    watch(at=read_clock())


@app.periodic(cron="*/10 * * * *")
@app.task(name="sensing.detect", queueing_lock="sensing.detect")
def detect_signals(timestamp: int) -> None:  # noqa: ARG001
    """Judge the day's counts of townships and the cases of counties; the unusual is a signal."""
    from bihuan.epidemic.selectors.tallies import tallies
    from bihuan.sensing.services.cases import FRESH, detect_cases, keep_counts
    from bihuan.sensing.services.signals import detect

    at = read_clock()
    keep_counts(tallies=tallies(since=at - FRESH, at=at), at=at)
    raised = detect(at=at) + detect_cases(at=at)
    if raised:
        log.info("signals: %d raised", raised)


@app.periodic(cron="20 0 * * *")
@app.task(name="checks.owe", queueing_lock="checks.owe", retry=RETRY)
def owe_checks(timestamp: int) -> None:  # noqa: ARG001
    """Make a missed check of an institution a task of disease control, every morning."""
    from bihuan.epidemic.services.institutions import owe_checks as owed

    n = owed(at=read_clock())
    if n:
        log.info("checks: %d missed", n)


@app.periodic(cron="30 0 * * *")
@app.task(name="sentinels.ask", queueing_lock="sentinels.ask", retry=RETRY)
def ask_sentinels(timestamp: int) -> None:  # noqa: ARG001
    """Ask sentinels that fell silent for their counts, at half past eight in the morning."""
    from bihuan.sensing.services.silence import ask_silent

    n = ask_silent(at=read_clock())
    if n:
        log.info("sentinels: %d silent", n)


@app.periodic(cron="5-59/10 * * * *")
@app.task(name="clusters.open", queueing_lock="clusters.open")
def open_clusters(timestamp: int) -> None:  # noqa: ARG001
    """Open a file, with a leader, for every place where several cases of an event met."""
    from bihuan.epidemic.services.watching import open_clusters as opened

    n = opened(at=read_clock())
    if n:
        log.info("clusters: %d opened", n)


@app.periodic(cron="25 * * * *")
@app.task(name="events.close", queueing_lock="events.close")
def close_events(timestamp: int) -> None:  # noqa: ARG001
    """Ask disease control to end events in which nothing is open any more."""
    from bihuan.epidemic.services.closing import ask_to_close

    n = ask_to_close(at=read_clock())
    if n:
        log.info("events: %d can end", n)


@app.periodic(cron="8-59/10 * * * *")
@app.task(name="screening.assign", queueing_lock="screening.assign")
def assign_screening(timestamp: int) -> None:  # noqa: ARG001
    """Give what should have been checked, and was not, to the desk of its place."""
    from bihuan.epidemic.services.screening import assign_overdue

    n = assign_overdue(at=read_clock())
    if n:
        log.info("screening: %d places have something overdue", n)


@app.periodic(cron="3-59/10 * * * *")
@app.task(name="spills.watch", queueing_lock="spills.watch")
def watch_spills(timestamp: int) -> None:  # noqa: ARG001
    """Write down which nodes must be told of an event; a missing notice becomes a task."""
    from bihuan.epidemic.services.spills import assign_missing, find_spills

    at = read_clock()
    log.info("spills: %d found, %d missing", find_spills(at=at), assign_missing(at=at))


@app.periodic(cron="2-59/10 * * * *")
@app.task(name="periods.turn", queueing_lock="periods.turn")
def turn_periods(timestamp: int) -> None:  # noqa: ARG001
    """Open the tasks of festivals and key periods with their lead; lapse them after their end."""
    from bihuan.sensing.services.periods import turn_periods as turned

    done = turned(at=read_clock())
    if done.opened or done.lapsed:
        log.info("key periods: %d opened, %d lapsed", done.opened, done.lapsed)


@app.periodic(cron="40 * * * *")
@app.task(name="rounds.owe", queueing_lock="rounds.owe")
def owe_rounds(timestamp: int) -> None:  # noqa: ARG001
    """Make a checklist that a site or hospital missed a task of whoever runs it."""
    from bihuan.epidemic.services.rounds import owe_rounds as owed

    n = owed(at=read_clock())
    if n:
        log.info("rounds: %d lists missed", n)


@app.periodic(cron="30 19 * * *")
@app.task(name="nightly.forget", queueing_lock="nightly.forget", retry=RETRY)
def forget_nightly(timestamp: int) -> None:  # noqa: ARG001
    """Delete what is known of people whose time has come: the files, then the identities."""
    from bihuan.command.services.gates import forget_numbers
    from bihuan.core.vault.services import forget as forget_identities
    from bihuan.epidemic.services.expiry import forget

    at = read_clock()
    told = forget(at=at)
    told["staff numbers"] = forget_numbers(at=at)
    told["identities"] = forget_identities(at=at)
    log.info("forgotten: %s", told)


@app.periodic(cron="*/5 * * * *")
@app.task(name="care.clocks", queueing_lock="care.clocks")
def run_care(timestamp: int) -> None:  # noqa: ARG001
    """Write down the stays whose hour has come; call the next expert where none answered."""
    from bihuan.epidemic.services.needs import pass_calls
    from bihuan.epidemic.services.stays import release_due

    at = read_clock()
    log.info("care: %d released, %d calls passed on", release_due(at=at), pass_calls(at=at))


@app.task(name="directives.send", retry=RETRY)
def send_directive(directive_id: int, account_id: int, post_id: int) -> None:
    """Open the obligations of a directive too large for a request; safe to repeat."""
    from bihuan.command.services import send_directive as send
    from bihuan.core.orgs.selectors import actor_for

    at = read_clock()
    by = actor_for(account_id=account_id, post_id=post_id, at=at)
    send(directive_id=directive_id, by=by, at=at)


@app.periodic(cron="* * * * *")
@app.task(name="directives.figures", queueing_lock="directives.figures")
def refresh_figures(timestamp: int) -> None:  # noqa: ARG001
    """Count the cascades that are too large to be counted at every reading."""
    from bihuan.command.services import refresh_figures as refresh

    refresh(at=read_clock())


@app.task(name="lists.take", retry=RETRY)
def take_list(list_id: int, account_id: int, post_id: int) -> None:
    """Take a line list too large for a request, batch by batch; safe to repeat."""
    from bihuan.core.errors import Conflict
    from bihuan.core.orgs.selectors import actor_for
    from bihuan.epidemic.services.lists import take_list as take

    at = read_clock()
    by = actor_for(account_id=account_id, post_id=post_id, at=at)
    try:
        take(list_id=list_id, by=by, at=at)
    except Conflict as refused:
        log.info("line list %d: %s", list_id, refused.code)


@app.periodic(cron="* * * * *")
@app.task(name="places.fold", queueing_lock="places.fold")
def fold_places(timestamp: int) -> None:  # noqa: ARG001
    """Fold the counters of establishments by place and colour."""
    from bihuan.safety.services.tallies import fold_places as fold

    fold()


@app.task(name="uploads.read", retry=RETRY)
def read_upload(upload_id: int, account_id: int, post_id: int) -> None:
    """Check every row of a large table; safe to repeat."""
    from bihuan.core.errors import Refused
    from bihuan.core.orgs.selectors import actor_for
    from bihuan.safety.services.importing import preview_import

    at = read_clock()
    by = actor_for(account_id=account_id, post_id=post_id, at=at)
    try:
        preview_import(upload_id=upload_id, by=by, at=at)
    except Refused as refused:
        log.info("upload %d: %s", upload_id, refused.code)


@app.task(name="uploads.write", retry=RETRY)
def write_upload(upload_id: int, account_id: int, post_id: int) -> None:
    """Write the rows of a large table, batch by batch; safe to repeat."""
    from bihuan.core.errors import Conflict
    from bihuan.core.orgs.selectors import actor_for
    from bihuan.safety.services.importing import WRITERS, import_rows

    at = read_clock()
    by = actor_for(account_id=account_id, post_id=post_id, at=at)
    try:
        import_rows(upload_id=upload_id, by=by, at=at, writers=WRITERS)
    except Conflict as refused:
        log.info("upload %d: %s", upload_id, refused.code)


@app.periodic(cron="* * * * *")
@app.task(name="line.deliver", queueing_lock="line.deliver")
def deliver_messages(timestamp: int) -> None:  # noqa: ARG001
    """Send what waits for other installations; what is not acknowledged is sent again later."""
    from bihuan.epidemic.services.peers import deliver
    from bihuan.jobs.line import post

    deliver(at=read_clock(), post=post)


@app.periodic(cron="20 19 * * *")
@app.task(name="questions.expire", queueing_lock="questions.expire", retry=RETRY)
def expire_questions(timestamp: int) -> None:  # noqa: ARG001
    """Forget the people and the answers of questions whose time is over."""
    from bihuan.epidemic.services.questions import expire_questions as expire

    expire(at=read_clock())
