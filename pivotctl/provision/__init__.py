"""`pivot provision`: bring callflows, numbers and webhooks of a KAZOO account in line with a document."""
