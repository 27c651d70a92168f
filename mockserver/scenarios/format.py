"""What a scenario file may say: the shape that people write, strict, with a JSON Schema for their editors."""

from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from ..contract import Contract
from ..messages import Fault
from .base import DelayFormat, HeaderMap, Strict, TextMap
from .outcomes import OutcomeFormat, ProviderFormat
from .reply import NO_DELAY

OPERATION = (
    "As in the official client, `carts.retrieve`; the operationId; or the method alone where one resource has it. "
    "`carts.*` is all of a resource, `*` all."
)

ROUTE = r"^(GET|POST|PUT|PATCH|DELETE) /store/[^\s?]+$"


class When(Strict):
    """Which requests a stub waits for; texts are globs, mappings are subsets, `{gt: 10000}` and its like comparisons."""

    path: TextMap = Field(default={}, description="Path parameters, such as `session_id: ps_*`.")
    query: TextMap = Field(default={}, description="Query parameters.")
    header: TextMap = Field(default={}, description="Request headers, names in any case.")
    body: Any = Field(default=None, description="Part of the JSON body, such as `{amount: {gt: 10000}}`.")
    state: dict[str, Any] = Field(
        default={},
        description="What the tables hold for the entity that the path's first id names: `{status: awaiting}`; "
        "under its name for that of its second id: `{payment_session: {status: error}}`.",
    )


class ReplyFormat(Strict):
    """One answer; without `status` and `body` the operation itself answers."""

    status: int | None = Field(
        default=None, ge=200, le=599, description="Status; its body is then the one that a real server sends."
    )
    body: Any = Field(default=None, description="Merged over that body (RFC 7396: null removes a key).")
    provider: OutcomeFormat | None = Field(
        default=None, description="Lets the operation run, with this answer from its payment provider."
    )
    headers: HeaderMap = Field(
        default={}, description="Headers to add, a list for several of one name; texts may hold `{id}`."
    )
    delay: DelayFormat = Field(
        default=NO_DELAY,
        description="How long to wait: `300ms`, `{min: 100ms, max: 2s}`, `{median: 200ms, p99: 3s}`.",
    )
    fault: Fault | None = Field(
        default=None,
        description="What the connection does to the answer: reset, empty, truncate, garbage, hang, drip (over `delay`).",
    )
    chance: float | None = Field(
        default=None, gt=0, lt=1, description="How often it is given; else the next stub that matches is asked."
    )
    repeat: int = Field(default=1, ge=1, description="How often it is given before the next of `replies`.")
    off_contract: bool = Field(default=False, description="Lets this reply break the contract, on purpose.")

    @model_validator(mode="after")
    def _canned_or_run(self) -> "ReplyFormat":
        if self.provider is not None and (self.status is not None or self.body is not None):
            raise ValueError("says 'provider', which lets the operation answer, and also 'status' or 'body'")
        if self.provider is not None and self.provider.when is not None:
            raise ValueError(
                "says 'when' of its provider; under 'providers' an outcome has one, here the stub has its own"
            )
        return self


class StubFormat(Strict):
    """A request to wait for and what to answer."""

    operation: str | None = Field(default=None, description=OPERATION)
    route: str | None = Field(
        default=None,
        description="In place of `operation`: a path that Medusa does not have, such as `GET /store/loyalty/{id}`.",
    )
    when: When = Field(default=When(), description="Leave out to match every request of the operation.")
    reply: ReplyFormat | None = Field(default=None, description="The answer to every such request.")
    replies: list[ReplyFormat] | None = Field(
        default=None, min_length=1, description="Answers in order; the last one repeats."
    )
    loop: bool = Field(default=False, description="Begins `replies` again after the last.")
    per: str = Field(
        default="sandbox",
        description="Whose turns are counted: `sandbox`, a path parameter such as `session_id`, or `header idempotency-key`.",
    )

    @model_validator(mode="after")
    def _one_of_operation_and_route(self) -> "StubFormat":
        if (self.operation is None) == (self.route is None):
            raise ValueError("needs either 'operation' or 'route'")
        return self

    @model_validator(mode="after")
    def _one_of_reply_and_replies(self) -> "StubFormat":
        if (self.reply is None) == (self.replies is None):
            raise ValueError("needs either 'reply' or 'replies'")
        if self.loop and len(self.replies or ()) < 2:  # noqa: PLR2004
            raise ValueError("says 'loop' where one reply repeats anyway; 'replies' is to have several")
        last = self.reply or (self.replies or [])[-1]
        if last.repeat > 1 and not self.loop:
            raise ValueError("says 'repeat' where nothing follows; add a reply, `{}` lets the operation answer")
        return self


class GivenFormat(Strict):
    """Entities by table that exist when the scenario starts, partly written; the rest is sampled."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, list[dict[str, Any]]] = Field(init=False)

    payment_collections: list[dict[str, Any]] = Field(
        default=[], description="With `payment_sessions`, `payments` and `region` inside them, as the API shows them."
    )
    off_contract: bool = Field(default=False, description="Lets these entities break the contract, on purpose.")

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return the entities by table."""
        return {"payment_collections": self.payment_collections, **self.__pydantic_extra__}


class ScenarioFormat(Strict):
    """A situation: what is answered differently from a Medusa server where all goes well."""

    description: str = Field(min_length=1, max_length=2000, description="One sentence: what the shopper meets.")
    given: GivenFormat = Field(default=GivenFormat(), description="Entities that exist when the scenario starts.")
    unknown_ids: Literal["create", "not_found"] = Field(
        default="create", description="Whether an id that nobody has heard of is invented, or is a 404 as in Medusa."
    )
    shopper: str | None = Field(
        default=None,
        description="The e-mail address of a customer of `given`, who is logged in where a request brings neither session nor token.",
    )
    providers: dict[str, ProviderFormat] = Field(
        default={}, description="Payment providers by id, and what each answers; `*` speaks for all."
    )
    stubs: list[StubFormat] = Field(default=[], description="Tried from the top; the first that matches answers.")


def json_schema(contract: Contract) -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, with the names of a contract's operations."""
    schema = ScenarioFormat.model_json_schema()
    stub = schema["$defs"]["StubFormat"]
    names = sorted({*contract.names, *(f"{operation.resource}.*" for operation in contract.operations), "*"})
    for name, texts in (("operation", {"enum": names}), ("route", {"pattern": ROUTE})):
        stub["properties"][name] = {"type": "string", **texts, "description": stub["properties"][name]["description"]}
    stub["oneOf"] = [{"required": ["operation"]}, {"required": ["route"]}]
    outcomes = schema["$defs"]["ProviderFormat"]["properties"]
    for action, many in outcomes.items():
        outcomes[action] = {
            "description": many["description"],
            "anyOf": [{"$ref": "#/$defs/OutcomeFormat"}, {key: many[key] for key in ("type", "items")}],
        }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema | {"title": "mockserver scenario"}
