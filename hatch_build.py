"""Compiles the English catalogues when a wheel or an editable installation is built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface[Any]):
    """Puts the compiled catalogues beside their sources before files are collected."""

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        sys.path.insert(0, str(Path(self.root) / "src"))
        from bihuan.config import translations

        translations.compile_stale()
