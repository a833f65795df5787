"""The Pivot contract: one request in, one answer out, whatever fails."""
