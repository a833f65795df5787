"""Models of the `conference` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class ConferenceWelcomePrompt(Data):
    """The greeting before joining."""

    media_id: str | None = Field(default=None, description="The greeting's media id.")
    play: bool = Field(default=True, description="Whether a greeting is played. (KAZOO fills in True)")


class ConferencesProfile(Data):
    """The settings of a conference on the switch."""

    alone_sound: str | None = Field(
        default=None,
        alias="alone-sound",
        description="Played to someone who is alone.",
    )
    announce_count: int | None = Field(
        default=None,
        alias="announce-count",
        description="From how many members on the count is announced.",
    )
    auto_record: bool | None = Field(
        default=None,
        alias="auto-record",
        description="Whether it is recorded. (KAZOO fills in False; KAZOO 5 only)",
    )
    caller_controls: str | None = Field(
        default=None,
        alias="caller-controls",
        description="The key controls of members.",
    )
    comfort_noise: int | None = Field(
        default=None,
        alias="comfort-noise",
        ge=0,
        le=10000,
        description="How much background noise is added. (0 to 10000)",
    )
    energy_level: int | None = Field(
        default=None,
        alias="energy-level",
        ge=0,
        le=1800,
        description="How loud a sound counts as speech. (0 to 1800)",
    )
    enter_sound: str | None = Field(
        default=None,
        alias="enter-sound",
        description="Played when someone joins.",
    )
    exit_sound: str | None = Field(
        default=None,
        alias="exit-sound",
        description="Played when someone leaves.",
    )
    interval: int | None = Field(
        default=None,
        ge=10,
        le=120,
        description="Milliseconds per audio frame. (10 to 120)",
    )
    locked_sound: str | None = Field(
        default=None,
        alias="locked-sound",
        description="Played when it is locked.",
    )
    max_members: int | None = Field(
        default=None,
        alias="max-members",
        ge=2,
        description="The most members. (at least 2)",
    )
    max_members_sound: str | None = Field(
        default=None,
        alias="max-members-sound",
        description="Played when it is full.",
    )
    moderator_controls: str | None = Field(
        default=None,
        alias="moderator-controls",
        description="The key controls of moderators.",
    )
    moh_sound: str | None = Field(default=None, alias="moh-sound", description="Music while waiting.")
    muted_sound: str | None = Field(
        default=None,
        alias="muted-sound",
        description="Played when someone is muted.",
    )
    rate: Literal[8000, 12000, 16000, 24000, 32000, 44100, 48000] | None = Field(
        default=None,
        description="Samples per second.",
    )
    unmuted_sound: str | None = Field(
        default=None,
        alias="unmuted-sound",
        description="Played when someone is unmuted.",
    )


class ConferencesModerator(Data):
    """How moderators join."""

    join_deaf: bool = Field(
        default=False,
        description="Whether moderators join without hearing. (KAZOO fills in False)",
    )
    join_muted: bool = Field(
        default=False,
        description="Whether moderators join without being heard. (KAZOO fills in False)",
    )
    numbers: list[str] = Field(
        default_factory=lambda: [],
        description="Numbers that join as moderators. (unique items; KAZOO fills in [])",
    )
    pins: list[str] = Field(
        default_factory=lambda: [],
        description="PINs that join as moderators. (KAZOO fills in [])",
    )


class ConferencesMember(Data):
    """How members join."""

    join_deaf: bool = Field(
        default=False,
        description="Whether members join without hearing. (KAZOO fills in False)",
    )
    join_muted: bool = Field(
        default=True,
        description="Whether members join without being heard; true unless you say false. (KAZOO fills in True)",
    )
    numbers: list[str] = Field(
        default_factory=lambda: [],
        min_length=0,
        description="Numbers that join as members. (at least 0 items; unique items; KAZOO fills in [])",
    )
    pins: list[str] = Field(
        default_factory=lambda: [],
        description="PINs that join as members. (KAZOO fills in [])",
    )
    play_entry_prompt: bool | None = Field(
        default=None,
        description="Whether a prompt announces each member.",
    )


class Conferences(Data):
    """The settings of a conference."""

    allow_shareable_link: bool | None = Field(
        default=None,
        description="Whether a link to join can be shared. (KAZOO fills in False; KAZOO 5 only)",
    )
    base_profile_name: str | None = Field(
        default=None,
        description="The profile this one is built on. (KAZOO 5 only)",
    )
    bridge_password: str | None = Field(default=None, description="The password of the bridge.")
    bridge_username: str | None = Field(default=None, description="The user name of the bridge.")
    caller_controls: str | None = Field(default=None, description="The key controls of members.")
    conference_numbers: list[str] = Field(
        default_factory=lambda: [],
        description="Numbers callers may enter to reach it; digits only. (unique items; KAZOO fills in [])",
    )
    controls: dict[str, Any] | None = Field(default=None, description="Key controls, by name.")
    domain: str | None = Field(default=None, description="The domain it belongs to.")
    endconf_grace_time: int | None = Field(
        default=None,
        ge=0,
        description="How many seconds it goes on after the last moderator leaves. (at least 0; KAZOO 5 only)",
    )
    flags: list[str] | None = Field(default=None, description="Flags set by other applications.")
    focus: str | None = Field(default=None, description="The server it runs on.")
    language: str | None = Field(default=None, description="The language of its prompts.")
    max_members_media: str | None = Field(default=None, description="What is played when it is full.")
    max_participants: int | None = Field(default=None, description="The most participants.")
    member: ConferencesMember = Field(
        default_factory=ConferencesMember,
        description="How members join. (KAZOO fills in {})",
    )
    moderator: ConferencesModerator = Field(
        default_factory=ConferencesModerator,
        description="How moderators join. (KAZOO fills in {})",
    )
    moderator_controls: str | None = Field(default=None, description="The key controls of moderators.")
    name: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        description="The conference's name; KAZOO 5 requires it. (1 to 128 characters)",
    )
    owner_id: str | None = Field(
        default=None,
        min_length=32,
        max_length=32,
        description="The owner's id. (exactly 32 characters)",
    )
    play_entry_tone: bool | str | None = Field(
        default=None,
        description="Whether a tone, or which one, is heard when someone joins.",
    )
    play_exit_tone: bool | str | None = Field(
        default=None,
        description="Whether a tone, or which one, is heard when someone leaves.",
    )
    play_name: bool = Field(
        default=False,
        description="Whether the name of whoever joins is announced. (KAZOO fills in False)",
    )
    play_welcome: bool | None = Field(default=None, description="Whether a welcome is played.")
    profile: ConferencesProfile | None = Field(default=None, description="The switch's settings for it.")
    profile_name: str | None = Field(default=None, description="The name of a stored profile.")
    require_moderator: bool | None = Field(
        default=None,
        description="Whether it only starts with a moderator.",
    )
    video: bool | None = Field(default=None, description="Whether video is used. (KAZOO 5 only)")
    wait_for_moderator: bool | None = Field(default=None, description="Whether members wait for a moderator.")


class ConferenceData(Data):
    """The data of `conference`."""

    id: str | None = Field(
        default=None,
        min_length=32,
        max_length=32,
        description="The stored conference's id. (exactly 32 characters)",
    )
    config: Conferences | None = Field(default=None, description="An ad-hoc conference's settings.")
    moderator: bool | None = Field(default=None, description="Whether the caller joins as a moderator.")
    play_entry_tone: bool | str | None = Field(
        default=None,
        description="Whether a tone, or which one, is heard when someone joins.",
    )
    play_exit_tone: bool | str | None = Field(
        default=None,
        description="Whether a tone, or which one, is heard when someone leaves.",
    )
    welcome_prompt: ConferenceWelcomePrompt | None = Field(
        default=None,
        description="The greeting before joining.",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Conference(ModuleNode):
    """Joins the caller to a conference for the rest of the call.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "Nothing runs after it.",
        "An ad-hoc `config` joins its members muted unless `member.join_muted` is false: KAZOO fills that in.",
    )

    module: Literal["conference"] = "conference"
    data: ConferenceData = Field(default_factory=ConferenceData)
