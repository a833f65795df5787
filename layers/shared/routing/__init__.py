"""Routing rules as data."""
