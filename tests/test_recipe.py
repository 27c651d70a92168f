"""README's recipe, followed: a contract file, the module and the row that it prints, in a copy of the package."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from asking import header
from processes import Server, running

TOP = Path(__file__).parents[1]
CONTRACT = """
tag: {name: Gift Wraps, description: What presents are wrapped in.}

parameters:
  gift_wrap: {name: id, in: path, required: true, description: Id of the gift wrap., schema: {type: string}, example: wrap_stars, x-entity: gift_wrap}
  gift_wraps_limit: {name: limit, in: query, description: How many at most., schema: {type: integer, default: 2}}
  colour: {name: colour, in: query, description: Of which colours., schema: {type: array, items: {type: string}}}

paths:
  /store/gift-wraps:
    get:
      operationId: GetGiftWraps
      summary: List gift wraps
      x-codegen: {method: list}
      parameters:
        - {$ref: "#/components/parameters/colour"}
        - {$ref: "#/components/parameters/gift_wraps_limit"}
        - {$ref: "#/components/parameters/offset"}
        - {$ref: "#/components/parameters/created_at"}
        - {$ref: "#/components/parameters/order"}
        - {$ref: "#/components/parameters/fields"}
      responses:
        "200":
          description: Here they are.
          content: {application/json: {schema: {$ref: "#/components/schemas/GiftWrapsListRes"}}}
        "400": {$ref: "#/components/responses/400_error"}
        "500": {$ref: "#/components/responses/500_error"}
  /store/gift-wraps/{id}:
    get:
      operationId: GetGiftWrapsGiftWrap
      summary: Get a gift wrap
      x-codegen: {method: retrieve}
      parameters: [{$ref: "#/components/parameters/gift_wrap"}, {$ref: "#/components/parameters/fields"}]
      responses:
        "200":
          description: Here it is.
          content: {application/json: {schema: {$ref: "#/components/schemas/GiftWrapsRes"}}}
        "400": {$ref: "#/components/responses/400_error"}
        "404": {$ref: "#/components/responses/not_found_error"}
        "500": {$ref: "#/components/responses/500_error"}

schemas:
  GiftWrap:
    type: object
    required: [id, created_at, updated_at, deleted_at, title, colour]
    properties:
      id: {type: string, examples: [wrap_01HK3CQKJ5S2Q7TGDGGK4V8K2M]}
      created_at: {type: string, format: date-time}
      updated_at: {type: string, format: date-time}
      deleted_at: {type: [string, 'null'], format: date-time}
      title: {type: string}
      colour: {type: string}
  GiftWrapSelection:
    type: object
    properties:
      id: {$ref: '#/components/schemas/GiftWrap/properties/id'}
      created_at: {$ref: '#/components/schemas/GiftWrap/properties/created_at'}
      updated_at: {$ref: '#/components/schemas/GiftWrap/properties/updated_at'}
      deleted_at: {$ref: '#/components/schemas/GiftWrap/properties/deleted_at'}
      title: {$ref: '#/components/schemas/GiftWrap/properties/title'}
      colour: {$ref: '#/components/schemas/GiftWrap/properties/colour'}
  GiftWrapsListRes:
    type: object
    required: [gift_wraps]
    properties:
      gift_wraps: {type: array, items: {$ref: '#/components/schemas/GiftWrapSelection'}}
      count: {type: integer}
      offset: {type: integer}
      limit: {type: integer}
  GiftWrapsRes:
    type: object
    required: [gift_wrap]
    properties: {gift_wrap: {$ref: '#/components/schemas/GiftWrapSelection'}}
"""
SCENARIO = """
description: A shop with more wraps than one, and a list that fails on request.
given:
  gift_wraps:
    - {id: wrap_moons, title: Moons, colour: grey, created_at: "2024-01-01T00:00:00.000Z"}
    - {id: wrap_suns, title: Suns, colour: blue, created_at: "2024-01-02T00:00:00.000Z"}
stubs:
  - {operation: giftWraps.list, when: {header: {X-Down: "1"}}, reply: {status: 500}}
