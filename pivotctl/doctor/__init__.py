"""`pivot doctor`: is everything between a KAZOO account and a deployment as it should be?"""
