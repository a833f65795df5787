"""`pivot accounts` as an operator uses it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.ledger import (
    Account,
    Authorized,
    CallRequest,
    Destination,
    DynamoDBLedger,
    PlanChangedError,
    Rate,
)
from pivot_app.ledger._leg_store import LegStore
from pivot_app.tenants import TenantItem, TenantStore
from pivotctl.accounts import _csv
from pivotctl.accounts._console import show_csv
from pivotctl.accounts._money import micros, plain


def test_an_account_s_life(pivot: Any) -> None:
    """Opened, topped up once by its reference, corrected, shown, and on its statement."""
    pivot("create", "1001", "--balance", "10", "--credit-limit", "2.50", "--name", "Ann")
    for _ in range(2):
        assert "balance 15.25" in pivot("top-up", "1001", "5.25", "--reference", "invoice 7").output
    pivot("top-up", "1001", "6", "--reference", "invoice 7", status=1)
    pivot("adjust", "1001", "-0.25", "--reference", "ticket 9", "--note", "billed twice by hand")
    shown = pivot("show", "1001").output
    assert "15.00" in shown
    assert "2.50" in shown
    statement = pivot("statement", "1001").output
    assert "billed twice by hand" in statement
    assert "-0.25" in statement
    rows = list(csv.DictReader(io.StringIO(pivot("statement", "1001", "--csv").output)))
    assert [row["amount_micros"] for row in rows] == ["10000000", "5250000", "-250000"]
    assert (
        len(list(csv.DictReader(io.StringIO(pivot("statement", "1001", "--csv", "--after", "2").output))))
        == 1
    )
    assert "0 discrepancies" in pivot("reconcile").output
    pivot("show", "1002", status=1)


def test_limits_are_set_in_place(pivot: Any, ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Each limit is changed alone; the others stay."""
    pivot("create", "1001")
    pivot("set", "1001", "--max-live-calls", "3", "--countries", "US,CA", "--max-day", "20")
    pivot("set", "1001", "--block", "--deny", "+1900,44870")
    account = ledger.account(kazoo_account_id, "1001")
    assert account is not None
    controls = account.controls
    assert (controls.max_live_calls, controls.allowed_countries, controls.max_day_micros) == (
        3,
        ("US", "CA"),
        20_000_000,
    )
    assert (controls.blocked, controls.denied_prefixes) == (True, ("1900", "44870"))
    assert (
        "cost nothing after 48 hours"
        in pivot("set", "1001", "--unresolved", "void", "--unresolved-hours", "48").output
    )
    pivot("set", "1001", "--unresolved", "forget", status=1)
    pivot("set", "1001", "--max-live-calls", "101", status=1)


