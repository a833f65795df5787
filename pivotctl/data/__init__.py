"""`pivot data` and `pivot explain`: menus, routing rules and callers of a deployment, checked and brought
live."""

from pivotctl.data._deployment import Deployment
from pivotctl.data._files import FileError, Mistake, Source, parse, read
from pivotctl.data._publish import differences, pages_of, push
from pivotctl.data.documents import MenuDocument, RoutingDocument, load
from pivotctl.data.lint import lint

__all__ = [
    "Deployment",
    "FileError",
    "MenuDocument",
    "Mistake",
    "RoutingDocument",
    "Source",
    "differences",
    "lint",
    "load",
    "pages_of",
    "parse",
    "push",
    "read",
]
