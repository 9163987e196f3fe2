"""Do what a form or a button asks; a refusal is shown, and nothing typed is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.contrib import messages

from bihuan.core.errors import NotFound, Refused
from bihuan.web.forms import WorkForm
from bihuan.web.messages import words_for
from bihuan.web.requests import WorkRequest

Done = TypeVar("Done")


def attempt(form: WorkForm, work: Callable[[dict[str, Any]], Done]) -> Done | None:
    """The result of the work with the cleaned data; None when there is nothing to do yet.

    The refusal stays on the form as `refused`, for a page that leads on from its facts.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return work(form.cleaned_data)
    except Refused as refused:
        form.refuse(refused)
        form.refused = refused  # type: ignore[attr-defined]
        return None


@contextmanager
def answering(request: WorkRequest, done: str) -> Iterator[None]:
    """Say `done`, or why the deed was refused; what is not there stays a page of its own."""
    try:
        yield
    except NotFound:
        raise
    except Refused as refused:
        messages.error(request, str(words_for(refused)))
    else:
        messages.success(request, done)
