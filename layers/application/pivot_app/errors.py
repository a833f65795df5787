"""The errors of the application, as one tree; those of a request and of its stores are `kazoo_pivot`'s.

ApplicationError
├── AccessError
├── BalanceUnavailableError
├── CallNotFoundError
├── ConditionFailedError
├── CrossbarError
│   ├── CrossbarAccessError
│   ├── CrossbarChargesError
│   ├── CrossbarConflictError
│   ├── CrossbarCredentialsError
│   ├── CrossbarForbiddenError
│   ├── CrossbarNotFoundError
│   │   └── CrossbarNotLoadedError
│   ├── CrossbarUnavailableError
│   └── CrossbarValidationError
├── DocumentError
│   ├── MenuError
│   ├── PushConflictError
│   └── RoutingError
├── FilterError
├── HttpSourceError
│   ├── AddressRefusedError
│   └── SourceUnavailableError
├── LedgerError
│   ├── AccountExistsError
│   ├── AccountNotFoundError
│   ├── CurrencyChangedError
│   ├── HeldMoneyError
│   ├── InvalidAmountError
│   ├── InvalidWebhookError
│   ├── ItemTooLargeError
│   ├── PlanChangedError
│   ├── PlanNotFoundError
│   └── ReferenceConflictError
├── NoticeRefusedError
├── ProfileError
├── TenantChangedError
├── TopUpRefusedError
└── WeakPinError
"""


class ApplicationError(Exception):
    """Base of every error of the application: the message names what is wrong and the remedy."""