"""
ERROR = {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."}


def block(language: str, first: str) -> str:
    """Return a block of the README's recipe, by its language and how it begins."""
    recipe = (TOP / "README.md").read_text("utf-8").partition("### Add a resource")[2]
    found = [
        dedent(text) for text in re.findall(rf"^   ```{language}\n(.*?)^   ```$", recipe, re.DOTALL | re.MULTILINE)
    ]
    return next(text for text in found if text.startswith(first))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a copy of the package to which the three files were added, with a scenario of their own."""
    top = tmp_path_factory.mktemp("recipe")
    package = top / "mockserver"
    shutil.copytree(TOP / "mockserver", package, ignore=shutil.ignore_patterns("__pycache__", "compiled.json"))
    (package / "contract" / "openapi" / "resources" / "gift_wraps.yaml").write_text(CONTRACT)
    (package / "operations" / "gift_wraps.py").write_text(block("python", '"""Gift wraps'))
    with (package / "state" / "shop" / "shop.yaml").open("a", encoding="utf-8") as shop:
        shop.write(block("yaml", "gift_wraps"))
    shutil.copytree(TOP / "scenarios", top / "scenarios")
    (top / "scenarios" / "wrapped.yaml").write_text(SCENARIO)
    environ = {"PYTHONPATH": str(top), "PYTHONSAFEPATH": "1", "PATH": os.environ["PATH"]}
    with running("--scenarios", str(top / "scenarios"), "--clock", "2024-01-06T03:57:20Z", environ=environ) as server:
        yield server


def get(server: Server, path: str, **headers: str) -> tuple[int, Any, str]:
    """Return status, document and source of an answer."""
    answer = server.ask("GET", path, **headers)
    return answer.status, answer.document, header(answer, "x-mock-source")


def titles(server: Server, query: str) -> list[str]:
    """Return the titles that a list of the scenario's shop shows, in their order."""
    status, document, source = get(server, f"/@wrapped/store/gift-wraps?{query}")
    assert (200, "behaviour") == (status, source), document
    return [wrap["title"] for wrap in document["gift_wraps"]]


def test_its_row_is_listed_and_retrieved(server: Server) -> None:
    """The shop's row comes completed, in the envelope's and the contract's order of keys, from the behaviour."""
    status, document, source = get(server, "/store/gift-wraps")
    (wrap,) = document["gift_wraps"]

    assert (200, "behaviour") == (status, source)
    assert ["gift_wraps", "count", "offset", "limit"] == list(document)
    assert {"id": "wrap_stars", "deleted_at": None, "title": "Stars", "colour": "blue"}.items() <= wrap.items()
    assert ["id", "created_at", "updated_at", "deleted_at", "title", "colour"] == list(wrap)
    assert ["id", "title"] == list(get(server, "/store/gift-wraps/wrap_stars?fields=title")[1]["gift_wrap"])
    assert (200, {"gift_wrap": wrap}, "behaviour") == get(server, "/store/gift-wraps/wrap_stars")


def test_what_is_not_there_is_its_own_404(server: Server) -> None:
    """An unknown id is a 404 that speaks of a gift wrap, in the words of one that is forced."""
    expected = {"type": "not_found", "message": "Gift wrap with id wrap_0 was not found"}

    assert (404, expected, "behaviour") == get(server, "/store/gift-wraps/wrap_0")
    assert (404, expected, "stub") == get(server, "/store/gift-wraps/wrap_0", Prefer="code=404")


def test_given_ones_are_filtered_sorted_and_paged(server: Server) -> None:
    """Given wraps and the shop's are one list; its filters, order and pages are what the table of facts says."""
    assert ["Moons", "Stars"] == titles(server, "order=title")
    assert ["Suns"] == titles(server, "order=title&offset=2")
    assert ["Suns", "Stars", "Moons"] == titles(server, "order=-title&limit=0")
    assert ["Stars", "Suns"] == titles(server, "order=title&colour[]=blue,red")
    assert ["Moons", "Stars"] == titles(server, "created_at[lt]=2024-01-02")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "limit=x&colour=blue&size=3",
            "property size should not exist, colour must be an array, limit must be an integer number",
        ),
        ("fields=title,price,size", "Requested fields [price, size] are not valid"),
        ("order=-price", "Order field price is not valid"),
        ("order=", "Order field  is not valid"),
    ],
)
def test_wrong_queries_are_refused_in_medusas_words(server: Server, query: str, message: str) -> None:
    """Messages come in the order of the table; a field or an order that is none is the 400 that the table says."""
    assert (400, {"type": "invalid_data", "message": message}, "behaviour") == get(server, f"/store/gift-wraps?{query}")


def test_a_scenario_stubs_it(server: Server) -> None:
    """`giftWraps.list` in a scenario file is the new operation."""
    assert (500, ERROR, "stub") == get(server, "/@wrapped/store/gift-wraps", X_Down="1")
