"""Messages of other installations: no token, the signature says who sends."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from bihuan.core.clock import read_clock
from bihuan.epidemic.services.line import receive

router = Router(tags=["line"])


class EnvelopeIn(Schema):
    """A numbered, signed message of one installation to another."""

    sender: str = Field(alias="from", max_length=24)
    to: str = Field(max_length=24)
    seq: int = Field(ge=1, le=2**31 - 1)
    kind: str = Field(max_length=12)
    key: str = Field(max_length=64)
    at: str = Field(max_length=40)
    body: dict[str, Any]
    signature: str = Field(max_length=128)


class AckOut(Schema):
    """The last message taken, signed by us."""

    sender: str = Field(alias="from", serialization_alias="from")
    to: str
    ack: int
    key: str
    signature: str


@router.post("/line/messages", response=AckOut, by_alias=True, operation_id="take_message")
def take_message(request: HttpRequest, given: EnvelopeIn) -> Any:  # noqa: ARG001
    """Take a message in its order, once; a repeat is acknowledged again and changes nothing."""
    return receive(envelope=given.dict(by_alias=True), at=read_clock())
