"""`pivot dev`: the callbacks of this checkout in processes on this machine, restarted on every save."""
