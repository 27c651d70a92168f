"""Documents that a schema accepts, the same ones for the same question."""
