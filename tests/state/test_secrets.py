"""Secrets in bodies are shown to nobody."""

import pytest

from mockserver.state.secrets import masked


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"password": "hunter2", "email": "a"}, {"password": "***", "email": "a"}),
        ({"a": [{"access_token": "hunter2"}]}, {"a": [{"access_token": "***"}]}),
        ({"token": {"deep": "hunter2"}, "password": None}, {"token": "***", "password": None}),
        ('{"password": "hunt\\"er2", "a": 1', '{"password": "***", "a": 1'),
        ('{"password": "hunter2', '{"password": "***"'),
        ('{"password":5}', '{"password": "***"}'),
        ("{'password': 'hunter2'}", "{'password': '***'}"),
        ("email=a&password=hunter2&x=1", "email=a&password=***&x=1"),
        ("token=hunter2", "token=***"),
        (5, 5),
    ],
)
def test_secrets_are_masked(value: object, shown: object) -> None:
    """At any depth of JSON, in a JSON text that was cut, and in forms."""
    assert shown == masked(value)
