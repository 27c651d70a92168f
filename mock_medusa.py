"""
What pytest loads: the plugin with the fixture `mock_medusa`, of the package beside this file and of no other.

A project may have a `mockserver.py` or a package `mockserver` of its own. Then its tests shall find that, and the plugin is
loaded under another name.
"""

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

OURS = Path(__file__).resolve().parent / "mockserver" / "__init__.py"
ALIAS = "_mock_medusa_mockserver"


def _is_taken() -> bool:
    """Tell whether Python finds another `mockserver`, or will once the folder of the tests is looked through."""
    found = find_spec("mockserver")
    here = [Path.cwd() / "mockserver.py", Path.cwd() / "mockserver" / "__init__.py"]
    return found is None or not all(map(_is_ours, [Path(found.origin or ""), *filter(Path.exists, here)]))


def _is_ours(file: Path) -> bool:
    """Tell whether a file is that of our package, installed or in a checkout."""
    return file.name == OURS.name and (file.parent / "testing" / "plugin.py").exists()


def _loaded() -> ModuleType:
    if not _is_taken():
        return import_module("mockserver.testing.plugin")
    spec = spec_from_file_location(ALIAS, OURS, submodule_search_locations=[str(OURS.parent)])
    assert spec is not None  # noqa: S101
    assert spec.loader is not None  # noqa: S101
    sys.modules[ALIAS] = package = module_from_spec(spec)
    spec.loader.exec_module(package)
    return import_module(f"{ALIAS}.testing.plugin")


plugin = _loaded()
