"""One request to an endpoint that speaks chat completions. Standard library alone."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Final

from bihuan.intake.endpoint.address import Endpoint
from bihuan.intake.endpoint.errors import BAD_ANSWER, OFF, TOO_LONG, UNREACHABLE, ModelFault
from bihuan.intake.endpoint.prompt import Opinion, messages, opinions, veiled

LARGEST_ANSWER: Final = 1_000_000  # bytes
LONGEST_TEXT: Final = 60_000  # characters


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the text and the key to another host."""

    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what was sent: characters, and how many persons and contacts were hidden."""

    opinions: tuple[Opinion, ...]
    sent: int
    persons: int
    contacts: int


def ask(endpoint: Endpoint, text: str) -> Answer:
    """The model's opinions on a clean text.

    Raises ModelFault with `OFF`, `TOO_LONG`, `UNREACHABLE` or `BAD_ANSWER`.
    """
    if not endpoint.url:
        raise ModelFault(OFF)
    if len(text) > LONGEST_TEXT:
        raise ModelFault(TOO_LONG, characters=len(text), most=LONGEST_TEXT)
    hidden = veiled(text)
    asked = {"model": endpoint.model, "temperature": 0, "messages": messages(hidden),
             "response_format": {"type": "json_object"}}  # fmt: skip
    found = opinions(_content(_post(endpoint, json.dumps(asked).encode())), hidden)
    persons = len({mark for mark, _, _ in hidden.spans})
    return Answer(found, len(hidden.text), persons, hidden.contacts)


def _post(endpoint: Endpoint, body: bytes) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    request = urllib.request.Request(endpoint.url, data=body, headers=headers)  # noqa: S310
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=endpoint.timeout_seconds) as answer:
            told: bytes = answer.read(LARGEST_ANSWER + 1)
    except urllib.error.HTTPError as fault:
        fault.close()
        raise ModelFault(UNREACHABLE, status=fault.code) from fault
    except (OSError, ValueError) as fault:
        raise ModelFault(UNREACHABLE, status=0) from fault
    if len(told) > LARGEST_ANSWER:
        raise ModelFault(BAD_ANSWER, what="too_large")
    return told


def _content(answer: bytes) -> str:
    """The words of the first choice."""
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as fault:
        raise ModelFault(BAD_ANSWER, what="not_a_completion") from fault
    if not isinstance(content, str):
        raise ModelFault(BAD_ANSWER, what="not_a_completion")
    return content
