"""Floor 1: our Flask and SQLAlchemy glue. It has never heard of an instrument."""
