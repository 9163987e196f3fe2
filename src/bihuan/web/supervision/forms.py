"""What people fill in for supervision. Forms read; services decide."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops.models import Domain
from bihuan.core.loops.services.problems import Description
from bihuan.core.orgs.models import Org, Post
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.supervision.rules.tables import plain
from bihuan.supervision.services.burden import NewForm
from bihuan.supervision.services.plans import NewPlan
from bihuan.supervision.services.problems import NewProblem, Photo
from bihuan.supervision.services.quality import NewStep
from bihuan.supervision.services.rounds import NewRound
from bihuan.supervision.services.visits import NewFinding, NewTeam, NewVisit
from bihuan.supervision.types import Answer, Decision, Outcome, Source
from bihuan.web.forms import MomentField, WorkForm
from bihuan.web.lists.forms import UploadForm
from bihuan.web.messages import words
from bihuan.web.work.forms import FilesField

DOMAINS = [("", "—"), *Domain.choices]


def _date(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}), **options)


def _lines(text: str) -> list[str]:
    """The lines of a text, its signs of one width."""
    return [plain(line) for line in text.splitlines() if line.strip()]


class PostField(forms.CharField):
    """A post by its title, or by number where several share one; suggestions by a datalist."""

    widget = forms.TextInput({"list": "posts", "autocomplete": "off"})
    scope = ""

    def clean(self, value: Any) -> Any:
        """The post's id; None when nothing was typed."""
        text = super().clean(value).strip()
        if not text:
            return None
        posts = Post.objects.filter(within("scope", self.scope), valid_to=None)
        wanted = {"pk": int(text)} if text.isdecimal() else {"title": text}
        found = list(posts.filter(**wanted).values_list("pk", flat=True)[:2])
        if len(found) != 1:
            raise ValidationError(words(f"lists.post_{'ambiguous' if found else 'unknown'}"))
        return found[0]


class PostsField(forms.CharField):
    """Several posts, a title on each line."""

    widget = forms.Textarea({"rows": 3})
    scope = ""

    def clean(self, value: Any) -> Any:
        """The ids of the posts."""
        one = PostField(required=False)
        one.scope = self.scope
        return tuple(one.clean(line) for line in _lines(super().clean(value)))


