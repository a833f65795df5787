"""The nested objects builders take. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict

__all__ = (
    "CheckCidCallerId",
    "CheckCidCallerIdExternal",
    "ConferenceFeatureWelcomePrompt",
    "ConferenceWelcomePrompt",
    "Conferences",
    "ConferencesMember",
    "ConferencesModerator",
    "ConferencesProfile",
    "DynamicCidCallerId",
    "FaxboxMedia",
    "GroupRingtones",
    "GroupSca",
    "MissedCallAlertRecipient",
    "NotificationRecipient",
    "OffnetAddresses",
    "PageGroupEndpoint",
    "PivotServerless",
    "PlaySound",
    "PromptSound",
    "ReceiveFaxMedia",
    "ResourcesAddresses",
    "RingGroupEndpoint",
    "RingGroupRingtones",
    "RingGroupSca",
    "SaySound",
    "Tone",
    "ToneSound",
    "TtsSound",
)


class CheckCidCallerId(TypedDict, total=False):
    """The identity the call gets on a match."""

    external: CheckCidCallerIdExternal
    """The identity shown outside."""


class CheckCidCallerIdExternal(TypedDict, total=False):
    """The identity shown outside."""

    name: str
    """The name."""
    number: str
    """The number."""


class ConferenceFeatureWelcomePrompt(TypedDict, total=False):
    """The greeting before joining."""

    media_id: str
    """The greeting's media id."""
    play: bool
    """Whether a greeting is played. (KAZOO fills in True)"""


class ConferenceWelcomePrompt(TypedDict, total=False):
    """The greeting before joining."""

    media_id: str
    """The greeting's media id."""
    play: bool
    """Whether a greeting is played. (KAZOO fills in True)"""


class Conferences(TypedDict, total=False):
    """The settings of a conference."""

    allow_shareable_link: bool
    """Whether a link to join can be shared. (KAZOO fills in False; KAZOO 5 only)"""
    base_profile_name: str
    """The profile this one is built on. (KAZOO 5 only)"""
    bridge_password: str
    """The password of the bridge."""
    bridge_username: str
    """The user name of the bridge."""
    caller_controls: str
    """The key controls of members."""
    conference_numbers: Sequence[str]
    """Numbers callers may enter to reach it; digits only. (unique items; KAZOO fills in [])"""
    controls: Mapping[str, Any]
    """Key controls, by name."""
    domain: str
    """The domain it belongs to."""
    endconf_grace_time: int
    """How many seconds it goes on after the last moderator leaves. (at least 0; KAZOO 5 only)"""
    flags: Sequence[str]
    """Flags set by other applications."""
    focus: str
    """The server it runs on."""
    language: str
    """The language of its prompts."""
    max_members_media: str
    """What is played when it is full."""
    max_participants: int
    """The most participants."""
    member: ConferencesMember
    """How members join. (KAZOO fills in {})"""
    moderator: ConferencesModerator
    """How moderators join. (KAZOO fills in {})"""
    moderator_controls: str
    """The key controls of moderators."""
    name: str
    """The conference's name; KAZOO 5 requires it. (1 to 128 characters)"""
    owner_id: str
    """The owner's id. (exactly 32 characters)"""
    play_entry_tone: bool | str
    """Whether a tone, or which one, is heard when someone joins."""
    play_exit_tone: bool | str
    """Whether a tone, or which one, is heard when someone leaves."""
    play_name: bool
    """Whether the name of whoever joins is announced. (KAZOO fills in False)"""
    play_welcome: bool
    """Whether a welcome is played."""
    profile: ConferencesProfile
    """The switch's settings for it."""
    profile_name: str
    """The name of a stored profile."""
    require_moderator: bool
    """Whether it only starts with a moderator."""
    video: bool
    """Whether video is used. (KAZOO 5 only)"""
    wait_for_moderator: bool
    """Whether members wait for a moderator."""


class ConferencesMember(TypedDict, total=False):
    """How members join."""

    join_deaf: bool
    """Whether members join without hearing. (KAZOO fills in False)"""
    join_muted: bool
    """Whether members join without being heard; true unless you say false. (KAZOO fills in True)"""
    numbers: Sequence[str]
    """Numbers that join as members. (at least 0 items; unique items; KAZOO fills in [])"""
    pins: Sequence[str]
    """PINs that join as members. (KAZOO fills in [])"""
    play_entry_prompt: bool
    """Whether a prompt announces each member."""


