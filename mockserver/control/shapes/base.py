"""What all shapes share: strictness, and texts that must mean something."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ...clock import instant, seconds_of
from ...errors import MockServerError
from ...state.sandboxes import NAMES, is_name

Document = dict[str, Any]


def _name(text: str) -> str:
    if not is_name(text):
        raise ValueError(f"{text!r} is no name for a sandbox; {NAMES}")
    return text


def _meaning(read: Callable[[str], object]) -> AfterValidator:
    """Return what refuses a text that cannot be read, and keeps any other as it is."""

    def readable(text: str) -> str:
        try:
            read(text)
        except MockServerError as error:
            raise ValueError(str(error)) from None
        return text

    return AfterValidator(readable)


Text = Annotated[str, Field(max_length=1000)]  # globs are compiled, and kept for a while
Name = Annotated[str, AfterValidator(_name), Field(examples=["test-7"])]
Time = Annotated[str, _meaning(instant), Field(examples=["2024-01-06T03:57:20Z"])]
Duration = Annotated[str, _meaning(seconds_of), Field(examples=["10m"])]


class Input(BaseModel):
    """Something that is taken: nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Output(BaseModel):
    """Something that is given: exactly this."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Output):
    """Why a call was refused."""

    type: Literal["mock_server_error"] = "mock_server_error"
    message: str


class Taking(Input):
    """Which sandbox is meant; all, where none is named."""

    sandbox: str | None = None
