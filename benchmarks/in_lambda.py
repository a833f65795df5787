"""What runs inside a measured instance instead of the function itself: it times the function, and leads AWS's
names to this machine. Standard library only, and nothing that the Lambda runtime has not imported already."""

import json
import os
import resource
import socket
import sys
import time

_PORT = int(os.environ["BENCH_PORT"])
_getaddrinfo = socket.getaddrinfo


def _here(_host, _port, *arguments, **named):  # type: ignore[no-untyped-def]
    """Return the stand-in's address for every name."""
    return _getaddrinfo("127.0.0.1", _PORT, *arguments, **named)


socket.getaddrinfo = _here  # type: ignore[assignment]

_modules = len(sys.modules)
_wall, _cpu = time.perf_counter(), time.process_time()
import app  # type: ignore[import-not-found]  # noqa: E402

_import_cpu = time.process_time() - _cpu


def handler(event, context):  # type: ignore[no-untyped-def]
    """Return the function's answer; write its cost to a file."""
    answer = app.handler(event, context)
    took = {
        "cpu_ms": (time.process_time() - _cpu) * 1000,
        "import_cpu_ms": _import_cpu * 1000,
        "wall_ms": (time.perf_counter() - _wall) * 1000,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "modules": len(sys.modules) - _modules,
    }
    with open(os.environ["BENCH_TOOK"], "w") as file:  # noqa: PTH123 - pathlib is not imported here
        json.dump(took, file)
    return answer
