"""What the operations of several resources share."""
