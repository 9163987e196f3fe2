"""The wire to other installations: one signed message, one signed acknowledgement."""

import json
import urllib.request
from typing import Any

PATIENCE = 20  # seconds
LARGEST = 64 * 1024


def post(address: str, envelope: dict[str, Any]) -> dict[str, Any]:
    """Send an envelope over HTTPS. Raises OSError for a line or answer that is not good."""
    if not address.startswith("https://"):
        raise OSError("the line to another installation is HTTPS")
    request = urllib.request.Request(  # noqa: S310 - HTTPS alone, checked above
        f"{address.rstrip('/')}/api/v1/line/messages", data=json.dumps(envelope).encode(),
        headers={"Content-Type": "application/json"}, method="POST",
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        said = json.loads(answer.read(LARGEST))
    if not isinstance(said, dict):
        raise OSError("no acknowledgement")
    return said
