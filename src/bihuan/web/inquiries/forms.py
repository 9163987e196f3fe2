"""What people fill in for questions, answers and peers."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import day_start, local_date
from bihuan.core.packs.types import Pack
from bihuan.epidemic.services.peers import NewPeer
from bihuan.epidemic.services.questions import OUTCOMES, NewQuestion, Reply
from bihuan.web.forms import MomentField, PlaceCodeField, WorkForm
from bihuan.web.inquiries import words
from bihuan.web.table import FilterForm
from bihuan.web.words import titled


class AskForm(WorkForm):
    """A question of the closed list, about people of one case."""

    kind = forms.ChoiceField(label=_("问题"))
    contacts = forms.MultipleChoiceField(
        label=_("接触者"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("不选则问病例本人"),
    )  # fmt: skip
    peer = forms.ChoiceField(label=_("对接单位"), required=False)
    place = PlaceCodeField(label=_("答复地"), help_text=_("写全名或代码。"))
    basis = forms.CharField(label=_("法律依据"), max_length=200)
    window_from = MomentField(label=_("时间段起"), required=False)
    window_to = MomentField(label=_("时间段止"), required=False)

    def __init__(self, *data: Any, pack: Pack, contacts: Any, peers: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        kinds = [(key, f"{words.SIDES[row['side']]}:{titled(row)}")
                 for key, row in pack.rows("co_question").items()]  # fmt: skip
        choices = {
            "kind": kinds, "contacts": [(str(c.id), c.number) for c in contacts],
            "peer": [("", _("本系统内")), *((str(p.pk), p.title) for p in peers)],
        }  # fmt: skip
        for name, rows in choices.items():
            self.fields[name].choices = rows  # type: ignore[attr-defined]

    def given(self, case_id: int) -> NewQuestion:
        """As the service takes it."""
        told = self.cleaned_data
        return NewQuestion(
            case_id, told["kind"], told["basis"], told["place"],
            int(told["peer"]) if told["peer"] else None,
            tuple(int(pk) for pk in told["contacts"]), told["window_from"], told["window_to"],
        )  # fmt: skip


class ReplyForm(WorkForm):
    """An answer: one word of the list for each person."""

    outcome = forms.ChoiceField(
        label=_("结果"), choices=[(key, words.OUTCOMES[key]) for key in OUTCOMES]
    )
    reason = forms.CharField(label=_("不能答复的原因"), max_length=200, required=False)

    def __init__(self, *data: Any, pack: Pack, kind: str, people: int, at: datetime) -> None:
        super().__init__(*data, at=at)
        every = pack.rows("co_answer")
        allowed = [("", "—")]
        allowed += [(key, titled(every[key])) for key in pack.rows("co_question")[kind]["answers"]]
        self.names = [f"word-{n}" for n in range(people)]
        for n, name in enumerate(self.names, start=1):
            self.fields[name] = forms.ChoiceField(
                label=_("第 %(n)d 人") % {"n": n}, choices=allowed, required=False
            )
        self.order_fields(["outcome", *self.names, "reason"])

    def given(self) -> Reply:
        """As the service takes it."""
        told = self.cleaned_data
        said = tuple(told[name] for name in self.names) if told["outcome"] == "answered" else ()
        return Reply(told["outcome"], said, told["reason"])


class MonthForm(FilterForm):
    """A month, `2026-03`; left out or not understood: the month of the page."""

    month = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", label=_("月份"),
                             widget=forms.DateInput({"type": "month"}))  # fmt: skip

    def period(self, at: datetime) -> tuple[datetime, datetime]:
        """The first moment of the month and of the next."""
        said = self.said("month")
        first = date.fromisoformat(f"{said}-01") if said else local_date(at).replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return day_start(first), day_start(following)


class OfferForm(WorkForm):
    """Hand a contact over."""

    peer = forms.ChoiceField(label=_("对接单位"))
    place = PlaceCodeField(label=_("此人所在地"), help_text=_("写全名或代码。"))

    def __init__(self, *data: Any, peers: Any, at: datetime) -> None:
        super().__init__(*data, at=at)
        self.fields["peer"].choices = [(str(p.pk), p.title) for p in peers]  # type: ignore[attr-defined]


class PeerForm(WorkForm):
    """Another installation."""

    title = forms.CharField(label=_("名称"), max_length=80)
    address = forms.URLField(label=_("网址"), max_length=200, assume_scheme="https")
    agreement = forms.CharField(label=_("协议编号"), max_length=120)
    invitation = forms.CharField(
        label=_("对方的“本单位信息”"), widget=forms.Textarea({"rows": 3}), max_length=1000
    )

    def given(self) -> NewPeer:
        """As the service takes it."""
        told = self.cleaned_data
        return NewPeer(told["invitation"], told["title"], told["address"], told["agreement"])
