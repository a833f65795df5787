"""The checks of `pivot check`, each on its own: one that AWS refuses leaves the others alone."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pivotctl.check._cost import estimate
from pivotctl.check._finding import Check, Finding, Level, Subject, ok
from pivotctl.deploy._changes import STEADY, DeployError
from pivotctl.deploy._deployer import tables_left
from pivotctl.deploy._smoke import smoke_call, temporary_tenant
from pivotctl.deployment import Deployment, parameter_prefix, stack_name
from pivotctl.tokens import TenantAdmin

ENOUGH_CONCURRENCY = 200
SLOW_MS, TOO_SLOW_MS = 1500, 3500
CLOCK_S = 30
CERTIFICATE_DAYS = 30
KEY_DAYS = 400


def stack(subject: Subject) -> Iterator[Finding]:
    """Its state, its stage, its protection."""
    status = subject.stack["StackStatus"]
    if status in STEADY:
        yield ok("stack", f"{stack_name(subject.stage)} is {status}")
    else:
        yield Finding(
            "stack", "failure", f"it is {status}", f"`pivot deploy {subject.stage}` says what is next"
        )
    stage = subject.parameters.get("Stage", "")
    if stage != subject.stage:
        remedy = f"`sam deploy --config-env {subject.stage} --parameter-overrides Stage={subject.stage}`"
        yield Finding("stage", "failure", f"the stack's functions work for stage {stage}", remedy)
    if not subject.stack.get("EnableTerminationProtection"):
        remedy = (
            "`aws cloudformation update-termination-protection --enable-termination-protection "
            f"--stack-name {stack_name(subject.stage)}`"
        )
        yield Finding("stack", "warning", "it is not protected from being deleted", remedy)


def drift(subject: Subject) -> Iterator[Finding]:
    """Yield what was changed by hand since it was deployed, as CloudFormation last saw it."""
    found = subject.stack.get("DriftInformation", {}).get("StackDriftStatus", "NOT_CHECKED")
    remedy = f"`aws cloudformation detect-stack-drift --stack-name {stack_name(subject.stage)}`"
    if found == "DRIFTED":
        yield Finding("drift", "warning", "resources were changed by hand", f"`pivot deploy {subject.stage}`")
    elif found == "IN_SYNC":
        yield ok("drift", "nothing was changed by hand")
    else:
        yield Finding("drift", "note", "CloudFormation did not look for changes made by hand", remedy)


HIGH_THROUGHPUT = "/ssm/parameter-store/high-throughput-enabled"


def concurrency(subject: Subject) -> Iterator[Finding]:
    """Yield how many functions the AWS account runs at once: ten, where it is new."""
    limit = subject.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if limit < ENOUGH_CONCURRENCY:
        remedy = 'AWS Service Quotas, Lambda, "Concurrent executions": ask for 1000'
        told = f"Lambda runs {limit} functions at once in this AWS account and region; more calls are refused"
        yield Finding("concurrency", "failure", told, remedy)
    else:
        yield ok("concurrency", f"Lambda runs up to {limit} functions at once")


def parameter_reads(subject: Subject) -> Iterator[Finding]:
    """Yield how many reads a second SSM takes: 40, unless somebody raised it."""
    found = subject.client("ssm").get_service_setting(SettingId=HIGH_THROUGHPUT)["ServiceSetting"]
    if found["SettingValue"] == "true":
        yield ok("parameter reads", "SSM takes many reads a second; they cost extra")
    else:
        told = "SSM takes 40 reads a second: enough for 120 functions that start at once, and 2,000 at work"
        remedy = (
            f"for more: `aws ssm update-service-setting --setting-id {HIGH_THROUGHPUT} --setting-value true`"
        )
        yield Finding("parameter reads", "note", told, remedy)


def alarms(subject: Subject) -> Iterator[Finding]:
    """Yield which alarms ring, and whether somebody hears them."""
    prefix = f"{stack_name(subject.stage)}-"
    pages = subject.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix)
    found = [alarm for page in pages for alarm in page["MetricAlarms"]]
    ringing = [alarm for alarm in found if alarm["StateValue"] == "ALARM"]
    if not found:
        remedy = f"`pivot deploy {subject.stage} --set Monitoring=on`"
        yield Finding("alarms", "warning", "there is no alarm", remedy)
        return
    for alarm in ringing:
        yield Finding(
            "alarms",
            "failure",
            f"{alarm['AlarmName']}: {alarm.get('AlarmDescription', '')}",
            "docs/operations.md",
        )
    topics = sorted({action for alarm in found for action in alarm.get("AlarmActions", [])})
    if not topics:
        remedy = f"`pivot deploy {subject.stage} --set AlarmEmail=YOU@EXAMPLE.COM`, or AlarmTopic"
        yield Finding("alarms", "warning", f"no address receives the {len(found)} alarms", remedy)
    for topic in topics:
        listed = subject.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        if not listed:
            yield Finding(
                "alarms", "warning", f"nobody is subscribed to {topic}", "subscribe an address to it"
            )
        for one in listed:
            if one["SubscriptionArn"] == "PendingConfirmation":
                told = f"{one['Endpoint']} did not confirm that it wants the alarms"
                yield Finding("alarms", "warning", told, "open the mail of AWS Notifications and confirm")
    if not ringing and topics:
        yield ok("alarms", f"{len(found)} alarms, none rings")


def tables(subject: Subject) -> Iterator[Finding]:
    """Yield whether the tables that keep money and documents can be restored, and refuse to be deleted."""
    client = subject.client("dynamodb")
    for name, table in tables_left(subject.outputs):
        described = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        state = described.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
        if state != "ENABLED":
            remedy = (
                f"`aws dynamodb update-continuous-backups --table-name {table} "
                "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`"
            )
            yield Finding("tables", "failure", f"{name} cannot be restored to a point in time", remedy)
        if not client.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled"):
            remedy = f"`pivot deploy {subject.stage} --set DeletionProtection=on`"
            yield Finding("tables", "warning", f"{name} can be deleted", remedy)


def domain(subject: Subject) -> Iterator[Finding]:
    """Its own address: the record, and how long the certificate lasts."""
    name = subject.parameters.get("DomainName", "")
    if not name:
        yield Finding("domain", "note", "the address is AWS's", 'docs/deploy.md, "An address of your own"')
        return
    try:
        socket.getaddrinfo(name, 443)
        yield ok("domain", f"{name} resolves")
    except OSError:
        target = subject.outputs.get("DomainTarget", "the domain's target in API Gateway")
        yield Finding(
            "domain", "failure", f"{name} does not resolve", f"make its record an alias of {target}"
        )
    arn = subject.parameters["CertificateArn"]
    certificate = subject.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    if certificate["Status"] != "ISSUED":
        yield Finding(
            "certificate", "failure", f"it is {certificate['Status']}", "AWS Certificate Manager says why"
        )
        return
    left = certificate["NotAfter"] - datetime.now(UTC)
    level: Level = "ok" if left > timedelta(days=CERTIFICATE_DAYS) else "failure"
    yield Finding("certificate", level, f"it lasts for {left.days} days", "" if level == "ok" else "renew it")


def keys(subject: Subject) -> Iterator[Finding]:
    """Yield the keys tokens and state are signed with, and how old they are."""
    pages = subject.client("ssm").get_paginator("get_parameters_by_path")
    prefix = parameter_prefix(subject.stage)
    found = [
        parameter
        for page in pages.paginate(Path=prefix, Recursive=True)
        for parameter in page["Parameters"]
        if "key" in parameter["Name"].removeprefix(prefix)
    ]
    if not found:
        remedy = f"`pivot token create ACCOUNT_ID --stage {subject.stage}` makes them"
        yield Finding("keys", "warning", "no KAZOO account was let in yet", remedy)
    for parameter in found:
        age = datetime.now(UTC) - parameter["LastModifiedDate"]
        if age > timedelta(days=KEY_DAYS):
            remedy = f"`pivot token rotate-state-key --stage {subject.stage}`"
            yield Finding("keys", "warning", f"{parameter['Name']} is {age.days} days old", remedy)
    if found:
        yield ok("keys", f"{len(found)} parameters with keys")


def clock(subject: Subject) -> Iterator[Finding]:
    """Yield whether this machine's clock is AWS's: signatures are refused where it is not."""
    answer = subject.client("cloudformation").describe_stacks(StackName=subject.stack["StackName"])
    told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    if told is None:
        yield Finding("clock", "unknown", "AWS did not tell the time")
        return
    off = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
    if off > CLOCK_S:
        yield Finding("clock", "failure", f"this machine's clock is {off:.0f} s off", "set it with NTP")
    else:
        yield ok("clock", "this machine's clock is right")


def queues(subject: Subject) -> Iterator[Finding]:
    """Yield what waits, and what was given up."""
    client = subject.client("sqs")
    for name, queue in sorted(subject.outputs.items()):
        if not name.endswith("DeadLetters"):
            continue
        attributes = client.get_queue_attributes(
            QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"]
        )
        waiting = int(attributes["Attributes"]["ApproximateNumberOfMessages"])
        if waiting:
            remedy = "see why with `pivot logs`, then `aws sqs start-message-move-task`; docs/operations.md"
            yield Finding("queues", "failure", f"{waiting} messages wait in {name}", remedy)
        else:
            yield ok("queues", f"{name} is empty")


def synthetic_call(subject: Subject) -> Iterator[Finding]:
    """Yield whether somebody notices that nobody is answered, at night."""
    if subject.parameters.get("SyntheticCall") == "on":
        yield ok("synthetic call", "a call is made every five minutes")
    else:
        remedy = f"`pivot deploy {subject.stage} --set SyntheticCall=on`"
        yield Finding("synthetic call", "note", "no call is made while nobody calls", remedy)


def played_call(subject: Subject) -> Iterator[Finding]:
    """Yield a call that is played through the deployment, and how long its answers took."""
    public_url = subject.outputs.get("PublicUrl", "")
    tenants = TenantAdmin.of(Deployment.find(subject.stage, quiet=True))
    try:
        with temporary_tenant(tenants) as (account_id, token):
            heard = smoke_call(subject.url, public_url, account_id, token)
    except DeployError as error:
        remedy = f"`pivot logs --stage {subject.stage}`, `pivot rollback {subject.stage}`"
        yield Finding("played call", "failure", str(error), remedy)
        return
    told = f"the slowest answer took {heard.slowest_ms} ms from here"
    if heard.slowest_ms > TOO_SLOW_MS:
        yield Finding(
            "played call", "failure", told, "KAZOO gives up after 5 s: SnapStart or ProvisionedConcurrency"
        )
    elif heard.slowest_ms > SLOW_MS:
        yield Finding(
            "played call", "warning", told, "a cold start is heard as silence: SnapStart, in docs/deploy.md"
        )
    else:
        yield ok("played call", told)


def cost(subject: Subject) -> Iterator[Finding]:
    """Yield what a month costs, if each day is like the last one."""
    found = estimate(subject)
    if found is None:
        yield Finding("cost", "note", "there were no requests in the last day")
    else:
        yield Finding(
            "cost",
            "note",
            f"about {found.dollars:.2f} US dollars a month if each day is like the last: {found.told}",
        )


ALL: tuple[Check, ...] = (
    stack,
    drift,
    concurrency,
    parameter_reads,
    alarms,
    tables,
    domain,
    keys,
    clock,
    queues,
    synthetic_call,
    played_call,
    cost,
)
LOCALLY: tuple[Check, ...] = (keys, clock, queues, played_call)
"""The problems that a local stack can have; the others exist only on AWS."""


def run(subject: Subject, check: Check) -> list[Finding]:
    """Return what one check finds; what AWS refuses is a finding, too."""
    from botocore.exceptions import BotoCoreError, ClientError

    name = check.__name__.replace("_", " ")
    try:
        return list(check(subject))
    except ClientError as error:
        code = error.response["Error"].get("Code", "")
        denied = "Denied" in code or "Unauthorized" in code
        remedy = "attach the output OperatorPolicy to your role" if denied else ""
        return [Finding(name, "unknown", f"AWS: {error}", remedy)]
    except BotoCoreError as error:
        return [Finding(name, "unknown", f"AWS: {error}")]


def to_json(subject: Subject, findings: list[Finding]) -> str:
    """Return findings for a program."""
    document = {
        "stage": subject.stage,
        "region": subject.region,
        "aws_account": subject.account,
        "healthy": not any(finding.level == "failure" for finding in findings),
        "findings": [finding.to_dict() for finding in findings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
