"""The flow of a request, from what was asked to what is answered."""