class ScopedForm(WorkForm):
    """A form whose posts are those of the actor's area."""

    def __init__(self, *data: Any, by: Actor, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        for field in self.fields.values():
            if isinstance(field, PostField | PostsField):
                field.scope = by.scope


class ProblemForm(ScopedForm):
    """Find → register: what, where, whose, proof. The pair may come later."""

    title = forms.CharField(label=_("问题"), max_length=200)
    text = forms.CharField(
        label=_("具体情况"), widget=forms.Textarea({"rows": 3}),
        help_text=_("时间、地点、现状,写到别人能找到它。"),
    )  # fmt: skip
    domain = forms.ChoiceField(label=_("领域"), choices=DOMAINS)
    type_code = forms.CharField(
        label=_("类型"), required=False, max_length=60,
        help_text=_("同类问题用同一个词,三处以上即列为共性问题。"),
    )  # fmt: skip
    owner_post = PostField(label=_("责任岗位"), help_text=_("谁的地方、谁来整改。地点随岗位而定。"))
    photos = FilesField(label=_("照片或文件"), required=False)
    countermeasure = forms.CharField(
        label=_("对策"), required=False, widget=forms.Textarea({"rows": 2})
    )
    figure_name = forms.CharField(
        label=_("指标"), required=False, max_length=80,
        help_text=_("写了指标,就要有新的数值才能销号。"),
    )  # fmt: skip
    figure_before = forms.FloatField(label=_("现值"), required=False)
    figure_target = forms.FloatField(label=_("目标值"), required=False)
    remeasure_on = _date(_("复测日期"), required=False)

    PAIR = ("countermeasure", "figure_name", "figure_before", "figure_target", "remeasure_on")

    def clean(self) -> dict[str, Any]:
        """A figure is whole or not there: name, before, target, day."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        parts = {name: said.get(name) for name in self.PAIR[1:]}
        if any(part not in {"", None} for part in parts.values()):
            for name, part in parts.items():
                if part in {"", None} and name not in self.errors:
                    self.add_error(name, _("指标、现值、目标值、复测日期要一起填写。"))
        return said

    def given(self) -> NewProblem:
        """As the service takes it."""
        said = self.cleaned_data
        pair = {name: said[name] for name in self.PAIR if said[name] not in {"", None}}
        return NewProblem(
            said["title"], said["text"], said["domain"], said["owner_post"],
            type_code=said["type_code"], pair=Description(**pair) if pair else None,
        )  # fmt: skip

    def proofs(self) -> tuple[Photo, ...]:
        """The proofs handed in."""
        return tuple(Photo(file.name, file.chunks()) for file in self.cleaned_data["photos"])


class PlanForm(WorkForm):
    """A new plan over kinds of places, or the second pass of another."""

    title = forms.CharField(label=_("名称"), max_length=120)
    starts = _date(_("开始"))
    ends = _date(_("结束"))
    first = forms.ChoiceField(
        label=_("复查哪个计划"), required=False,
        help_text=_("选了就是第二轮:场所和步骤照首轮,换人检查。"),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("场所类别"), required=False, widget=forms.CheckboxSelectMultiple
    )
    steps = forms.CharField(
        label=_("环节和步骤"), required=False, widget=forms.Textarea({"rows": 6}),
        help_text=_("每行一个,写成“环节:步骤”,例:入口:测温。"),
    )  # fmt: skip

    def given(self) -> NewPlan:
        """As the service takes it."""
        said = self.cleaned_data
        split = (line.partition(":") for line in _lines(said["steps"]))
        steps = tuple((link, name) if name else (link, link) for link, _mark, name in split)
        return NewPlan(
            said["title"], said["starts"], said["ends"], tuple(said["kinds"]), steps,
            first_id=int(said["first"]) if said["first"] else None,
        )  # fmt: skip


class SiteForm(WorkForm):
    """The steps of one site: an answer and a note for each; unanswered ones stay empty."""

    def __init__(self, *data: Any, steps: Any, second: bool, at: datetime) -> None:
        super().__init__(*data, at=at)
        self.lines = []
        for step, outcome, note in steps:
            self.fields[f"o{step.id}"] = forms.ChoiceField(
                label=f"{step.link} · {step.name}", required=False, choices=Outcome.choices,
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"n{step.id}"] = forms.CharField(label=_("情况"), required=False)
            if second:
                self.fields[f"e{step.id}"] = forms.BooleanField(
                    label=_("首轮时就有"), required=False
                )
            self.lines.append((step, outcome, note))

    def results(self) -> list[tuple[int, str, str, bool | None]]:
        """Step, outcome, note, existed: of the steps that were answered now."""
        said = self.cleaned_data
        return [
            (step.id, said[f"o{step.id}"], said[f"n{step.id}"], said.get(f"e{step.id}"))
            for step, _outcome, _note in self.lines
            if said[f"o{step.id}"]
        ]

    def bound_lines(self) -> list[tuple[Any, ...]]:
        """For each step: itself, what was found before, and its fields."""
        return [
            (
                step, outcome, note, self[f"o{step.id}"], self[f"n{step.id}"],
                self[f"e{step.id}"] if f"e{step.id}" in self.fields else None,
            )
            for step, outcome, note in self.lines
        ]  # fmt: skip


class TeamForm(ScopedForm):
    """A team: mandate, leader, members, term."""

    name = forms.CharField(label=_("名称"), max_length=120)
    mandate = forms.CharField(label=_("任务"), widget=forms.Textarea({"rows": 3}))
    leader = PostField(label=_("组长"), help_text=_("督查发现的问题由组长验收。"))
    members = PostsField(label=_("成员"), required=False, help_text=_("每行一个岗位。"))
    starts = _date(_("开始"))
    ends = _date(_("结束"))

    def given(self) -> NewTeam:
        """As the service takes it."""
        said = self.cleaned_data
        return NewTeam(
            said["name"], said["mandate"], said["leader"], said["members"], said["starts"],
            said["ends"],
        )  # fmt: skip


class VisitForm(ScopedForm):
    """A visit to be made."""

    owner_post = PostField(label=_("被查岗位"))
    planned_for = MomentField(label=_("时间"), help_text=_("例:3-29 9:00、明天 14:00"))
    announced = forms.TypedChoiceField(
        label=_("方式"), coerce=lambda value: value == "yes",
        choices=[("no", _("不打招呼:开始时对方才知道")), ("yes", _("事先通知"))],
    )  # fmt: skip
    links = forms.CharField(
        label=_("逐个检查的环节"), required=False, widget=forms.Textarea({"rows": 4}),
        help_text=_("每行一个。结束前每个环节都要有结论。"),
    )  # fmt: skip

    def given(self) -> NewVisit:
        """As the service takes it."""
        said = self.cleaned_data
        return NewVisit(
            said["owner_post"], said["planned_for"], said["announced"],
            tuple(_lines(said["links"])),
        )  # fmt: skip


class FindingForm(WorkForm):
    """A finding on the spot: short enough for a phone."""

    title = forms.CharField(label=_("发现的问题"), max_length=200)
    text = forms.CharField(label=_("具体情况"), widget=forms.Textarea({"rows": 3}))
    domain = forms.ChoiceField(label=_("领域"), choices=DOMAINS)
    link = forms.ChoiceField(label=_("环节"), required=False)
    type_code = forms.CharField(label=_("类型"), required=False, max_length=60)

    def __init__(self, *data: Any, links: list[str], at: datetime) -> None:
        super().__init__(*data, at=at)
        field = self.fields["link"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((link, link) for link in links)]

    def given(self) -> NewFinding:
        """As the service takes it."""
        return NewFinding(**self.cleaned_data)


class RoundForm(WorkForm):
    """A round of cross inspection."""

    title = forms.CharField(label=_("名称"), max_length=120)
    orgs = forms.TypedMultipleChoiceField(
        label=_("参加单位"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    links = forms.CharField(
        label=_("逐个检查的环节"), widget=forms.Textarea({"rows": 4}), help_text=_("每行一个。")
    )
    planned_for = MomentField(label=_("时间"), help_text=_("例:3-29 9:00、明天 14:00"))
    excluded = forms.CharField(
        label=_("回避"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("每行一对:检查方>被查方,写单位名称。"),
    )  # fmt: skip
    observer = forms.TypedChoiceField(
        label=_("第三方监督"), required=False, coerce=int, empty_value=None,
        help_text=_("只有两个单位时必须指定。"),
    )  # fmt: skip

    def __init__(self, *data: Any, orgs: list[Org], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.by_name = {org.name: org.pk for org in orgs}
        choices = [(org.pk, org.name) for org in orgs]
        for name, first in (("orgs", []), ("observer", [("", "—")])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*first, *choices]

    def clean_excluded(self) -> frozenset[tuple[int, int]]:
        """Pairs of ids. Names that are not on the list are told."""
        pairs = set()
        for line in _lines(self.cleaned_data["excluded"]):
            one, _mark, other = (part.strip() for part in line.partition(">"))
            lost = [name for name in (one, other) if name not in self.by_name]
            if lost:
                raise ValidationError(_("名单里没有:%(names)s"), params={"names": "、".join(lost)})
            pairs.add((self.by_name[one], self.by_name[other]))
        return frozenset(pairs)

    def given(self) -> NewRound:
        """As the service takes it."""
        said = self.cleaned_data
        return NewRound(
            said["title"], tuple(said["orgs"]), tuple(_lines(said["links"])),
            said["planned_for"], said["excluded"], said["observer"],
        )  # fmt: skip


class ExternalForm(UploadForm):
    """A list of findings from outside."""

    issuer = forms.CharField(label=_("交办方"), max_length=120)
    document = forms.CharField(label=_("文号"), required=False, max_length=120)
    answer_by = _date(_("答复期限"))
    field_order = ("issuer", "document", "answer_by", "file")


class AnswerForm(WorkForm):
    """What was done about a finding."""

    answer = forms.CharField(label=_("整改情况"), widget=forms.Textarea({"rows": 2}))


class AcceptanceForm(WorkForm):
    """The issuer's document of acceptance."""

    document = forms.CharField(label=_("验收文件"), max_length=200)


class RegisterForm(UploadForm):
    """A register to be compared."""

    source = forms.ChoiceField(label=_("来源"), choices=Source.choices)
    kind = forms.ChoiceField(label=_("场所类别"))
    as_of = _date(_("名册日期"))
    field_order = ("source", "kind", "as_of", "file")

    def __init__(self, *data: Any, kinds: list[tuple[str, int]], at: datetime) -> None:
        super().__init__(*data, at=at)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, f"{kind} ({count})") for kind, count in kinds]


