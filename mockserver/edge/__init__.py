"""Sockets: where HTTP comes in and goes out, and where all parts are put together."""
