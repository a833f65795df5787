"""`pivot dev`: the callbacks of this checkout in processes of this machine, anew on every save."""
