"""Plays KAZOO's Crossbar: a REST API with the behaviour of KAZOO 4.3 and 5. Development only.

cluster = Cluster()
account = cluster.add_account(numbers=("+14155550199",))
with CrossbarServer(cluster) as server:
    ...                                        # provision through server.url and account.api_key
    CrossbarKazoo(cluster, account, target).call("+14155550100", "+14155550199").hears("Welcome")
"""

from ._app import CrossbarApp as CrossbarApp
from ._cluster import Account as Account
from ._cluster import Cluster as Cluster
from ._cluster import Switches as Switches
from ._deliveries import fire as fire
from ._kazoo import CrossbarKazoo as CrossbarKazoo
from ._messages import Request as Request
from ._messages import Response as Response
from ._server import CrossbarServer as CrossbarServer
from ._server import httpx_client as httpx_client
