"""`bihuan check` and `bihuan audit verify`: is everything as it must be."""

import argparse

from bihuan.config.command import Command
from bihuan.config.speech import say, tell


def check(_options: argparse.Namespace) -> int:
    """Run the clocks once, then every invariant over the whole database."""
    from bihuan.core.clock import local, read_clock
    from bihuan.core.loops import invariants
    from bihuan.core.loops.services.clocks import tick

    at = read_clock()
    tick(at=at)  # a deadline that passed a moment ago is not a fault of the data
    results = invariants.run(at=at)
    for result in results:
        tell(f"{'ok' if result.broken == 0 else result.broken:>8}  {result.name}")
        for example in result.examples:
            tell(f"{'':>10}{example}")
    for soon in invariants.waiting(at=at):
        due = f"{local(soon.due_by):%m-%d %H:%M}"
        tell(say("   待办  {} 还没有任务，限 {} 前", "   soon  {} has no task yet, due by {}").format(
            soon.number, due
        ))  # fmt: skip
    broken = sum(result.broken for result in results)
    told = say("不变量 {} 项，{} 处不符", "{} invariants, {} broken")
    tell(told.format(len(results), broken))
    return 1 if broken else 0


def verify(_options: argparse.Namespace) -> int:
    """Walk every audit chain from its first entry."""
    from bihuan.core.audit import selectors

    broken = 0
    for fault in selectors.faults():
        broken += 1
        tell(f"{fault.chain}#{fault.seq}: {fault.reason}")
    told = say("审计链：共 {} 条，{} 处异常", "audit: {} entries, {} faults")
    tell(told.format(selectors.entry_count(), broken))
    return 1 if broken else 0


COMMANDS = (
    Command("check", "检查全库不变量", "check the invariants over the whole database", check),
    Command(
        "audit verify",
        "核验审计链：篡改、缺失、乱序",
        "verify the audit chains: altered, missing, reordered",
        verify,
    ),
)
