"""Do what a form asks; a refusal is shown in the form, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any, TypeVar

from bihuan.core.errors import Refused
from bihuan.web.forms import WorkForm

Done = TypeVar("Done")


def attempt(form: WorkForm, work: Callable[[dict[str, Any]], Done]) -> Done | None:
    """The result of the work with the cleaned data; None when there is nothing to do yet."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return work(form.cleaned_data)
    except Refused as refused:
        form.refuse(refused)
        return None
