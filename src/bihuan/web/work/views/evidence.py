"""Files of evidence: the original to keep, a re-encoded picture to look at."""

from django.http import FileResponse
from django.http.response import HttpResponseBase

from bihuan.core.errors import NotFound
from bihuan.core.evidence.models import Item
from bihuan.core.evidence.services import blob_path, shown_path
from bihuan.core.loops.proofs import proof_file
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page("post")
def original(request: WorkRequest, pk: int) -> HttpResponseBase:
    """The file as it came, always as a download: nothing of it runs in the browser."""
    item = proof_file(item_id=pk, by=request.actor)
    assert item.blob is not None  # the door says so
    return _sent(item, item.blob.mime, shown=False)


@page("post")
def picture(request: WorkRequest, pk: int) -> HttpResponseBase:
    """The re-encoded picture of a photo."""
    item = proof_file(item_id=pk, by=request.actor)
    if item.kind != "photo":
        raise NotFound("evidence.not_found", id=pk)
    return _sent(item, "image/webp", shown=True)


def _sent(item: Item, mime: str, *, shown: bool) -> FileResponse:
    sha256 = item.blob_id or ""
    path = shown_path(sha256) if shown else blob_path(sha256)
    if not path.is_file():
        raise NotFound("evidence.not_found", id=item.pk)
    answer = FileResponse(
        path.open("rb"), as_attachment=not shown, filename="" if shown else item.file_name,
        content_type=mime,
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600, immutable"
    return answer