def test_a_limit_that_could_never_match_is_refused(
    pivot: Any, ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Spaces and small letters are accepted; a text that is not a country or prefix is refused."""
    pivot("create", "1001")
    pivot("set", "1001", "--countries", "us, ca", "--deny", "1900, +4487", "--hold-seconds", "300")
    account = ledger.account(kazoo_account_id, "1001")
    assert account is not None
    controls = account.controls
    assert (controls.allowed_countries, controls.denied_prefixes) == (("US", "CA"), ("1900", "4487"))
    assert controls.hold_seconds == 300
    for option, wrong in (("--countries", "USA"), ("--deny", "1-900"), ("--hold-seconds", "5")):
        pivot("set", "1001", option, wrong, status=1)
    pivot("set", "1001", "--hold-seconds", "none")
    account = ledger.account(kazoo_account_id, "1001")
    assert account is not None
    assert account.controls.hold_seconds is None


def test_an_account_that_could_make_no_call_is_refused(
    pivot: Any, ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """A plan that is not there, or in other money; a currency or credit limit that is none."""
    ledger.plans.publish(kazoo_account_id, "retail", "USD", [Rate("1", 10_000)])
    pivot("create", "1", "--currency", "usd", status=1)
    pivot("create", "1", "--credit-limit", "-5", status=1)
    pivot("create", "1", "--plan", "retial", status=1)
    pivot("create", "1", "--plan", "retail", "--currency", "EUR", status=1)
    pivot("create", "1", "--plan", "retail")
    pivot("set", "1", "--plan", "retial", status=1)
    pivot("set", "1", "--credit-limit", "-5", status=1)
    assert "retail" in pivot("show", "1").output


def test_reconcile_finds_tampering(
    pivot: Any, ledger: DynamoDBLedger, emulator: Any, kazoo_account_id: str
) -> None:
    """A balance changed behind the ledger's back is printed, and the exit status is 1."""
    pivot("create", "1001", "--balance", "10")
    ledger.table.client.update_item(
        TableName=ledger.table.name,
        Key={"pk": {"S": f"{kazoo_account_id}#1001"}, "sk": {"S": "account"}},
        UpdateExpression="SET available_micros = available_micros + :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    assert "available 10000001 + held 0 + spent 0" in pivot("reconcile", "1001", status=1).output.replace(
        "\n", " "
    )


def test_an_import_loads_all_or_nothing_and_can_be_repeated(
    pivot: Any, tmp_path: Path, ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Wrong lines are named and nothing is loaded; a good file loads, and loads again without a change."""
    file = tmp_path / "accounts.csv"
    file.write_text("account_id,currency,balance,name\n1,USD,5.00,Ann\nx,USD,1,Bob\n3,usd,1,Cy\n1,USD,1,Di\n")
    output = pivot("import", str(file), status=1).output
    for problem in ("line 3: account_id 'x'", "line 4: currency 'usd'", "line 5: account_id 1 is on line 2"):
        assert problem in output
    assert ledger.account(kazoo_account_id, "1") is None
    file.write_text("account_id,currency,balance,name\n1,USD,5.00,Ann\n2,EUR,0,Bob\n")
    assert "2 of 2 accounts" in pivot("import", str(file)).output
    ledger.top_up(kazoo_account_id, "1", 1, reference="later", now=_now())
    pivot("import", str(file))
    account = ledger.account(kazoo_account_id, "1")
    assert account is not None
    assert (account.balance_micros, account.profile["name"]) == (5_000_001, "Ann")


def test_an_import_names_lines_whose_plan_prices_no_call(
    pivot: Any, ledger: DynamoDBLedger, kazoo_account_id: str, tmp_path: Path
) -> None:
    """A plan that is not there, or in other money, is wrong before anything is loaded."""
    ledger.plans.publish(kazoo_account_id, "retail", "USD", [Rate("1", 10_000)])
    file = tmp_path / "accounts.csv"
    file.write_text("account_id,currency,plan\n1,USD,retail\n2,EUR,retail\n3,USD,retial\n")
    output = pivot("import", str(file), status=1).output
    assert "line 3" in output
    assert "line 4" in output
    assert ledger.account(kazoo_account_id, "1") is None


def test_an_import_that_was_broken_off_goes_on(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """An account is there with its money or not at all; the rest of the file comes with the next run."""
    accounts = [
        _csv.NewAccount(line, Account(kazoo_account_id, str(line), "USD"), 1_000_000) for line in range(2, 6)
    ]
    loading = _csv.load_accounts(ledger, accounts, 0)
    assert [next(loading), next(loading)] == [None, None]
    loading.close()
    assert ledger.account(kazoo_account_id, "4") is None
    assert list(_csv.load_accounts(ledger, accounts, 0)) == [None] * 4
    assert [a.balance_micros for a in ledger.all_accounts(kazoo_account_id)] == [1_000_000] * 4
    other = _csv.NewAccount(9, Account(kazoo_account_id, "2", "EUR"), 0)
    (problem,) = _csv.load_accounts(ledger, [other], 0)
    assert problem is not None
    assert problem.startswith("line 9: account 2 exists, with currency USD, the file says EUR")


def test_rates_are_published_whole(
    pivot: Any, tmp_path: Path, ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """A plan's rates change at once; the same file is the same version; a wrong line changes nothing."""
    file = tmp_path / "rates.csv"
    file.write_text("prefix,per_minute,first_increment,next_increment\n44,0.025,30,6\n4420,0.02,,\n")
    assert "2 rates, version 1" in pivot("import-rates", "retail", str(file)).output
    assert "version 1" in pivot("import-rates", "retail", str(file)).output
    file.write_text("prefix,per_minute\n44,0.03\n44,cheap\n")
    assert "line 3" in pivot("import-rates", "retail", str(file), status=1).output
    table = ledger.plans.rates(kazoo_account_id, "retail")
    assert table is not None
    rate = table.find("+442071838750", 0)
    assert rate is not None
    assert (rate.prefix, rate.per_minute_micros, rate.first_increment_seconds) == ("4420", 20_000, 60)
    file.write_text("prefix,per_minute\n" + "".join(f"{n},0.01\n" for n in range(10_000, 60_000)))
    assert "50000 rates, version 2" in pivot("import-rates", "retail", str(file)).output
    reader = DynamoDBLedger(ledger.table.client, ledger.table.name)
    reloaded = reader.plans.rates(kazoo_account_id, "retail")
    assert reloaded is not None
    assert len(reloaded) == 50_000


def test_a_rate_sheet_says_what_it_changes_before_it_counts(
    pivot: Any, tmp_path: Path, ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """A dry run changes nothing; a currency and a version are changed only in so many words."""
    file = tmp_path / "rates.csv"
    file.write_text("prefix,per_minute\n44,0.02\n33,0.03\n1,0.01\n")
    pivot("import-rates", "retail", str(file), "--currency", "EUR")
    file.write_text("prefix,per_minute,next_increment\n44,0.03,60\n33,0.02,60\n1,0.01,60\n49,0.01,\n")
    dry = pivot("import-rates", "retail", str(file), "--dry-run").output
    assert "1 more, 1 dearer, 1 cheaper, 1 as before; nothing was changed" in dry
    assert "0.02 -> 0.03" in dry
    assert (
        "plan retail is in EUR"
        in pivot("import-rates", "retail", str(file), "--currency", "USD", "--dry-run", status=1).output
    )
    pivot("import-rates", "retail", str(file), "--currency", "USD", status=1)
    assert ledger.plans.history(kazoo_account_id, "retail")[0].version == 1
    document = json.loads(pivot("import-rates", "retail", str(file), "--json").output)
    assert (document["version"], document["currency"], len(document["changes"])) == (2, "EUR", 3)
    assert (
        "version 3 is version 1 again (1 fewer, 1 dearer, 1 cheaper, 1 as before)"
        in pivot("roll-back-rates", "retail", "1").output
    )
    pivot("roll-back-rates", "retail", "9", status=1)
    pivot("import-rates", "retail#1", str(file), status=1)
    listed = pivot("plan", "retail").output
    assert "version 1 again" in listed
    assert "rates.csv" in listed
    assert json.loads(pivot("plans", "--json").output)[0]["rows"] == 3
    file.write_text(pivot("plan", "retail", "--csv").output)
    assert "version 3 (3 as before)" in pivot("import-rates", "retail", str(file)).output


SHEETS = {
    "a header only": ("prefix,per_minute\n", "there is only a header; nothing was changed"),
    "nothing": ("", "the file is empty"),
    "a doubled column": (
        "prefix,per_minute,per_minute\n44,0.02,0.20\n",
        "per_minute appears more than once",
    ),
    "a column nobody knows": ("prefix,per_minute,fee\n44,0.02,1\n", "column fee is not known"),
    "semicolons": ("prefix;per_minute\n44;0.02\n", "separate columns by commas"),
    "no prefix": ("prefix,per_minute\n,0.02\n", "line 2: prefix is empty; write * for"),
    "00": ("prefix,per_minute\n0044,0.02\n", "line 2: prefix '0044'"),
    "011": ("prefix,per_minute\n01133,0.02\n", "line 2: prefix '01133'"),
    "a trunk zero": ("prefix,per_minute\n020,0.02\n", "line 2: prefix '020'"),
    "other digits": ("prefix,per_minute\n\u0664\u0664,0.01\n", "line 2: prefix is"),
    "other digits in numbers": ("prefix,per_minute,minimum\n44,0.01,\u0661\n", "line 2: minimum"),
    "letters": ("prefix,per_minute\n4x,0.01\n", "line 2: prefix is '4x'"),
    "a long prefix": (f"prefix,per_minute\n{'4' * 16},0.01\n", "line 2: prefix is"),
    "a negative price": ("prefix,per_minute\n44,-0.01\n", "line 2: per_minute_micros"),
    "an exponent": ("prefix,per_minute\n44,1e3\n", "line 2: '1e3' is not an amount"),
    "a huge cell": (f"prefix,per_minute\n44,{'0' * 200_000}\n", "line 2: no CSV"),
    "a large cell": (f"prefix,per_minute\n44,{'0' * 2_000}\n", "line 2: per_minute: 2000 characters"),
    "a quote left open": ('prefix,per_minute\n"44,0.02\n', "no CSV"),
    "a cell too many": ("prefix,per_minute\n44,0.02,1\n", "line 2: 3 columns, and line 1 has 2"),
    "a prefix twice": ("prefix,per_minute\n44,0.02\n+44,0.03\n", "line 3: prefix 44 is on line 2 already"),
    "dates that overlap": (
        "prefix,per_minute,valid_from,valid_until\n44,1,2026-01-01,2026-02-01\n44,2,2026-01-31,\n",
        "line 3: prefix 44: its dates overlap those of line 2",
    ),
    "dates the wrong way": (
        "prefix,per_minute,valid_from,valid_until\n44,1,2026-02-01,2026-01-01\n",
        "valid_until",
    ),
    "a date that is none": ("prefix,per_minute,valid_from\n44,1,soon\n", "line 2: 'soon' is not a date"),
}


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_rate_sheet_that_would_empty_or_turn_a_plan(
    pivot: Any, tmp_path: Path, ledger: DynamoDBLedger, kazoo_account_id: str, sheet: str
) -> None:
    """Each is refused with a line that names it; the plan stays."""
    text, sentence = SHEETS[sheet]
    file = tmp_path / "rates.csv"
    file.write_text("prefix,per_minute\n44,0.02\n33,0.03\n")
    pivot("import-rates", "retail", str(file))
    file.write_text(text)
    output = pivot("import-rates", "retail", str(file), status=1).output
    assert sentence in output
    assert len(output) < 400
    assert len(ledger.plans.version(kazoo_account_id, "retail")) == 2


@pytest.mark.parametrize(
    "command", ["import-rates retail", "import", "own-rates 1001", "import-deny-list fraud"]
)
def test_a_file_that_cannot_be_read(pivot: Any, tmp_path: Path, command: str) -> None:
    """One line that names it, and status 2; never a traceback."""
    pivot("create", "1001")
    for wrong in (tmp_path / "nope.csv", tmp_path):
        output = pivot(*command.split(), str(wrong), status=2).output
        assert str(wrong) in output
        assert output.count("\n") == 1
    binary = tmp_path / "rates.csv"
    binary.write_bytes(b"prefix,per_minute\n\xff\xfe,1\n")
    assert "UTF-8" in pivot(*command.split(), str(binary), status=1).output


@given(
    st.lists(
        st.builds(
            Rate,
            st.from_regex(r"[1-9][0-9]{0,14}|short:[0-9]{2,8}|", fullmatch=True),
            st.integers(0, 10**12),
            st.integers(0, 10**12),
            st.integers(1, 3600),
            st.integers(1, 3600),
            st.integers(0, 3600),
            st.integers(0, 3600),
            st.integers(0, 10**9),
            st.integers(10**9 + 1, 4 * 10**9),
        ),
        unique_by=lambda rate: rate.prefix,
        min_size=1,
    )
)
def test_a_plan_written_out_is_read_back(tmp_path_factory: pytest.TempPathFactory, rates: list[Rate]) -> None:
    """Whatever its rates: the file of `plan --csv` is a file for `import-rates`."""
    file = tmp_path_factory.mktemp("rates") / "rates.csv"
    with file.open("w", newline="") as out:
        show_csv(_csv.RATE_COLUMNS, map(_csv.rate_row, rates), out)
    assert _csv.read_rates(file) == rates


@given(
    st.binary(max_size=200)
    | st.text('prefix,_minute"\n\r\0 +0123456789.\u0664', max_size=200).map(str.encode)
)
def test_whatever_a_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """A file is rates that could be meant, or an error that says why not."""
    file = tmp_path_factory.mktemp("rates") / "rates.csv"
    file.write_bytes(b"prefix,per_minute\n" + content)
    try:
        rates = _csv.read_rates(file)
    except _csv.CsvError:
        return
    assert rates
    for rate in rates:
        assert rate.prefix.isascii()


def test_accounts_imported_again_say_what_differs(
    pivot: Any, tmp_path: Path, ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Nothing is changed behind an operator's back, and nothing is passed over."""
    file = tmp_path / "accounts.csv"
    file.write_text("account_id,currency,balance,max_live_calls\n1,USD,5.00,2\n2,USD,1,\n")
    pivot("import", str(file))
    file.write_text(
        "account_id,currency,balance,max_live_calls,credit_limit\n1,USD,5.00,3,7\n2,USD,1,,\n3,USD,2,,\n"
    )
    ledger.create(Account(kazoo_account_id, "3", "USD"), opening_micros=9_000_000)
    output = pivot("import", str(file), status=1).output
    assert "account 3 exists, with balance 9.00 at first, the file says 2.00 at first" in output
    assert "1 of 3 accounts are there as the file says" in output
    assert "credit_limit 0.00, the file says 7.00; max_live_calls 2, the file says 3" in output
    account = ledger.account(kazoo_account_id, "1")
    assert account is not None
    assert account.controls.max_live_calls == 2


def test_the_price_of_a_number(pivot: Any, tmp_path: Path) -> None:
    """By account or plan: the rate, where it was found, and whether the gate would refuse."""
    file = tmp_path / "rates.csv"
    file.write_text(
        "prefix,per_minute,first_increment,next_increment,valid_from,valid_until\n"
        "44,0.03,30,6,,\n44,0.01,,,2030-01-01,2030-02-01\nshort:411,1.25,,,,\n"
    )
    pivot("import-rates", "retail", str(file))
    pivot("create", "1001", "--plan", "retail")
    london = pivot("price", "+44 20 7183 8750", "--for", "1001", "--seconds", "31").output
    assert "+442071838750 (GB): 0.018 USD for 31 s, billed as 36 s" in london
    assert "rate of prefix 44 in plan retail, version 1: 0.03 a minute, in increments of 30/6 s" in london
    then = json.loads(
        pivot("price", "+442071838750", "--plan", "retail", "--at", "2030-01-15", "--json").output
    )
    assert (then["cost_micros"], then["rate"]["valid_until"]) == (10_000, "2030-02-01T00:00:00Z")
    assert "1.25 USD" in pivot("price", "411", "--for", "1001").output
    assert "988 is free for its callers (helpline)" in pivot("price", "988", "--for", "1001").output
    assert "refused, no_rate" in pivot("price", "+33142685300", "--for", "1001").output
    assert "refused, invalid_number" in pivot("price", "+442071838750/x9", "--for", "1001").output
    pivot("set", "1001", "--countries", "US")
    refused = pivot("price", "+442071838750", "--for", "1001").output
    assert "0.03 USD" in refused
    assert "refused, country_not_allowed" in refused
    pivot("price", "411", status=2)
    pivot("price", "411", "--plan", "wholesale", status=1)


def test_a_price_is_that_of_where_it_is_dialled(
    pivot: Any, emulator: Any, ledger: DynamoDBLedger, kazoo_account_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A national number is one of the KAZOO account's region, unless another is named."""
    table = emulator.names["TenantsTable"]
    monkeypatch.setenv("TENANTS_TABLE", table)
    ledger.plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", 30_000), Rate("33", 10_000)])
    london = ("price", "020 7183 8750", "--plan", "retail")
    assert "refused, invalid_number" in pivot(*london).output
    tenant = TenantItem(account_id=kazoo_account_id, settings={"region": "gb"})
    TenantStore(emulator.client("dynamodb"), table).put(tenant)
    assert "+442071838750 (GB): 0.03 USD" in pivot(*london).output
    paris = pivot("price", "01 42 68 53 00", "--plan", "retail", "--region", "fr").output
    assert "+33142685300 (FR): 0.01 USD" in paris


def test_a_deny_list_is_shared(
    pivot: Any, tmp_path: Path, ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Imported once, named by accounts; a list that is not there denies nothing, so it is refused."""
    file = tmp_path / "fraud.csv"
    file.write_text("prefix\n" + "".join(f"{88_210_000_000 + number}\n" for number in range(34_087)))
    assert "34087 prefixes, version 1" in pivot("import-deny-list", "fraud", str(file)).output
    pivot("create", "1001")
    pivot("set", "1001", "--deny-lists", "fruad", status=1)
    pivot("set", "1001", "--deny-lists", "fraud")
    assert "fraud" in pivot("show", "1001").output
    assert json.loads(pivot("deny-lists", "--json").output)[0]["rows"] == 34_087
    many = ",".join(str(88_210_000_000 + number) for number in range(101))
    assert "make a deny list" in pivot("set", "1001", "--deny", many, status=1).output
    file.write_text("prefix\n0044\n")
    pivot("import-deny-list", "fraud", str(file), status=1)


def test_an_adjustment_leaves_alone_what_calls_hold(
    pivot: Any, ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Unless an operator says so; the money is told in the account's units."""
    ledger.create(Account(kazoo_account_id, "1", "USD", rates=(Rate("44", 60_000),)), opening_micros=600_000)
    request = CallRequest("call@phone", Destination("+442071838750", "GB"), caller="+14155550123")
    ledger.authorize(kazoo_account_id, "1", request, _now())
    paid_out = ("adjust", "1", "-0.60", "--reference", "r", "--note", "paid out")
    assert (
        "live calls of account 1 hold 0.60, and -0.60 would take of it" in pivot(*paid_out, status=1).output
    )
    assert "balance 0.00" in pivot(*paid_out, "--force").output
    holds = pivot("holds", "1").output
    assert "call@phone" in holds
    assert "+14155550123" in holds


def test_where_low_balance_notices_go(pivot: Any, emulator: Any, kazoo_account_id: str) -> None:
    """An https address and a key that is shown once; the key stays when the address changes."""
    assert "no notices are sent" in pivot("notices").output
    for wrong in (
        "http://billing.example.com/low",
        "https://user@billing.example.com/",
        "billing",
        "https://",
    ):
        assert wrong in pivot("notices", wrong, status=2).output
    made = pivot("notices", "https://billing.example.com/low").output
    key = made.rsplit(": ", 1)[1].strip()
    assert len(key) > 40
    assert key not in pivot("notices", "https://billing.example.com/lower").output
    assert json.loads(pivot("notices", "--json").output) == {"url": "https://billing.example.com/lower"}
    name = f"/pivot-lambda/local/notices/{kazoo_account_id}"
    ssm = emulator.client("ssm")
    stored = json.loads(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
    assert stored == {"url": "https://billing.example.com/lower", "key": key}
    renewed = json.loads(pivot("notices", "--new-key", "--json").output)
    assert renewed["url"] == "https://billing.example.com/lower"
    assert renewed["key"] not in {None, key}
    assert "no notices are sent" in pivot("notices", "--remove").output
    assert "no notices were sent" in pivot("notices", "--remove").output
    pivot("notices", "--new-key", status=2)


def test_what_is_listed_is_whole_when_piped(pivot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In 80 columns too: an id that is cut is an id that cannot be looked up."""
    monkeypatch.setenv("COLUMNS", "40")
    pivot("create", "1001", "--balance", "1000", "--name", "A customer whose name is long enough to be cut")
    pivot("adjust", "1001", "-1", "--reference", "r", "--note", "n" * 120)
    assert "n" * 120 in pivot("statement", "1001").output
    assert "A customer whose name is long enough to be cut" in pivot("list").output
    assert json.loads(pivot("show", "1001", "--json").output)["balance_micros"] == 999_000_000
    assert "pin" not in pivot("show", "1001", "--json").output


def test_a_plan_prices_a_call(
    pivot: Any, tmp_path: Path, ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """An account on a plan holds money at the plan's rate."""
    from pivot_app.ledger import Authorized, CallRequest, Destination

    file = tmp_path / "rates.csv"
    file.write_text("prefix,per_minute\n44,0.6\n")
    pivot("import-rates", "retail", str(file))
    pivot("create", "1001", "--balance", "100", "--plan", "retail")
    request = CallRequest("call", Destination("+442071838750", "GB"))
    authorized = ledger.authorize(kazoo_account_id, "1001", request, _now())
    assert isinstance(authorized, Authorized)
    assert authorized.hold.hold_micros == 60 * 600_000
    assert "call" in pivot("holds", "1001").output


def test_an_account_has_rates_of_its_own(
    pivot: Any, ledger: DynamoDBLedger, kazoo_account_id: str, tmp_path: Path
) -> None:
    """A customer's special price needs no plan; a whole tariff does."""
    file = tmp_path / "own.csv"
    file.write_text("prefix,per_minute\n44,0.01\n")
    pivot("create", "1001", "--balance", "100")
    assert "1 rates of its own" in pivot("own-rates", "1001", str(file)).output
    account = ledger.account(kazoo_account_id, "1001")
    assert account is not None
    assert account.rates == (Rate("44", 10_000),)
    file.write_text("prefix,per_minute\n" + "".join(f"{44_000 + n},0.01\n" for n in range(51)))
    pivot("own-rates", "1001", str(file), status=1)


@pytest.mark.parametrize(
    "text", ["1.0000001", "ten", "nan", "inf", "", "1e9", "1_0", "1,50", "1e999999999", "."]
)
def test_an_amount_that_is_none(text: str) -> None:
    """Money is a decimal number of at most six decimals; anything else is refused."""
    with pytest.raises(ValueError, match=r"amount|decimals"):
        micros(text)


def test_amounts_are_exact() -> None:
    """What is read is what is shown, to the last micro-unit."""
    assert [plain(micros(text)) for text in ("0.1", "-0.000001", "12", "+100.")] == [
        "0.10",
        "-0.000001",
        "12.00",
        "100.00",
    ]


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_two_publications_at_once_never_mix(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Of two people who publish a plan's next version together one is refused, and her rates never count."""
    plans = ledger.plans
    plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", 1)])

    class Slow:
        """A client that lets somebody else publish just before its own version is named."""

        def __init__(self) -> None:
            self.exceptions = ledger.table.client.exceptions

        def __getattr__(self, operation: str) -> Any:
            def run(**request: Any) -> Any:
                if request.get("Item", {}).get("sk") == {"S": "plan"}:
                    plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", 2)])
                return getattr(ledger.table.client, operation)(**request)

            return run

    late = DynamoDBLedger(Slow(), ledger.table.name)
    with pytest.raises(PlanChangedError):
        late.plans.publish(kazoo_account_id, "retail", "USD", [Rate("44", 3)])
    table = DynamoDBLedger(ledger.table.client, ledger.table.name).plans.rates(kazoo_account_id, "retail")
    assert table is not None
    rate = table.find("44", 0)
    assert rate is not None
    assert (rate.per_minute_micros, table.version) == (2, 2)


def test_calls_without_an_end_are_listed_resolved_and_imported(
    pivot: Any, ledger: DynamoDBLedger, kazoo_account_id: str, tmp_path: Path
) -> None:
    """An operator sees the calls whose end was never told, settles one by hand and the others by CDRs."""
    rates = (Rate("44", 60_000, first_increment_seconds=1, next_increment_seconds=1),)
    ledger.create(Account(kazoo_account_id, "1001", "USD", rates=rates), opening_micros=50_000_000)
    long_ago = datetime.now(UTC) - timedelta(days=1)
    london = Destination("+442071838750", "GB")
    holds = []
    for number in range(3):
        decision = ledger.authorize(kazoo_account_id, "1001", CallRequest(f"a{number}", london), long_ago)
        assert isinstance(decision, Authorized)
        holds.append(decision.hold)
    listed = json.loads(pivot("unresolved", "--json").output)
    assert {one["hold_id"] for one in listed} == {hold.hold_id for hold in holds}
    told = pivot("unresolved").output
    assert "a1" in told
    assert "no end ever arrived: the webhook may be off" in told
    LegStore(ledger.table).hear(kazoo_account_id, 4_000_000_000)
    assert "the last end of a call arrived at 2096-10-02" in pivot("unresolved").output
    pivot("resolve", holds[0].hold_id, status=2)
    assert "0.06 charged" in pivot("resolve", holds[0].hold_id, "--seconds", "60").output
    assert "0.00 charged" in pivot("resolve", holds[1].hold_id, "--void").output
    end = int(long_ago.timestamp()) + 100 + 62_167_219_200
    cdrs = []
    for n in range(3):
        a_leg = {"call_id": f"a{n}", "call_direction": "inbound", "other_leg_call_id": f"b{n}"}
        b_leg = {"call_id": f"b{n}", "call_direction": "outbound", "other_leg_call_id": f"a{n}"}
        cdrs += [b_leg | {"billing_seconds": 90}, a_leg | {"billing_seconds": 95}]
    more = {"timestamp": end, "duration_seconds": 100, "channel_created_time": 1}
    file = tmp_path / "cdrs.json"
    file.write_text(json.dumps({"data": [cdr | more for cdr in cdrs]}))
    for _ in range(2):
        pivot("import-cdrs", str(file))
        account = ledger.account(kazoo_account_id, "1001")
        assert account is not None
        assert (account.spent_micros, account.holds) == (3 * 90_000, {})
    assert "no call is unresolved" in pivot("unresolved").output
    assert "0 discrepancies" in pivot("reconcile").output
    file.write_text("[]")
    assert "has no CDRs" in pivot("import-cdrs", str(file), status=1).output
    assert "No such file" in pivot("import-cdrs", str(tmp_path / "none"), status=2).output
    pivot("import-cdrs", status=2)
