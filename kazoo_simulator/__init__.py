"""Plays KAZOO: places calls against a Pivot application and follows them to their end. Development only."""
