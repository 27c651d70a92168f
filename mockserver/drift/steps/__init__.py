"""What sequences are made of: a module for each resource whose requests are played."""
