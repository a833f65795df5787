"""Opening hours and holidays."""
