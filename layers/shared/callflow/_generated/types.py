"""The nested objects builders take. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict


class CheckCidCallerId(TypedDict, total=False):
    external: CheckCidCallerIdExternal


class CheckCidCallerIdExternal(TypedDict, total=False):
    name: str
    number: str


class ConferenceFeatureWelcomePrompt(TypedDict, total=False):
    media_id: str
    play: bool


class ConferenceWelcomePrompt(TypedDict, total=False):
    media_id: str
    play: bool


class Conferences(TypedDict, total=False):
    allow_shareable_link: bool
    base_profile_name: str
    bridge_password: str
    bridge_username: str
    caller_controls: str
    conference_numbers: Sequence[str]
    controls: Mapping[str, Any]
    domain: str
    endconf_grace_time: int
    flags: Sequence[str]
    focus: str
    language: str
    max_members_media: str
    max_participants: int
    member: ConferencesMember
    moderator: ConferencesModerator
    moderator_controls: str
    name: str
    owner_id: str
    play_entry_tone: bool | str
    play_exit_tone: bool | str
    play_name: bool
    play_welcome: bool
    profile: ConferencesProfile
    profile_name: str
    require_moderator: bool
    video: bool
    wait_for_moderator: bool


class ConferencesMember(TypedDict, total=False):
    join_deaf: bool
    join_muted: bool
    numbers: Sequence[str]
    pins: Sequence[str]
    play_entry_prompt: bool


class ConferencesModerator(TypedDict, total=False):
    join_deaf: bool
    join_muted: bool
    numbers: Sequence[str]
    pins: Sequence[str]


ConferencesProfile = TypedDict(
    "ConferencesProfile",
    {
        "alone-sound": str,
        "announce-count": int,
        "auto-record": bool,
        "caller-controls": str,
        "comfort-noise": int,
        "energy-level": int,
        "enter-sound": str,
        "exit-sound": str,
        "interval": int,
        "locked-sound": str,
        "max-members": int,
        "max-members-sound": str,
        "moderator-controls": str,
        "moh-sound": str,
        "muted-sound": str,
        "rate": Literal[8000, 12000, 16000, 24000, 32000, 44100, 48000],
        "unmuted-sound": str,
    },
    total=False,
)


class DynamicCidCallerId(TypedDict, total=False):
    name: str
    number: str


class FaxboxMedia(TypedDict, total=False):
    fax_option: Literal["auto", True, False] | bool


class GroupRingtones(TypedDict, total=False):
    external: str
    internal: str


class GroupSca(TypedDict, total=False):
    enabled: bool


class MissedCallAlertRecipient(TypedDict, total=False):
    id: Required[str | Sequence[Any]]
    type: Required[Literal["user", "email"]]


class NotificationRecipient(TypedDict, total=False):
    id: Required[str | Sequence[str]]
    type: Required[Literal["user", "email"]]


class OffnetAddresses(TypedDict, total=False):
    emergency: Mapping[str, Any]


class PageGroupEndpoint(TypedDict, total=False):
    delay: int
    endpoint_type: Required[Literal["device", "user", "group"]]
    id: Required[str]
    timeout: int
    weight: int


class PivotServerless(TypedDict, total=False):
    flow_doc: Required[str | Mapping[str, Any]]
    flow_type: Required[Literal["application/json", "application/xml", "text/xml"]]


class PlayAudioMacroMacro(TypedDict, total=False):
    answer: bool
    endless_playback: bool
    id: str
    loop_count: int
    macro: Required[Literal["play"]]
    skip_module: bool
    terminators: Sequence[str]


class PromptAudioMacroMacro(TypedDict, total=False):
    id: str
    language: str
    macro: Required[Literal["prompt"]]
    terminators: Sequence[str]


class ReceiveFaxMedia(TypedDict, total=False):
    fax_option: Literal["auto", True, False] | bool


class ResourcesAddresses(TypedDict, total=False):
    emergency: Mapping[str, Any]


class RingGroupEndpoint(TypedDict, total=False):
    delay: int
    endpoint_type: Required[Literal["device", "user", "group"]]
    id: Required[str]
    timeout: int
    weight: int


class RingGroupRingtones(TypedDict, total=False):
    external: str
    internal: str


class RingGroupSca(TypedDict, total=False):
    enabled: bool


class SayAudioMacroMacro(TypedDict, total=False):
    gender: Literal["masculine", "feminine", "neuter"]
    language: str
    macro: Required[Literal["say"]]
    method: Literal["none", "pronounced", "iterated", "counted"]
    terminators: Sequence[str]
    text: str
    type: Literal["number", "items", "persons", "messages", "currency", "time_measurement", "current_date", "current_time", "current_date_time", "telephone_number", "telephone_extension", "url", "ip_address", "e-mail_address", "postal_address", "account_number", "name_spelled", "name_phonetic", "short_date_time"]


class Tone(TypedDict, total=False):
    duration_off: Required[int]
    duration_on: Required[int]
    frequencies: Required[Sequence[int]]
    repeat: int
    volume: int


class ToneAudioMacroMacro(TypedDict, total=False):
    duration_off: int
    duration_on: int
    frequencies: Sequence[int]
    macro: Required[Literal["tone"]]
    repeat: int
    volume: int


class TtsAudioMacroMacro(TypedDict, total=False):
    endless_playback: bool
    engine: Literal["flite", "google", "ispeech", "voicefabric"]
    language: str
    macro: Required[Literal["tts"]]
    skip_module: bool
    terminators: Sequence[str]
    text: Required[str]
    voice: str

