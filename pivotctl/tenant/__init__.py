"""`pivot tenant`, `pivot export`, `pivot restore`: all that is kept of a KAZOO account, or of a stage."""
