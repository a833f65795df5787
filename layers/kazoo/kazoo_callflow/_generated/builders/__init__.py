"""The builder function of every module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .acdc_agent import acdc_agent as acdc_agent
    from .acdc_member import acdc_member as acdc_member
    from .acdc_queue import acdc_queue as acdc_queue
    from .acdc_wait_time import acdc_wait_time as acdc_wait_time
    from .after_bridge import after_bridge as after_bridge
    from .answer import answer as answer
    from .audio_macro import audio_macro as audio_macro
    from .branch_bnumber import branch_bnumber as branch_bnumber
    from .branch_variable import branch_variable as branch_variable
    from .call_forward import call_forward as call_forward
    from .call_pickup import call_pickup as call_pickup
    from .call_waiting import call_waiting as call_waiting
    from .callflow import callflow as callflow
    from .camping_feature import camping_feature as camping_feature
    from .check_cid import check_cid as check_cid
    from .cidlistmatch import cidlistmatch as cidlistmatch
    from .collect_dtmf import collect_dtmf as collect_dtmf
    from .conference import conference as conference
    from .conference_feature import conference_feature as conference_feature
    from .dead_air import dead_air as dead_air
    from .detect_speech import detect_speech as detect_speech
    from .device import device as device
    from .directory import directory as directory
    from .disa import disa as disa
    from .do_not_disturb import do_not_disturb as do_not_disturb
    from .doorman import doorman as doorman
    from .dynamic_cid import dynamic_cid as dynamic_cid
    from .eavesdrop import eavesdrop as eavesdrop
    from .eavesdrop_feature import eavesdrop_feature as eavesdrop_feature
    from .edr import edr as edr
    from .fax_detect import fax_detect as fax_detect
    from .faxbox import faxbox as faxbox
    from .flush_dtmf import flush_dtmf as flush_dtmf
    from .function import function as function
    from .group import group as group
    from .group_pickup import group_pickup as group_pickup
    from .group_pickup_feature import group_pickup_feature as group_pickup_feature
    from .hangup import hangup as hangup
    from .hotdesk import hotdesk as hotdesk
    from .intercept import intercept as intercept
    from .intercept_feature import intercept_feature as intercept_feature
    from .intercom import intercom as intercom
    from .language import language as language
    from .lookupcidname import lookupcidname as lookupcidname
    from .manual_presence import manual_presence as manual_presence
    from .menu import menu as menu
    from .missed_call_alert import missed_call_alert as missed_call_alert
    from .move import move as move
    from .nomorobo import nomorobo as nomorobo
    from .noop import noop as noop
    from .notification import notification as notification
    from .offnet import offnet as offnet
    from .page_group import page_group as page_group
    from .park import park as park
    from .pivot import pivot as pivot
    from .play import play as play
    from .prepend_cid import prepend_cid as prepend_cid
    from .privacy import privacy as privacy
    from .receive_fax import receive_fax as receive_fax
    from .record_call import record_call as record_call
    from .record_caller import record_caller as record_caller
    from .resources import resources as resources
    from .response import response as response
    from .ring_group import ring_group as ring_group
    from .ring_group_toggle import ring_group_toggle as ring_group_toggle
    from .route_to_cid import route_to_cid as route_to_cid
    from .send_dtmf import send_dtmf as send_dtmf
    from .set import set as set
    from .set_alert_info import set_alert_info as set_alert_info
    from .set_cid import set_cid as set_cid
    from .set_variable import set_variable as set_variable
    from .set_variables import set_variables as set_variables
    from .skel import skel as skel
    from .sleep import sleep as sleep
    from .temporal_route import temporal_route as temporal_route
    from .tones import tones as tones
    from .transfer import transfer as transfer
    from .tts import tts as tts
    from .user import user as user
    from .voicemail import voicemail as voicemail
    from .wait_for_hangup import wait_for_hangup as wait_for_hangup
    from .webhook import webhook as webhook

__all__ = (
    "acdc_agent",
    "acdc_member",
    "acdc_queue",
    "acdc_wait_time",
    "after_bridge",
    "answer",
    "audio_macro",
    "branch_bnumber",
    "branch_variable",
    "call_forward",
    "call_pickup",
    "call_waiting",
    "callflow",
    "camping_feature",
    "check_cid",
    "cidlistmatch",
    "collect_dtmf",
    "conference",
    "conference_feature",
    "dead_air",
    "detect_speech",
    "device",
    "directory",
    "disa",
    "do_not_disturb",
    "doorman",
    "dynamic_cid",
    "eavesdrop",
    "eavesdrop_feature",
    "edr",
    "fax_detect",
    "faxbox",
    "flush_dtmf",
    "function",
    "group",
    "group_pickup",
    "group_pickup_feature",
    "hangup",
    "hotdesk",
    "intercept",
    "intercept_feature",
    "intercom",
    "language",
    "lookupcidname",
    "manual_presence",
    "menu",
    "missed_call_alert",
    "move",
    "nomorobo",
    "noop",
    "notification",
    "offnet",
    "page_group",
    "park",
    "pivot",
    "play",
    "prepend_cid",
    "privacy",
    "receive_fax",
    "record_call",
    "record_caller",
    "resources",
    "response",
    "ring_group",
    "ring_group_toggle",
    "route_to_cid",
    "send_dtmf",
    "set",
    "set_alert_info",
    "set_cid",
    "set_variable",
    "set_variables",
    "skel",
    "sleep",
    "temporal_route",
    "tones",
    "transfer",
    "tts",
    "user",
    "voicemail",
    "wait_for_hangup",
    "webhook",
)
