"""Passwords: what is kept of one, in the format of a real server (tests/facts/customers.md 9)."""

import base64

import pytest

from mockserver.state.passwords import hashed, is_right

# that of `old-secret`, from the database of a real Medusa 1.20.11 (customers-password-reset)
REAL = (
    "c2NyeXB0AAEAAAABAAAAARL/4VbpbI3EySVLYZDfc1FxQ0X5yq00+WZzL+4ZH7BdYEEzA4yezVBFiM1OPKEROt3I5YHRHvos3HE0sB2ZM4/HCzA6Sutv"
    "dqchfeFKR4Lw"
)


def expensive() -> str:
    """Return a hash that says it took more memory than any machine has."""
    raw = bytearray(base64.b64decode(REAL))
    raw[7] = 60
    return base64.b64encode(raw).decode()


def test_a_hash_of_a_real_server_is_that_of_its_password() -> None:
    """And of no other."""
    assert is_right("old-secret", REAL)
    assert not is_right("old-secret ", REAL)


def test_hashes_are_those_of_scrypt() -> None:
    """128 characters, as on the real server; another salt makes another one."""
    hash = hashed("secret", "salt")

    assert 128 == len(hash)
    assert base64.b64decode(hash).startswith(b"scrypt\0")
    assert "secret" not in hash
    assert hash == hashed("secret", "salt") != hashed("secret", "other")
    assert [True, False] == [is_right(one, hash) for one in ("secret", "Secret")]


@pytest.mark.parametrize("hash", ["", "no base64!", "c2NyeXB0AA==", base64.b64encode(b"x" * 96).decode(), expensive()])
def test_what_is_no_hash_is_that_of_none(hash: str) -> None:
    """Whatever somebody gave: too short, of another kind, or dearer than anybody can pay."""
    assert not is_right("secret", hash)