class ConferencesModerator(TypedDict, total=False):
    """How moderators join."""

    join_deaf: bool
    """Whether moderators join without hearing. (KAZOO fills in False)"""
    join_muted: bool
    """Whether moderators join without being heard. (KAZOO fills in False)"""
    numbers: Sequence[str]
    """Numbers that join as moderators. (unique items; KAZOO fills in [])"""
    pins: Sequence[str]
    """PINs that join as moderators. (KAZOO fills in [])"""


ConferencesProfile = TypedDict(
    "ConferencesProfile",
    {
        # Played to someone who is alone.
        "alone-sound": str,
        # From how many members on the count is announced.
        "announce-count": int,
        # Whether it is recorded. (KAZOO fills in False; KAZOO 5 only)
        "auto-record": bool,
        # The key controls of members.
        "caller-controls": str,
        # How much background noise is added. (0 to 10000)
        "comfort-noise": int,
        # How loud a sound counts as speech. (0 to 1800)
        "energy-level": int,
        # Played when someone joins.
        "enter-sound": str,
        # Played when someone leaves.
        "exit-sound": str,
        # Milliseconds per audio frame. (10 to 120)
        "interval": int,
        # Played when it is locked.
        "locked-sound": str,
        # The most members. (at least 2)
        "max-members": int,
        # Played when it is full.
        "max-members-sound": str,
        # The key controls of moderators.
        "moderator-controls": str,
        # Music while waiting.
        "moh-sound": str,
        # Played when someone is muted.
        "muted-sound": str,
        # Samples per second.
        "rate": Literal[8000, 12000, 16000, 24000, 32000, 44100, 48000],
        # Played when someone is unmuted.
        "unmuted-sound": str,
    },
    total=False,
)
"""The settings of a conference on the switch."""


class DynamicCidCallerId(TypedDict, total=False):
    """The fixed identity."""

    name: str
    """The caller's name."""
    number: str
    """The caller's number."""


class FaxboxMedia(TypedDict, total=False):
    """How the fax is carried."""

    fax_option: Literal["auto", True, False, "true", "false"] | bool
    """Whether T.38 is used."""


class GroupRingtones(TypedDict, total=False):
    """Ring tone hints for the phones rung."""

    external: str
    """Hint when the caller comes from outside."""
    internal: str
    """Hint when the caller is in the same account."""


class GroupSca(TypedDict, total=False):
    """Settings for shared call appearance."""

    enabled: bool
    """Whether the phones share the appearance of the call."""


class MissedCallAlertRecipient(TypedDict, total=False):
    """Who gets the mail."""

    id: Required[str | Sequence[Any]]
    """The user's id, or e-mail addresses."""
    type: Required[Literal["user", "email"]]
    """What the id is."""


class NotificationRecipient(TypedDict, total=False):
    """Who gets the message."""

    id: Required[str | Sequence[str]]
    """The user's id, or e-mail addresses."""
    type: Required[Literal["user", "email"]]
    """What the id is."""


class OffnetAddresses(TypedDict, total=False):
    """Addresses for emergency calls."""

    emergency: Mapping[str, Any]
    """The caller's address for an emergency call."""


class PageGroupEndpoint(TypedDict, total=False):
    """Who is paged."""

    endpoint_type: Required[Literal["device", "user", "group"]]
    """What the id names."""
    id: Required[str]
    """The id of the device, user or group. (1 to 128 characters)"""
    delay: int
    """How many seconds to wait before it is paged. (KAZOO fills in 0)"""
    timeout: int
    """How many seconds to try. (KAZOO fills in 20)"""
    weight: int
    """How likely it is to be first. (1 to 100)"""


class PivotServerless(TypedDict, total=False):
    """A document to run as if a server had sent it, in place of `voice_url`."""

    flow_doc: Required[str | Mapping[str, Any]]
    """The document."""
    flow_type: Required[Literal["application/json", "application/xml", "text/xml"]]
    """The document's content type."""


class PlaySound(TypedDict, total=False):
    """Answers unless told not to, plays one sound and waits for its end or for a key."""

    macro: Required[Literal["play"]]
    """The kind of sound this is."""
    answer: bool
    """Whether the call is answered first."""
    endless_playback: bool
    """Whether the sound is repeated until a key is pressed. (KAZOO fills in False)"""
    id: str
    """A media document's id, or a URL or path when it has a slash in it."""
    loop_count: int
    """How many times the sound is played. (at least 1)"""
    terminators: Sequence[str]
    """Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all twelve keys)"""
    skip_module: bool
    """Skip this node: go straight to the wildcard child."""


