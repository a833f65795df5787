"""Less of botocore's data: what reading all of it takes, the first caller waits through.

The built layer holds `sdk_data`: botocore's descriptions cut down to the operations in use, written by the
layer's `sdk_data.py`. Where the folder is missing, as in a checkout, botocore reads its own. And before it
reads any description, it looks into the folder of every AWS service there is (10 ms each time).
"""

from __future__ import annotations

import os
from os.path import dirname, join

from botocore.loaders import Loader

SDK_DATA = join(dirname(__file__), "sdk_data")  # noqa: PTH118, PTH120 - pathlib is not imported yet


class SlimLoader(Loader):  # type: ignore[misc]
    """A loader of botocore that reads only what a callback needs."""

    def __init__(self) -> None:
        super().__init__(extra_search_paths=[SDK_DATA])

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's signature
        """Return the folders of all services, without looking into them."""
        return [name for path in self.search_paths if os.path.isdir(path) for name in os.listdir(path)]  # noqa: PTH112, PTH208
