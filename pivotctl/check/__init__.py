"""`pivot check STAGE`: whether a deployment is well on AWS; every finding has a remedy."""
