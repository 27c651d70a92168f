"""Compiles the contract when the wheel is built, so that no installation parses its YAML at start."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ContractBuildHook(BuildHookInterface):
    """Puts the compiled contract beside its YAML: in the wheel, or in a checkout that is installed as it stands."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, for a wheel beside the checkout; for a checkout that is installed as it stands into it, as the first start would."""
        sys.path.insert(0, self.root)
        from mockserver.contract.compiled import COMPILED, compile, load  # noqa: PLC0415  (of this very checkout)
        from mockserver.contract.parts import source  # noqa: PLC0415

        if version == "editable":
            load()
            return
        self._folder = tempfile.mkdtemp()
        file = Path(self._folder) / COMPILED
        file.write_text(compile(source()), encoding="utf-8")
        build_data["force_include"][str(file)] = f"mockserver/contract/{COMPILED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002  (as hatch calls it)
        """Leave nothing behind."""
        if version != "editable":
            shutil.rmtree(self._folder)
