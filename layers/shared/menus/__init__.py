"""Menus as data."""
