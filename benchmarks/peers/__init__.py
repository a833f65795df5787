"""What others do for the same work; runs in `.venv-bench`, which `make bench` makes."""
