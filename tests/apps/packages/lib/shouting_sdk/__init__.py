"""Wraps the WIT of shouts."""
