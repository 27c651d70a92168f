"""The pytest plugin, and its hold on a running mock."""
