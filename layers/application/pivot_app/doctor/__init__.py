"""Is everything between a KAZOO account and this deployment as it should be? Finds, and says what to do."""

from ._deployed import accounts_with_access as accounts_with_access
from ._deployed import examine_deployed as examine_deployed
from ._deployed import visit_all as visit_all
from ._doctor import Doctor as Doctor
from ._findings import Finding as Finding
from ._findings import Level as Level
from ._ledger import LedgerMoney as LedgerMoney
from ._money import Hold as Hold
from ._money import Money as Money
