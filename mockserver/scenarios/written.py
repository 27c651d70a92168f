"""Writes a scenario as people write them, so that it is read again as what it was."""

from typing import Any

import yaml

from ..errors import MockServerError
from .source import MAX_DEPTH, plain


def scenario_text(description: str, given: dict[str, Any]) -> str:
    """Return the YAML of a scenario that begins with some entities; raise MockServerError for what is too deep to be read again."""
    if _depth(given) >= MAX_DEPTH:
        raise MockServerError(f"what it holds is nested more than {MAX_DEPTH} levels deep, and no scenario is")
    written = {"description": description} | ({"given": given} if given else {})
    return yaml.dump(written, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)


def _depth(value: Any) -> int:
    """Return how many levels of lists and mappings a value has, without going into it level by level: it may be too deep for that."""
    depth, level = 0, [value]
    while level:
        inner = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, (dict, list))]
        level = [item for items in inner for item in items]
        depth += bool(inner)
    return depth


class _Dumper(yaml.SafeDumper):
    """Writes every value out where it stands, and quotes each text that our own reader would take for something else."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_safe = text.isprintable() and plain(text) is text  # 1e5 is a text to PyYAML and a number to us
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, None if is_safe else '"')


_Dumper.add_representer(str, _text)
