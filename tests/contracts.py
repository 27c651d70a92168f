"""A contract for a test: the product's own in a folder of the test, with a resource more."""

import shutil
from pathlib import Path

import mockserver.contract

PACKAGE = Path(mockserver.contract.__file__).parent
SOURCES = ("openapi", "errors")
WISHES = """
tag: {name: Wish Lists, description: What shoppers would like to have.}

parameters:
  wish_list: {name: list_id, in: path, required: true, schema: {type: string}, example: wish_1, x-entity: wish_list}

paths:
  /store/wish-lists:
    get:
      operationId: GetWishLists
      summary: List wish lists
      x-codegen: {method: list}
      responses:
        "200":
          description: Here they are.
          content:
            application/json:
              schema:
                type: object
                required: [wish_lists]
                properties: {wish_lists: {type: array, items: {$ref: "#/components/schemas/WishList"}}}
        "404": {$ref: "#/components/responses/not_found_error"}
        "422": {$ref: "#/components/responses/invalid_request_error"}
  /store/wish-lists/{list_id}:
    get:
      operationId: GetWishListsWishList
      summary: Get a wish list
      x-codegen: {method: retrieve}
      parameters: [{$ref: "#/components/parameters/wish_list"}]
      responses:
        "200":
          description: Here it is.
          content:
            application/json:
              schema:
                type: object
                required: [wish_list]
                properties: {wish_list: {$ref: "#/components/schemas/WishList"}}
        "404": {$ref: "#/components/responses/not_found_error"}
        "422": {$ref: "#/components/responses/invalid_request_error"}
    delete:
      operationId: DeleteWishListsWishList
      summary: Forget a wish list
      x-codegen: {method: delete}
      parameters: [{$ref: "#/components/parameters/wish_list"}]
      responses:
        "204": {description: It is gone.}
        "404": {$ref: "#/components/responses/not_found_error"}
  /store/wish-lists/{list_id}/token:
    post:
      operationId: PostWishListsWishListToken
      summary: Send somebody a way to the list
      x-codegen: {method: share}
      parameters: [{$ref: "#/components/parameters/wish_list"}]
      responses:
        "200": {description: It is sent., content: {text/plain: {schema: {type: string, const: OK}}}}
        "302": {description: There it is.}

schemas:
  WishList:
    type: object
    required: [id]
    properties:
      id: {type: string, examples: [wish_01HK3CQKJ5S2Q7TGDGGK4V8K2M]}
      title: {type: string}
"""


def copied(folder: Path) -> Path:
    """Copy what the contract is made of into a folder, and return it."""
    for name in SOURCES:
        (shutil.copytree if (PACKAGE / name).is_dir() else shutil.copy)(PACKAGE / name, folder / name)
    return folder


def extended(folder: Path, text: str = WISHES, name: str = "wish_lists") -> Path:
    """Return a folder with the contract and one resource more."""
    (copied(folder) / "openapi" / "resources" / f"{name}.yaml").write_text(text)
    return folder
