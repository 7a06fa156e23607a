"""Fixtures of Review Board for the tests."""

pytest_plugins = ['reviewboard.testing.pytest_fixtures']
