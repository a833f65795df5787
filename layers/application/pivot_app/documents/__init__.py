"""Versioned documents: their field types, their store in DynamoDB, and what a check of one finds."""
