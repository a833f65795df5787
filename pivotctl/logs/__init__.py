"""`pivot logs`: what the functions of a stage wrote."""
