"""What can be set when the mock is started, from the command line, the environment or a test."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

SHORTEST_TOKEN = 16  # characters
LOCALHOST = r"/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/"


class Settings(BaseModel):
    """All settings of a server, each with the default that suits a developer's machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(
        default="localhost",
        description="Address to listen on; localhost is 127.0.0.1 and ::1, whichever a client takes.",
    )
    port: int = Field(default=9000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    scenario: str = Field(default="default", description="Scenario of requests that choose none.")
    scenarios: tuple[Path, ...] = Field(
        default=(), description="Folders of scenario files, or single ones, beside the shipped ones."
    )
    data: Path | None = Field(
        default=None, description="File of what the shop sells, as `medusa seed -f` reads it; JSON or YAML."
    )
    seed: str = Field(default="0", description="What all invented values are drawn from.")
    clock: str | None = Field(default=None, description="ISO 8601 time at which the clock stands still.")
    sandboxes: int = Field(default=1000, ge=1, description="How many named sandboxes are kept.")
    state: int = Field(default=200, ge=1, description="Megabytes that all sandboxes together may hold.")
    journal: int = Field(default=10_000, ge=1, description="How many requests are kept in all, to be read later.")
    control_token: str | None = Field(
        default=None, description="Secret that /__mock asks for; needed when not on this machine alone."
    )
    compress: bool = Field(default=False, description="Compress long answers, as http_compression does in Medusa.")
    cors: tuple[str, ...] = Field(
        default=(LOCALHOST,),
        description="Allowed origins, as in STORE_CORS: a list with commas, of texts and /regular expressions/.",
    )

    @field_validator("control_token")
    @classmethod
    def _is_hard_to_guess(cls, token: str | None) -> str | None:
        if token is not None and len(token) < SHORTEST_TOKEN:
            message = f"at least {SHORTEST_TOKEN} characters, and this has {len(token)}; `openssl rand -hex 16` makes a good one"
            raise PydanticCustomError("token_too_short", message)
        return token
