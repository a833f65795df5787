"""The `conference` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from kazoo_callflow._generated.types import ConferenceWelcomePrompt, Conferences


def conference(
    id: str | None = None,
    *,
    config: Conferences | None = None,
    moderator: bool | None = None,
    play_entry_tone: bool | str | None = None,
    play_exit_tone: bool | str | None = None,
    welcome_prompt: ConferenceWelcomePrompt | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Joins the caller to a conference for the rest of the call.

    Fields:
      id: The stored conference's id. (exactly 32 characters)
      config: An ad-hoc conference's settings.
      moderator: Whether the caller joins as a moderator.
      play_entry_tone: Whether a tone, or which one, is heard when someone joins.
      play_exit_tone: Whether a tone, or which one, is heard when someone leaves.
      welcome_prompt: The greeting before joining.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.

    Trap: Nothing runs after it.

    Trap: An ad-hoc `config` joins its members muted unless `member.join_muted` is false: KAZOO fills that in.
    """
    return build(
        "conference",
        {
            "id": id,
            "config": config,
            "moderator": moderator,
            "play_entry_tone": play_entry_tone,
            "play_exit_tone": play_exit_tone,
            "welcome_prompt": welcome_prompt,
            "skip_module": skip_module,
        },
        unknown,
    )
