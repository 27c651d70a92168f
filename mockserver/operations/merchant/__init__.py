"""What only a merchant does: Medusa has it in its Admin API; here the control API asks for it, and no operation does."""
