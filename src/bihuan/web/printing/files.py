"""A paper as the answer to a request."""

from collections.abc import Callable

from django.http import HttpResponse

from bihuan.core.errors import NotFound
from bihuan.web.printing.paper import Paper
from bihuan.web.printing.typeset import pdf
from bihuan.web.printing.word import docx

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "pdf": (pdf, "application/pdf"), "docx": (docx, WORD),
}  # fmt: skip


def printed(paper: Paper, *, form: str, name: str) -> HttpResponse:
    """The paper as a file "name.form". Raises NotFound for a form nobody can print."""
    if form not in FORMS:
        raise NotFound("not_found", form=form)
    make, kind = FORMS[form]
    shown = "inline" if form == "pdf" else "attachment"
    return HttpResponse(
        make(paper), content_type=kind,
        headers={"Content-Disposition": f'{shown}; filename="{name}.{form}"'},
    )  # fmt: skip
