"""`python -m mockserver` is the command `mockserver`."""

from .cli import main

try:
    main()
finally:
    # Where Ctrl-C came while a text was executed (Hypothesis writes its tests so), CPython ends a module that was started
    # with -m by SIGINT, whatever became of the exception; a text that is executed to its end makes it forget that.
    exec("")  # noqa: S102
