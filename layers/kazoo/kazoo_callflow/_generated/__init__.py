"""Written by `python -m pivotctl.callflow_models`; do not edit."""
