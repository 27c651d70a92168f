"""
The limits to compare with, on plain uvicorn: the smallest ASGI application, and the smallest Starlette application.

    python bare.py asgi ANSWER_FILE      sends the bytes of a recorded answer
    python bare.py starlette             has one route
"""

import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn


def asgi(recorded: Path) -> Any:
    """Return an application that sends one recorded answer: `{status, headers, body}`."""
    said = json.loads(recorded.read_text())
    headers = [(name.encode(), value.encode()) for name, value in said["headers"]]
    start = {"type": "http.response.start", "status": said["status"], "headers": headers}
    body = {"type": "http.response.body", "body": said["body"].encode()}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
            return
        await receive()
        await send(start)
        await send(body)

    return app


def starlette() -> Any:
    """Return an application with one route."""
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.requests import Request  # noqa: PLC0415
    from starlette.responses import JSONResponse  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    async def health(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    return Starlette(routes=[Route("/health", health)])


if __name__ == "__main__":
    listener = socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # by name, or Nagle's algorithm is on
    listener.bind(("127.0.0.1", 0))
    listener.listen(2048)
    app = asgi(Path(sys.argv[2])) if sys.argv[1] == "asgi" else starlette()
    config = uvicorn.Config(
        app, http="httptools", log_level="error", access_log=False, server_header=False, date_header=False
    )
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[listener])
