"""Says in plain words what a text that is not YAML probably means, and how it is mended."""

import re

import yaml

_RESERVED = tuple("@`%*&")
_DEEPER = "it is indented deeper than the line before it, which is no mapping; keys of one mapping begin in one column"
_OTHERWISE = "it is indented otherwise than what it belongs to, or lacks its '- '"
_STRUCTURE = {  # what the parsers say, libyaml's and PyYAML's own
    "mapping values are not allowed": _DEEPER,
    "sequence entries are not allowed": "the first '- ' of a list stands in a line of its own, below the key",
    "',' or": "a bracket{}, lacks a comma or its end",
    "expected key": _OTHERWISE,
    "'-' indicator": _OTHERWISE,
    "<block end>": _OTHERWISE,
}
_SECOND_COLON = re.compile(r"\s*(- )?[^\s:#][^:]*:\s+[^\s\"'{\[].*:(\s|$)")
_END = re.compile(r"[\s,\]}]")


def plainly(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """Return the line of a parser's complaint, and a sentence with the cure."""
    number, column = (error.problem_mark.line, error.problem_mark.column) if error.problem_mark else (0, 0)
    line = "".join(text.split("\n")[number : number + 1])
    cure = _of_characters(error, line, column) or _of_structure(error, line, column)
    return number + 1, f"is not YAML: {cure or error.problem}"


def _of_characters(error: yaml.MarkedYAMLError, line: str, column: int) -> str | None:
    """Return what a single character did that YAML keeps for itself."""
    context, problem = error.context or "", error.problem or ""
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or line[column : column + 1] == "\t":
        return "it is indented with a tab; use spaces"
    if "alias" in context or "anchor" in context:
        column -= 1  # the mark stands behind the sign
    if "escape" in problem:
        return "a backslash in double quotes begins an escape; write two, or use single quotes"
    if line[column : column + 1] in _RESERVED:
        written = _END.split(line[column:], maxsplit=1)[0]
        return f'a text that begins with {line[column]!r} is to be put in quotes: "{written}"'
    return None


def _of_structure(error: yaml.MarkedYAMLError, line: str, column: int) -> str | None:
    """Return what the parts of a text do to each other."""
    began = f", opened in line {error.context_mark.line + 1}" if error.context_mark else ""
    if "quoted scalar" in (error.context or ""):
        return f"a quote{began}, never ends"
    found = next((cure for words, cure in _STRUCTURE.items() if words in (error.problem or "")), None)
    if found == _DEEPER and _SECOND_COLON.match(line):
        return "a text with a colon in it is to be put in quotes"
    if found == _OTHERWISE and line[:column].rstrip().endswith(('"', "'")):
        return "something follows a closing quote; put all of the text in one pair of quotes"
    return found and found.format(began)
