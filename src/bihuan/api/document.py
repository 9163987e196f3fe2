"""The OpenAPI document says how requests are refused, and what no text may hold."""

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.types import DictStrAny

from bihuan.api.problems import MEDIA
from bihuan.core.errors import Invalid

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457: a stable code, its words in the caller's language, the facts.",
    "required": ["type", "title", "status", "code", "facts", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "facts": {"type": "object"},
        "instance": {"type": "string"},
    },
}
REFUSED = {
    "description": "Refused; nothing was changed.",
    "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class DocumentedAPI(NinjaAPI):
    """Every operation may be refused, with one shape."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The document with the shape of a refusal beside each operation's success."""
        schema = super().get_openapi_schema(**given)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"]["default"] = REFUSED
        return schema


class CleanParser(Parser):
    """Refuses text that no database can keep: NUL, and halves of surrogate pairs."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body as JSON. Raises Invalid("api.malformed")."""
        try:
            given: DictStrAny = super().parse_body(request)
        except ValueError as fault:
            raise _malformed("body", str(fault)) from fault
        _refuse_unkeepable(given, "body")
        return given

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> DictStrAny:
        """Query, form or header values. Raises Invalid("api.malformed")."""
        given: DictStrAny = super().parse_querydict(data, list_fields, request)
        _refuse_unkeepable(given, "query")
        return given


def _refuse_unkeepable(value: Any, where: str) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_unkeepable(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for inner in value:
            _refuse_unkeepable(inner, where)
    elif isinstance(value, str) and (
        "\0" in value or any("\ud800" <= c <= "\udfff" for c in value)
    ):
        raise _malformed(where.partition(".")[2] or where, "NUL or lone surrogate")


def _malformed(field: str, reason: str) -> Invalid:
    return Invalid("api.malformed", fields=[{"field": field, "reason": reason}])
