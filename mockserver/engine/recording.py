"""Puts what was asked and answered into the journal."""

import time
from functools import partial

from ..messages import Answer, Response
from ..state.journal import LONGEST, Entry
from .choose import Choice
from .explain import Trace, explain, explain_anew


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
        choice.prefix,
        choice.sandbox_by,
    )
    journal.record(entry)
