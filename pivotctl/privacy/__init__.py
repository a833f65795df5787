"""One caller's data in every table of a deployment: found, exported, erased. Never deployed."""

from pivotctl.privacy._person import Person, PrivacyError, person
from pivotctl.privacy._records import Record, Tables, erase, find

__all__ = ["Person", "PrivacyError", "Record", "Tables", "erase", "find", "person"]
