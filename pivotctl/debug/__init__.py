"""`pivot debug`: Live Debug in a browser for people with AWS credentials; each view is signed and audited."""
