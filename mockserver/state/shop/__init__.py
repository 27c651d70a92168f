"""What the shop sells before anybody changes anything: the built-in one, or the one of a file (`--data`)."""
