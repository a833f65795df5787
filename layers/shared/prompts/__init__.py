"""What callers hear, in their language."""
