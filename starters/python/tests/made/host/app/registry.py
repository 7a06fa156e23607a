"""The integrations of the application."""

INTEGRATIONS = []
