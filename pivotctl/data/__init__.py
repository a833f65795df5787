"""`pivot data` and `pivot explain`: menus, routing rules and callers of a deployment, checked and brought
live."""

from pivotctl.data._deployment import Deployment
from pivotctl.data._files import FileError, Mistake, Source, parse, read
from pivotctl.data._publish import differences, lint, pages_of, push

__all__ = [
    "Deployment",
    "FileError",
    "Mistake",
    "Source",
    "differences",
    "lint",
    "pages_of",
    "parse",
    "push",
    "read",
]
