"""Live Debug: the recorded exchanges of recent calls."""
