"""
Passwords as Medusa keeps them: scrypt's own file format, in base64 (tests/facts/customers.md 9).

A hash from the database of a real server can be given, and its password then logs in here.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode

_MAGIC = b"scrypt\0"
_COST = (1, 1, 1)  # log2 of N, r, p: as cheap as Medusa's own, for tests log in a thousand times a minute
_HEAD = 48  # bytes: what it is, what it costs, the salt
_LENGTH = 96


def hashed(password: str, salt: str) -> str:
    """Return the hash of a password, which depends on both texts alone."""
    log_n, r, p = _COST
    mixed = hashlib.sha256(salt.encode(errors="replace")).digest()
    head = _MAGIC + bytes([log_n]) + r.to_bytes(4, "big") + p.to_bytes(4, "big") + mixed
    return b64encode(_signed(head, password)).decode()


def is_right(password: str, hash: str) -> bool:
    """Tell whether a hash is that of a password; a text that is no such hash is that of none."""
    try:
        found = b64decode(hash, validate=True)
        if len(found) != _LENGTH or not found.startswith(_MAGIC):
            return False
        return hmac.compare_digest(_signed(found[:_HEAD], password), found)
    except (ValueError, MemoryError):  # no base64, or a cost that nobody can pay
        return False


def _signed(head: bytes, password: str) -> bytes:
    """Return the head of a file with its checksum and the signature that only the password makes."""
    log_n, r, p = head[7], int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:16], "big")
    key = hashlib.scrypt(
        password.encode(errors="surrogatepass"), salt=head[16:], n=1 << log_n, r=r, p=p, dklen=64, maxmem=2**25
    )
    checked = head + hashlib.sha256(head).digest()[:16]
    return checked + hmac.digest(key[32:], checked, "sha256")
