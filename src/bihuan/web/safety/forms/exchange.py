"""Measures of an event that came by the exchange, all in one table."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from bihuan.safety.selectors.exchange import WaitingEvent
from bihuan.safety.services.risks import NewMeasure
from bihuan.safety.types import Defence
from bihuan.web.forms import WorkForm
from bihuan.web.supervision.forms import day_field

# What the first classification of a file says about the kind of defence; the rest a person says.
KINDS = {"工程技术": "technical", "操作行为": "human", "应急措施": "physical"}


class TakeForm(WorkForm):
    """One line a measure: its kind, its layer, until when it counts. Without a kind it waits."""

    def __init__(self, *data: Any, event: WaitingEvent, **options: Any) -> None:
        self.records = event.measures
        super().__init__(*data, **options)
        for row in self.records:
            told = row.data
            self.fields[f"kind_{row.pk}"] = forms.ChoiceField(
                label=_("人防物防技防"), choices=[("", _("以后再定")), *Defence.choices],
                required=False, initial=KINDS.get(str(told.get("classify1", "")), ""),
            )  # fmt: skip
            self.fields[f"layer_{row.pk}"] = forms.CharField(
                label=_("防护层"), max_length=60, required=False,
                initial=told.get("classify2") or told.get("classify1") or "",
            )  # fmt: skip
            self.fields[f"valid_{row.pk}"] = day_field(_("有效期至"), required=False)

    def lines(self) -> Iterator[tuple[Any, BoundField, BoundField, BoundField]]:
        """Each record with its three fields."""
        for row in self.records:
            yield (row, self[f"kind_{row.pk}"], self[f"layer_{row.pk}"], self[f"valid_{row.pk}"])

    def given(self) -> dict[int, NewMeasure]:
        """The measures with a kind, as the service takes them."""
        said = self.cleaned_data
        return {
            row.pk: NewMeasure(
                said[f"kind_{row.pk}"], said[f"layer_{row.pk}"],
                str(row.data["riskMeasureDesc"])[:200], said[f"valid_{row.pk}"],
            )
            for row in self.records if said[f"kind_{row.pk}"]
        }  # fmt: skip
