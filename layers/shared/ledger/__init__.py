"""Prepaid accounts: authorize, hold, settle. Integers only."""
