"""Give the trainings that another edition makes necessary to whoever they concern (M070)."""

from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.loops.models import Domain
from bihuan.core.loops.services.opening import brief_of
from bihuan.core.loops.services.raising import Raised, raise_many
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import nearest_desk
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.epidemic.selectors.trainings import TrainingRow, origin_of, trainings
from bihuan.epidemic.services.teams import SECTOR

DUTY = "order.draft"


@transaction.atomic
def assign_trainings(*, old: str, new: str, by: Actor, at: datetime) -> int:
    """One task for each organisation of one's place that another edition concerns; how many.

    Whoever has one already gets no second; what one's own owes is judged by the nearest desk.
    Locks the actor's post, so that two at once give one each. Raises NotAllowed, NotFound("pack.unknown"), Invalid("edition.families").
    """
    if not by.has(DUTY):
        raise NotAllowed("not_allowed", duty=DUTY)
    before, after = registry.by_edition(old), registry.by_edition(new)
    if before.family != after.family or before == after:
        raise Invalid("edition.families", field="new")
    issuer = Post.objects.select_for_update(of=("self",)).select_related("org").get(pk=by.post_id)
    told = trainings(old=before, new=after, by=by, at=at)
    rows = [row for row in told.rows if row.task is None]
    owners = Post.objects.select_related("org", "place").in_bulk([r.owner_post_id for r in rows])
    judges = {by.org_id: nearest_desk(by.scope) or issuer}
    wanted = [
        Raised("task", brief_of(given=_brief(row, after, told.deadline.rule), place=row.org.place, at=at),
               owners[row.owner_post_id], judges.get(row.org.pk, issuer), told.deadline, origin_of(after))
        for row in rows
    ]  # fmt: skip
    loops = raise_many(wanted, by=by, at=at) if wanted else []
    record(action="edition.train", subject=after.ref[:80], by=by, at=at, scope=by.scope,
           facts={"organisations": len(loops), "people": sum(row.people for row in rows)})  # fmt: skip
    return len(loops)


def _brief(row: TrainingRow, new: Pack, rule: str) -> BriefInput:
    subjects = "、".join(str(one.row["title"]) for one in row.subjects)
    staff = f"和在册工作人员 {row.staff} 名" if row.staff else ""
    return BriefInput(
        title=f"新版培训:{new.title}"[:120],
        text=f"{new.title}自 {new.valid_from:%Y-%m-%d} 起施行,岗位 {row.posts} 个{staff}须重新培训:{subjects}",
        sector=SECTOR, domain=Domain.INVESTIGATION, basis=rule,
        criterion="逐人培训并考核,附签到和考核记录;修订手头的预案和清单",
    )  # fmt: skip
