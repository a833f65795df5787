"""Tools for maintainers: packages, releases, audits, mutation testing. Never deployed."""
