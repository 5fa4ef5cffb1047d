"""Floor 0: values and refusals every room speaks in. Standard library and ``stdnum`` only."""
