"""Writes a scenario as people write them, so that it is read again as what it was."""

from typing import Any

import yaml

from .source import plain


def scenario_text(description: str, given: dict[str, Any]) -> str:
    """Return the YAML of a scenario that begins with some entities."""
    written = {"description": description} | ({"given": given} if given else {})
    return yaml.dump(written, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)


class _Dumper(yaml.SafeDumper):
    """Writes every value out where it stands, and quotes each text that our own reader would take for something else."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_safe = text.isprintable() and plain(text) is text  # 1e5 is a text to PyYAML and a number to us
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, None if is_safe else '"')


_Dumper.add_representer(str, _text)
