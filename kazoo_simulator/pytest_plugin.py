"""The `kazoo` fixture: place a call from a test."""
