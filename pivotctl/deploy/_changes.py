"""A CloudFormation change set: what it does, carried out step by step, with the reason where it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pivotctl.errors import UserError

POLL_S = 2.0
LONGEST_S = 3600
# A stack in one of these takes a change set.
STEADY = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
REMEDIES = {
    "ROLLBACK_COMPLETE": "its first deployment failed: `pivot delete {stage}` removes the rest, then deploy",
    "ROLLBACK_FAILED": "its first deployment failed: `pivot delete {stage}` removes the rest, then deploy",
    "DELETE_FAILED": "it could not be deleted: `pivot delete {stage}` tries again",
    "UPDATE_ROLLBACK_FAILED": "`aws cloudformation continue-update-rollback --stack-name {name}` comes first",
}
# Replacing or removing one of these loses what is in it.
KEEPS_DATA = ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Backup::BackupVault")


class DeployError(UserError):
    """A step of the deployment failed; the message names it, the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that a change set adds, changes or removes."""

    action: str
    logical_id: str
    type: str
    replacement: bool
    retained: bool = False

    @property
    def loses_data(self) -> bool:
        """Whether what is in a table or a queue is gone, or no longer used, with it."""
        gone = self.action == "Remove" and not self.retained
        return self.type in KEEPS_DATA and (self.replacement or gone)

    @classmethod
    def of(cls, change: Mapping[str, Any], retained: Collection[str] = ()) -> Change:
        """Return one change of `DescribeChangeSet`; `retained` resources stay when they are removed."""
        resource = change["ResourceChange"]
        return cls(
            resource["Action"],
            resource["LogicalResourceId"],
            resource["ResourceType"],
            resource.get("Replacement") == "True",
            resource["LogicalResourceId"] in retained,
        )


def refuse_unsteady(stack: Mapping[str, Any] | None, stage: str) -> None:
    """Raise DeployError where the stack cannot take a change now."""
    status = stack["StackStatus"] if stack else "CREATE_COMPLETE"
    if status in STEADY or status == "REVIEW_IN_PROGRESS":
        return
    remedy = REMEDIES.get(status, "another deployment is under way: wait for its end")
    name = f"pivot-lambda-{stage}"
    raise DeployError(f"stack {name} is {status}: {remedy.format(stage=stage, name=name)}")


def changes_of(
    cloudformation: Any, stack: str, change_set: str, retained: Collection[str] = ()
) -> list[Change]:
    """Return what a change set does."""
    found: list[Change] = []
    arguments = {"StackName": stack, "ChangeSetName": change_set}
    while True:
        page = cloudformation.describe_change_set(**arguments)
        changes = [each for each in page.get("Changes", []) if each.get("Type") == "Resource"]
        found += [Change.of(each, retained) for each in changes]
        if not page.get("NextToken"):
            return found
        arguments["NextToken"] = page["NextToken"]


def summary(changes: list[Change]) -> Iterator[str]:
    """Return lines a person reads before agreeing: what is added, changed, replaced and removed."""
    groups: dict[str, list[str]] = {}
    for change in changes:
        verb = {"Add": "adds", "Modify": "changes", "Remove": "removes"}.get(change.action, change.action)
        groups.setdefault("replaces" if change.replacement else verb, []).append(change.logical_id)
    for verb, names in groups.items():
        shown = ", ".join(sorted(names)[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        yield f"{verb} {len(names)}: {shown}"
    for change in changes:
        if change.loses_data:
            fate = "replaced" if change.replacement else "removed"
            yield f"LOSES DATA: {change.logical_id} ({change.type}) is {fate}"


def execute(cloudformation: Any, stack: str, change_set: str, progress: Callable[[str], None]) -> None:
    """Execute a change set and wait for its end.

    Raises:
        DeployError: CloudFormation rolled it back; the message has its reasons.
    """
    seen = _event_ids(cloudformation, stack)
    cloudformation.execute_change_set(StackName=stack, ChangeSetName=change_set)
    wait(cloudformation, stack, seen, progress)


def wait(cloudformation: Any, stack: str, seen: set[str], progress: Callable[[str], None]) -> None:
    """Wait until a stack is steady again.

    Raises:
        DeployError: It ended otherwise than it should.
    """
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        progress(status)
        if not status.endswith("_IN_PROGRESS"):
            if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                return
            reasons = "\n".join(failures(cloudformation, stack, seen)) or "it gives no reason"
            raise DeployError(f"{stack} is {status}; CloudFormation says why:\n{reasons}")
        time.sleep(0.3 if _is_local(cloudformation) else POLL_S)
    raise DeployError(f"{stack} is not done after {LONGEST_S // 60} minutes; CloudFormation goes on")


def failures(cloudformation: Any, stack: str, seen: set[str]) -> Iterator[str]:
    """Return why resources failed, oldest first, without those that were only cancelled."""
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    for event in reversed(events):
        reason = event.get("ResourceStatusReason", "")
        if event["EventId"] in seen or not event.get("ResourceStatus", "").endswith("_FAILED"):
            continue
        if "cancelled" not in reason:
            yield f"  {event['LogicalResourceId']}: {reason}"


def _event_ids(cloudformation: Any, stack: str) -> set[str]:
    events = cloudformation.describe_stack_events(StackName=stack).get("StackEvents", [])
    return {event["EventId"] for event in events}


def _is_local(client: Any) -> bool:
    return "127.0.0.1" in str(client.meta.endpoint_url)
