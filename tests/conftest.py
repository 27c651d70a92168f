"""What all tests share."""

pytest_plugins = ["conformance.tally"]
