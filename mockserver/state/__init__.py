"""All that changes while requests are answered: sandboxes, what they store, their journals."""
