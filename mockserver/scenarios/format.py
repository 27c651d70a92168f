"""What a scenario file may say: the shape that people write, strict, with a JSON Schema for their editors."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ..contract import Contract

_DELAY = re.compile(r"^(\d+(?:\.\d+)?)(ms|s)$")
_HEADER = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
_VALUE = re.compile(r"^[\t\x20-\x7e\x80-\xff]*$")
MAX_DELAY = 300  # seconds; a client that waits longer has gone


def _seconds(value: Any) -> Any:
    """Return `300ms` or `1.5s` as seconds."""
    found = _DELAY.match(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"{value!r} is not a delay such as '300ms' or '1.5s'")
    seconds = float(found[1]) / (1000 if found[2] == "ms" else 1)
    if seconds > MAX_DELAY:
        raise ValueError(f"{value!r} is longer than {MAX_DELAY}s")
    return seconds


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _HEADER.match(name):
            raise ValueError(f"{name!r} is not a header's name")
        if not _VALUE.match(value):
            raise ValueError(f"the value of {name!r} holds characters that no header can")
        if name.lower() in ("content-length", "transfer-encoding", "connection"):
            raise ValueError(f"{name!r} belongs to the connection and cannot be set")
    return headers


Delay = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=str)]
HeaderMap = Annotated[dict[str, str], AfterValidator(_headers)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class When(_Strict):
    """Which requests a stub waits for; texts are globs, mappings are subsets."""

    path: dict[str, str] = Field(default={}, description="Path parameters, such as `session_id: ps_*`.")
    query: dict[str, str] = Field(default={}, description="Query parameters.")
    header: dict[str, str] = Field(default={}, description="Request headers, names in any case.")
    body: Any = Field(default=None, description="Part of the JSON body.")


class ReplyFormat(_Strict):
    """One answer; without `status` and `body` the operation itself answers."""

    status: int | None = Field(
        default=None, ge=200, le=599, description="Status; its body is then the one that a real server sends."
    )
    body: Any = Field(default=None, description="Merged over that body (RFC 7396: null removes a key).")
    headers: HeaderMap = Field(default={}, description="Headers to add; texts may hold `{id}`.")
    delay: Delay = Field(default=0.0, description="How long to wait before answering: `300ms`, `1.5s`.")
    off_contract: bool = Field(default=False, description="Lets this reply break the contract, on purpose.")


class StubFormat(_Strict):
    """A request to wait for and what to answer."""

    operation: str = Field(description="The client's method name or the published operationId.")
    when: When = Field(default=When(), description="Leave out to match every request of the operation.")
    reply: ReplyFormat | None = Field(default=None, description="The answer to every such request.")
    replies: list[ReplyFormat] | None = Field(
        default=None, min_length=1, description="Answers in order; the last one repeats."
    )

    @model_validator(mode="after")
    def _one_of_reply_and_replies(self) -> "StubFormat":
        if (self.reply is None) == (self.replies is None):
            raise ValueError("needs either 'reply' or 'replies'")
        return self


class ScenarioFormat(_Strict):
    """A situation: what is answered differently from a Medusa server where all goes well."""

    description: str = Field(min_length=1, description="One sentence: what the shopper meets.")
    stubs: list[StubFormat] = Field(default=[], description="Tried from the top; the first that matches answers.")


def json_schema(contract: Contract) -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, with the names of a contract's operations."""
    schema = ScenarioFormat.model_json_schema()
    names = sorted({name for operation in contract.operations for name in (operation.name, operation.id)})
    schema["$defs"]["StubFormat"]["properties"]["operation"]["enum"] = names
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "mockserver scenario"} | schema
