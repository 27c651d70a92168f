"""How a server under test is asked, whose ids it is given, and what is excused."""
