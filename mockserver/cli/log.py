"""What is written to standard error while the server runs: one line for each cause and second, however often it comes."""

import logging
import time
from collections import OrderedDict

SECONDS = 1.0
MOST_CAUSES = 1000  # that are remembered


class OncePerSecond(logging.Filter):
    """
    Lets a record pass unless one of the same cause did within the last second; it then says how many were passed over.

    The cause is what `extra={"cause": ...}` names, the place that an error comes from, or the text.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told: OrderedDict[object, list[float]] = OrderedDict()  # when, and how many were passed over since

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        cause, now = _cause(record), time.monotonic()
        told = self._told.setdefault(cause, [float("-inf"), 0])
        if now - told[0] < SECONDS:
            told[1] += 1
            return False
        if told[1]:
            record.msg, record.args = f"{record.getMessage()} (and {told[1]:.0f} more like it)", ()
        told[:] = [now, 0]
        self._told.move_to_end(cause)
        if len(self._told) > MOST_CAUSES:
            self._told.popitem(last=False)
        return True


def _cause(record: logging.LogRecord) -> object:
    cause = getattr(record, "cause", None)
    if cause is not None:
        return cause
    trace = record.exc_info[2] if record.exc_info else None
    if trace is None:
        return record.getMessage()
    while trace.tb_next is not None:
        trace = trace.tb_next
    return record.msg, trace.tb_frame.f_code.co_filename, trace.tb_lineno


def to_standard_error() -> None:
    """Write what is logged to standard error."""
    handler = logging.StreamHandler()
    handler.addFilter(OncePerSecond())
    logging.basicConfig(format="mockserver: %(message)s", handlers=[handler])
