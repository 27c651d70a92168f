"""Puts what was asked and answered into the journal."""

import time
from functools import partial

from ..messages import Answer, Request, Response
from ..state.entry import LONGEST, Entry
from ..state.rows import size_of
from .choose import Choice
from .explain import Trace, explain, explain_anew

PLAIN = 3000  # bytes that an entry takes beside its texts


def record(choice: Choice, trace: Trace, answer: Answer, response: Response, began: float) -> None:
    """Put a request into the journal of its sandbox; the reasons are only worked out when somebody reads them."""
    request, visit = choice.request, trace.visit
    why = partial(explain, choice.scenario, trace)
    if len(request.body) > LONGEST or (visit is not None and visit.state is not None):
        why = partial(dict, why())  # now: the body, which it wants, is not kept, nor is what the tables held
        request = request._replace(body=request.body[:LONGEST])
    elif request.body and visit is not None:
        visit.body = None  # what was parsed of 16 kB may take 400
        why = partial(explain_anew, choice.scenario, trace, visit, request)
    journal = choice.sandbox.journal
    entry = Entry(
        journal.next_number(),
        time.time_ns() // 1_000_000,
        time.perf_counter() - began,
        choice.sandbox.name,
        choice.scenario.name,
        choice.by,
        trace.operation,
        request,
        response,
        answer.source,
        trace.stub.name if trace.stub else None,
        why,
        _bytes(request, answer, response, trace),
        choice.prefix,
        choice.sandbox_by,
    )
    journal.record(entry)


def _bytes(request: Request, answer: Answer, response: Response, trace: Trace) -> int:
    """Return about how many bytes are kept of a request and its response, the rows that providers were asked about among them."""
    texts = 4 * (len(request.path) + len(request.query)) + 2 * request.headers.bytes
    bodies = len(request.body) + len(response.body) + len(response.uncompressed or b"")
    own = sum([len(name) + len(value) for name, value in answer.headers])
    rows = sum([size_of(question.session) for question in trace.questions])
    return PLAIN + texts + bodies + own + rows
