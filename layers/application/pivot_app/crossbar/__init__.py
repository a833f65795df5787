"""KAZOO's REST API: a small client of Crossbar for KAZOO 4.3 and 5.

`Crossbar` talks to one KAZOO account. `Crossbars` finds the access of many accounts in SSM.
"""

from ._access import CrossbarAccess as CrossbarAccess
from ._access import Crossbars as Crossbars
from ._access import parameter_name as parameter_name
from ._cdr import Cdr as Cdr
from ._cdr import CdrSummary as CdrSummary
from ._crossbar import ChannelState as ChannelState
from ._crossbar import Crossbar as Crossbar
from ._documents import Collection as Collection
from ._documents import Document as Document
from ._errors import CrossbarAccessError as CrossbarAccessError
from ._errors import CrossbarChargesError as CrossbarChargesError
from ._errors import CrossbarConflictError as CrossbarConflictError
from ._errors import CrossbarCredentialsError as CrossbarCredentialsError
from ._errors import CrossbarError as CrossbarError
from ._errors import CrossbarForbiddenError as CrossbarForbiddenError
from ._errors import CrossbarNotFoundError as CrossbarNotFoundError
from ._errors import CrossbarNotLoadedError as CrossbarNotLoadedError
from ._errors import CrossbarUnavailableError as CrossbarUnavailableError
from ._errors import CrossbarValidationError as CrossbarValidationError
from ._errors import Fault as Fault
from ._provisioned import MARKER as MARKER
from ._provisioned import TOKEN as TOKEN
from ._provisioned import TOKEN_HEADER as TOKEN_HEADER
from ._provisioned import Provisioned as Provisioned
from ._provisioned import differences as differences
from ._provisioned import read_provisioned as read_provisioned
from ._provisioned import token_of as token_of
from ._provisioned import with_token as with_token
from ._provisioned import without_token as without_token
from ._times import from_gregorian as from_gregorian
from ._times import to_gregorian as to_gregorian
