"""`pivot deploy`, `pivot rollback`, `pivot delete`: a stage on AWS, changed in steps that are shown."""
