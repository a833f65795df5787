"""KAZOO's callflow language, typed: build, validate, lint, parse. Pure: no AWS, nothing else of ours."""
