"""What counts as an address for e-mail (tests/facts/customers.md 4)."""

import re
from typing import Any, ClassVar

from .bodies import Field

_LONGEST = 254  # characters of the whole, and bytes of what stands behind the @
_LONGEST_NAME = 64  # bytes of what stands before it
_LETTERS = "\u00a1-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"  # of any script, as long as it is no emoji
_NAME = re.compile(rf"[\w!#$%&'*+/=?^`{{|}}~{_LETTERS}-]+(?:\.[\w!#$%&'*+/=?^`{{|}}~{_LETTERS}-]+)*", re.ASCII)
_QUOTED = re.compile(rf"\"(?:[^\"\\\r\n\0]|\\[\x01-\x7f{_LETTERS}])*\"")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9\u00a1-\uff00\uff5f-\uffff-]{1,63}(?<!-)")
_TOP = re.compile(rf"[A-Za-z{_LETTERS}]{{2,}}|xn[A-Za-z0-9-]{{2,}}", re.IGNORECASE)


def is_email(text: str) -> bool:
    """Tell whether a text is an address, as a real server's validator has it."""
    name, at, domain = text.rpartition("@")
    sizes = (len(one.encode(errors="surrogatepass")) for one in (name, domain))
    if (
        not at
        or len(text) > _LONGEST
        or any(size > most for size, most in zip(sizes, (_LONGEST_NAME, _LONGEST), strict=True))
    ):
        return False
    labels = domain.split(".")
    if len(labels) == 1 or not _TOP.fullmatch(labels[-1]) or not all(map(_LABEL.fullmatch, labels)):
        return False
    return bool(_NAME.fullmatch(name) or _QUOTED.fullmatch(name))


class Email(Field):
    """An address for e-mail."""

    message: ClassVar[str] = "must be an email"

    def fits(self, value: Any) -> bool:
        return isinstance(value, str) and is_email(value)
