"""Where a site's own model is asked, by its environment. Light: the settings read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask. An empty `url` means that no model is asked."""

    url: str = ""
    model: str = ""
    key: str = ""
    timeout_seconds: float = 60.0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """`BIHUAN_MODEL_URL`, `_NAME`, `_KEY` and `_TIMEOUT`. Raises ValueError for another scheme."""
        url = environ.get("BIHUAN_MODEL_URL", "").strip()
        if url and urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError("BIHUAN_MODEL_URL must begin with http:// or https://")
        return cls(
            url,
            environ.get("BIHUAN_MODEL_NAME", ""),
            environ.get("BIHUAN_MODEL_KEY", ""),
            float(environ.get("BIHUAN_MODEL_TIMEOUT", "60")),
        )

    @property
    def host(self) -> str:
        """Who is asked, without path and key."""
        return urlsplit(self.url).netloc.rpartition("@")[2]