class DecisionForm(WorkForm):
    """How a candidate ends."""

    decision = forms.ChoiceField(label=_("认定"), choices=Decision.choices)
    reason = forms.CharField(label=_("理由"), required=False, max_length=200)


class FigureForm(WorkForm):
    """A form with its figures."""

    title = forms.CharField(label=_("报表名称"), max_length=120)
    purpose = forms.CharField(label=_("用途"), max_length=200)
    expires_on = _date(_("有效期至"))
    figures = forms.CharField(
        label=_("指标"), widget=forms.Textarea({"rows": 4}),
        help_text=_("每行一个,可写单位,例:已查渡口数(处)。"),
    )  # fmt: skip

    def given(self) -> NewForm:
        """As the service takes it."""
        said = self.cleaned_data
        split = (line.rstrip(")").partition("(") for line in _lines(said["figures"]))
        figures = tuple((name.strip(), measure) for name, _mark, measure in split)
        return NewForm(said["title"], said["purpose"], said["expires_on"], figures)


class AskForm(WorkForm):
    """Ask places for a figure of a period."""

    figure = forms.TypedChoiceField(label=_("指标"), coerce=int)
    period = forms.CharField(label=_("时段"), max_length=20, help_text=_("例:2026-W11、2026-03"))
    places = forms.TypedMultipleChoiceField(
        label=_("向哪些地方要"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    due_at = MomentField(label=_("期限"), last=True)

    def __init__(self, *data: Any, figures: Any, places: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        for name, rows in (("figure", figures), ("places", places)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(row.pk, row.name) for row in rows]


class FillForm(WorkForm):
    """The figure itself."""

    value = forms.FloatField(label=_("数值"))


class StepsForm(WorkForm):
    """Steps to be added to a checklist."""

    steps = forms.CharField(
        label=_("步骤"), widget=forms.Textarea({"rows": 4}),
        help_text=_("每行一个。要连续做的,后面写“每4小时”。"),
    )  # fmt: skip

    def given(self) -> list[NewStep]:
        """As the service takes it."""
        return [_step(line) for line in _lines(self.cleaned_data["steps"])]


def _step(line: str) -> NewStep:
    text, mark, rest = line.rpartition("每")
    hours = rest.removesuffix("小时").strip()
    if mark and rest.endswith("小时") and hours.replace(".", "", 1).isdecimal():
        return NewStep(text.rstrip(" ,") or line, float(hours))
    return NewStep(line)


class StepForm(WorkForm):
    """The answer to one step."""

    answer = forms.ChoiceField(label=_("答案"), choices=Answer.choices)
    reason = forms.CharField(label=_("理由"), required=False, max_length=200)
