"""Every page of every role, looked at in a real browser: ``make pages``."""
