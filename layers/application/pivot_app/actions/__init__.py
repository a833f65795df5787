"""What a key press or a routing rule can do."""
