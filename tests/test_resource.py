"""A resource of one's own: one file of the contract and one module, and it is served, stubbed and listed like all others."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from contracts import WISHES

from mockserver.scenarios import shipped_scenarios

TOP = Path(__file__).parents[1]
MODULE = '''
"""Wish Lists: what their operations do."""

from ..contract import Document
from ..messages import Answer
from . import Context, operation


@operation("GetWishLists")
def list_wish_lists(context: Context) -> Document:
    """Answer all of them."""
    return {"wish_lists": [{"id": "wish_1", "title": "Birthday"}]}


@operation("GetWishListsWishList")
def retrieve(context: Context) -> Document:
    """Answer one."""
    return {"wish_list": {"id": context.visit.path["list_id"], "title": "Birthday"}}


@operation("DeleteWishListsWishList")
def delete(context: Context) -> Answer:
    """Forget one."""
    return Answer(204, media_type=None)
'''
SCENARIO = "description: x\nstubs:\n  - {operation: wishLists.retrieve, reply: {status: 404}}\n"
ASK = """
import json, sys
from asking import ask_of, header
from mockserver.edge.mock import Mock

mock = Mock()
ask = ask_of(mock.app)
said = []
for line in sys.argv[1:]:
    answer = ask(*line.split())
    said.append([answer.status, header(answer, "x-mock-source"), answer.document])
print(json.dumps([said, [entry.summary()["operation"] for entry in mock.sandboxes["shared"].journal]]))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with a contract file, a module and a scenario more."""
    top = tmp_path_factory.mktemp("project")
    package = top / "mockserver"
    shutil.copytree(TOP / "mockserver", package, ignore=shutil.ignore_patterns("__pycache__", "compiled.json"))
    shutil.copytree(TOP / "scenarios", top / "scenarios")
    (package / "contract" / "openapi" / "resources" / "wish_lists.yaml").write_text(WISHES)
    (package / "operations" / "wish_lists.py").write_text(MODULE)
    (top / "scenarios" / "wishless.yaml").write_text(SCENARIO)
    return top


def run(project: Path, *arguments: str) -> str:
    """Run Python with the copy's package; return what it prints."""
    environ = {**os.environ, "PYTHONPATH": f"{project}{os.pathsep}{TOP / 'tests'}"}
    done = subprocess.run(
        [sys.executable, "-P", *arguments], cwd=project, env=environ, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


def test_its_operations_answer_beside_those_of_the_others(project: Path) -> None:
    """List, retrieve and delete answer; `retrieve` is the method of two resources, and each is its own."""
    answers, operations = json.loads(
        run(project, "-c", ASK, "GET /store/wish-lists", "GET /store/wish-lists/a", "DELETE /store/wish-lists/a",
            "GET /store/payment-collections/a")
    )  # fmt: skip
    collection: dict[str, Any] = answers.pop()[2]["payment_collection"]

    assert [
        [200, "behaviour", {"wish_lists": [{"id": "wish_1", "title": "Birthday"}]}],
        [200, "behaviour", {"wish_list": {"id": "a", "title": "Birthday"}}],
        [204, "behaviour", None],
    ] == answers
    assert "a" == collection["id"]
    assert ["wishLists.list", "wishLists.retrieve", "wishLists.delete", "paymentCollections.retrieve"] == operations


def test_scenarios_stub_it(project: Path) -> None:
    """A scenario file names it by resource and method, and its forced 404 speaks of it."""
    assert f"{len(list(shipped_scenarios().glob('*.yaml'))) + 1} scenarios" in run(project, "-m", "mockserver", "check")
    answers, _ = json.loads(run(project, "-c", ASK, "GET /@wishless/store/wish-lists/a"))

    assert [[404, "stub", {"type": "not_found", "message": "Wish list with id a was not found"}]] == answers


def test_the_contract_that_is_printed_has_it(project: Path) -> None:
    """`openapi` prints one document with the resource's tag, paths and schemas in it."""
    document = json.loads(run(project, "-m", "mockserver", "openapi"))

    assert 18 == len(document["tags"]) - 1
    assert "Wish Lists" == document["tags"][-1]["name"]
    assert "/store/wish-lists/{list_id}" in document["paths"]
    assert "WishList" in document["components"]["schemas"]