class PromptSound(TypedDict, total=False):
    """A system or account prompt inside an audio_macro."""

    macro: Required[Literal["prompt"]]
    """The kind of sound this is."""
    id: str
    """The prompt's id, such as vm-goodbye."""
    language: str
    """The language of the prompt."""
    terminators: Sequence[str]
    """Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all twelve keys)"""


class ReceiveFaxMedia(TypedDict, total=False):
    """How the fax is carried."""

    fax_option: Literal["auto", True, False, "false", "true"] | bool
    """Whether T.38 is used."""


class ResourcesAddresses(TypedDict, total=False):
    """Addresses for emergency calls."""

    emergency: Mapping[str, Any]
    """The caller's address for an emergency call."""


class RingGroupEndpoint(TypedDict, total=False):
    """Who is rung."""

    endpoint_type: Required[Literal["device", "user", "group"]]
    """What the id names."""
    id: Required[str]
    """The id of the device, user or group. (1 to 128 characters)"""
    delay: int
    """How many seconds to wait before it rings. (KAZOO fills in 0)"""
    timeout: int
    """How many seconds it rings. (KAZOO fills in 20)"""
    weight: int
    """How likely it is to be first under weighted_random. (1 to 100)"""


class RingGroupRingtones(TypedDict, total=False):
    """Ring tone hints for the phones rung."""

    external: str
    """Hint when the caller comes from outside."""
    internal: str
    """Hint when the caller is in the same account."""


class RingGroupSca(TypedDict, total=False):
    """Settings for shared call appearance."""

    enabled: bool
    """Whether the phones share the appearance of the call."""


class SaySound(TypedDict, total=False):
    """A number, date or spelling inside an audio_macro."""

    macro: Required[Literal["say"]]
    """The kind of sound this is."""
    gender: Literal["masculine", "feminine", "neuter"]
    """The grammatical gender of what is counted."""
    language: str
    """The language to speak."""
    method: Literal["none", "pronounced", "iterated", "counted"]
    """How numbers are spoken: one by one, as a whole, as a count..."""
    terminators: Sequence[str]
    """Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all twelve keys)"""
    text: str
    """What is said: the digits of a number, a date..."""
    type: Literal["number", "items", "persons", "messages", "currency", "time_measurement", "current_date", "current_time", "current_date_time", "telephone_number", "telephone_extension", "url", "ip_address", "e-mail_address", "postal_address", "account_number", "name_spelled", "name_phonetic", "short_date_time"]
    """How the text is read: as a number, a date, an amount of money, spelled..."""


class Tone(TypedDict, total=False):
    """One tone cadence: frequencies sounded together, then silence."""

    duration_off: Required[int]
    """How many milliseconds of silence follow."""
    duration_on: Required[int]
    """How many milliseconds the tone sounds."""
    frequencies: Required[Sequence[int]]
    """The frequencies sounded together, in hertz. (at least 1 item)"""
    repeat: int
    """How many times it is sounded."""
    volume: int
    """How much quieter than full volume, in decibels: zero or below. (at most 0)"""


class ToneSound(TypedDict, total=False):
    """A tone inside an audio_macro."""

    macro: Required[Literal["tone"]]
    """The kind of sound this is."""
    duration_off: int
    """How many milliseconds of silence follow."""
    duration_on: int
    """How many milliseconds the tone sounds."""
    frequencies: Sequence[int]
    """The frequencies sounded together, in hertz."""
    repeat: int
    """How many times it is sounded."""
    volume: int
    """How loud it is, in percent. (0 to 100)"""


class TtsSound(TypedDict, total=False):
    """Answers, speaks a text and waits for its end or for a key."""

    macro: Required[Literal["tts"]]
    """The kind of sound this is."""
    text: Required[str]
    """What is said. (1 to 1000 characters)"""
    endless_playback: bool
    """Whether the text is repeated until a key is pressed."""
    engine: Literal["flite", "google", "ispeech", "voicefabric"]
    """The speech engine to use instead of the system's own."""
    language: str
    """The language of the text, such as en-us."""
    terminators: Sequence[str]
    """Keys that stop the sound; an empty list makes it uninterruptible. (KAZOO fills in all twelve keys)"""
    voice: str
    """The voice to speak with, such as male or female. (KAZOO fills in 'female')"""
    skip_module: bool
    """Skip this node: go straight to the wildcard child."""
