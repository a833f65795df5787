"""The models of every module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .acdc_agent import AcdcAgent as AcdcAgent
    from .acdc_agent import AcdcAgentData as AcdcAgentData
    from .acdc_member import AcdcMember as AcdcMember
    from .acdc_member import AcdcMemberData as AcdcMemberData
    from .acdc_queue import AcdcQueue as AcdcQueue
    from .acdc_queue import AcdcQueueData as AcdcQueueData
    from .acdc_wait_time import AcdcWaitTime as AcdcWaitTime
    from .acdc_wait_time import AcdcWaitTimeData as AcdcWaitTimeData
    from .after_bridge import AfterBridge as AfterBridge
    from .after_bridge import AfterBridgeData as AfterBridgeData
    from .answer import Answer as Answer
    from .answer import AnswerData as AnswerData
    from .audio_macro import AudioMacro as AudioMacro
    from .audio_macro import AudioMacroData as AudioMacroData
    from .audio_macro import PlaySound as PlaySound
    from .audio_macro import PromptSound as PromptSound
    from .audio_macro import SaySound as SaySound
    from .audio_macro import ToneSound as ToneSound
    from .audio_macro import TtsSound as TtsSound
    from .branch_bnumber import BranchBnumber as BranchBnumber
    from .branch_bnumber import BranchBnumberData as BranchBnumberData
    from .branch_variable import BranchVariable as BranchVariable
    from .branch_variable import BranchVariableData as BranchVariableData
    from .call_forward import CallForward as CallForward
    from .call_forward import CallForwardData as CallForwardData
    from .call_pickup import CallPickup as CallPickup
    from .call_pickup import CallPickupData as CallPickupData
    from .call_waiting import CallWaiting as CallWaiting
    from .call_waiting import CallWaitingData as CallWaitingData
    from .callflow import Callflow as Callflow
    from .callflow import CallflowData as CallflowData
    from .camping_feature import CampingFeature as CampingFeature
    from .camping_feature import CampingFeatureData as CampingFeatureData
    from .check_cid import CheckCid as CheckCid
    from .check_cid import CheckCidCallerId as CheckCidCallerId
    from .check_cid import CheckCidCallerIdExternal as CheckCidCallerIdExternal
    from .check_cid import CheckCidData as CheckCidData
    from .cidlistmatch import Cidlistmatch as Cidlistmatch
    from .cidlistmatch import CidlistmatchData as CidlistmatchData
    from .collect_dtmf import CollectDtmf as CollectDtmf
    from .collect_dtmf import CollectDtmfData as CollectDtmfData
    from .conference import Conference as Conference
    from .conference import ConferenceData as ConferenceData
    from .conference import ConferenceWelcomePrompt as ConferenceWelcomePrompt
    from .conference import Conferences as Conferences
    from .conference import ConferencesMember as ConferencesMember
    from .conference import ConferencesModerator as ConferencesModerator
    from .conference import ConferencesProfile as ConferencesProfile
    from .conference_feature import ConferenceFeature as ConferenceFeature
    from .conference_feature import ConferenceFeatureData as ConferenceFeatureData
    from .conference_feature import ConferenceFeatureWelcomePrompt as ConferenceFeatureWelcomePrompt
    from .dead_air import DeadAir as DeadAir
    from .dead_air import DeadAirData as DeadAirData
    from .detect_speech import DetectSpeech as DetectSpeech
    from .detect_speech import DetectSpeechData as DetectSpeechData
    from .device import Device as Device
    from .device import DeviceData as DeviceData
    from .directory import Directory as Directory
    from .directory import DirectoryData as DirectoryData
    from .disa import Disa as Disa
    from .disa import DisaData as DisaData
    from .do_not_disturb import DoNotDisturb as DoNotDisturb
    from .do_not_disturb import DoNotDisturbData as DoNotDisturbData
    from .doorman import Doorman as Doorman
    from .doorman import DoormanData as DoormanData
    from .doorman import Tone as Tone
    from .dynamic_cid import DynamicCid as DynamicCid
    from .dynamic_cid import DynamicCidCallerId as DynamicCidCallerId
    from .dynamic_cid import DynamicCidData as DynamicCidData
    from .eavesdrop import Eavesdrop as Eavesdrop
    from .eavesdrop import EavesdropData as EavesdropData
    from .eavesdrop_feature import EavesdropFeature as EavesdropFeature
    from .eavesdrop_feature import EavesdropFeatureData as EavesdropFeatureData
    from .edr import Edr as Edr
    from .edr import EdrData as EdrData
    from .fax_detect import FaxDetect as FaxDetect
    from .fax_detect import FaxDetectData as FaxDetectData
    from .faxbox import Faxbox as Faxbox
    from .faxbox import FaxboxData as FaxboxData
    from .faxbox import FaxboxMedia as FaxboxMedia
    from .flush_dtmf import FlushDtmf as FlushDtmf
    from .flush_dtmf import FlushDtmfData as FlushDtmfData
    from .function import Function as Function
    from .function import FunctionData as FunctionData
    from .group import Group as Group
    from .group import GroupData as GroupData
    from .group import GroupRingtones as GroupRingtones
    from .group import GroupSca as GroupSca
    from .group_pickup import GroupPickup as GroupPickup
    from .group_pickup import GroupPickupData as GroupPickupData
    from .group_pickup_feature import GroupPickupFeature as GroupPickupFeature
    from .group_pickup_feature import GroupPickupFeatureData as GroupPickupFeatureData
    from .hangup import Hangup as Hangup
    from .hangup import HangupData as HangupData
    from .hotdesk import Hotdesk as Hotdesk
    from .hotdesk import HotdeskData as HotdeskData
    from .intercept import Intercept as Intercept
    from .intercept import InterceptData as InterceptData
    from .intercept_feature import InterceptFeature as InterceptFeature
    from .intercept_feature import InterceptFeatureData as InterceptFeatureData
    from .intercom import Intercom as Intercom
    from .intercom import IntercomData as IntercomData
    from .language import Language as Language
    from .language import LanguageData as LanguageData
    from .lookupcidname import Lookupcidname as Lookupcidname
    from .lookupcidname import LookupcidnameData as LookupcidnameData
    from .manual_presence import ManualPresence as ManualPresence
    from .manual_presence import ManualPresenceData as ManualPresenceData
    from .menu import Menu as Menu
    from .menu import MenuData as MenuData
    from .missed_call_alert import MissedCallAlert as MissedCallAlert
    from .missed_call_alert import MissedCallAlertData as MissedCallAlertData
    from .missed_call_alert import MissedCallAlertRecipient as MissedCallAlertRecipient
    from .move import Move as Move
    from .move import MoveData as MoveData
    from .nomorobo import Nomorobo as Nomorobo
    from .nomorobo import NomoroboData as NomoroboData
    from .noop import Noop as Noop
    from .noop import NoopData as NoopData
    from .notification import Notification as Notification
    from .notification import NotificationData as NotificationData
    from .notification import NotificationRecipient as NotificationRecipient
    from .offnet import Offnet as Offnet
    from .offnet import OffnetAddresses as OffnetAddresses
    from .offnet import OffnetData as OffnetData
    from .page_group import PageGroup as PageGroup
    from .page_group import PageGroupData as PageGroupData
    from .page_group import PageGroupEndpoint as PageGroupEndpoint
    from .park import Park as Park
    from .park import ParkData as ParkData
    from .pivot import Pivot as Pivot
    from .pivot import PivotData as PivotData
    from .pivot import PivotServerless as PivotServerless
    from .play import Play as Play
    from .play import PlayData as PlayData
    from .prepend_cid import PrependCid as PrependCid
    from .prepend_cid import PrependCidData as PrependCidData
    from .privacy import Privacy as Privacy
    from .privacy import PrivacyData as PrivacyData
    from .receive_fax import ReceiveFax as ReceiveFax
    from .receive_fax import ReceiveFaxData as ReceiveFaxData
    from .receive_fax import ReceiveFaxMedia as ReceiveFaxMedia
    from .record_call import RecordCall as RecordCall
    from .record_call import RecordCallData as RecordCallData
    from .record_caller import RecordCaller as RecordCaller
    from .record_caller import RecordCallerData as RecordCallerData
    from .resources import Resources as Resources
    from .resources import ResourcesAddresses as ResourcesAddresses
    from .resources import ResourcesData as ResourcesData
    from .response import Response as Response
    from .response import ResponseData as ResponseData
    from .ring_group import RingGroup as RingGroup
    from .ring_group import RingGroupData as RingGroupData
    from .ring_group import RingGroupEndpoint as RingGroupEndpoint
    from .ring_group import RingGroupRingtones as RingGroupRingtones
    from .ring_group import RingGroupSca as RingGroupSca
    from .ring_group_toggle import RingGroupToggle as RingGroupToggle
    from .ring_group_toggle import RingGroupToggleData as RingGroupToggleData
    from .route_to_cid import RouteToCid as RouteToCid
    from .route_to_cid import RouteToCidData as RouteToCidData
    from .send_dtmf import SendDtmf as SendDtmf
    from .send_dtmf import SendDtmfData as SendDtmfData
    from .set import Set as Set
    from .set import SetData as SetData
    from .set_alert_info import SetAlertInfo as SetAlertInfo
    from .set_alert_info import SetAlertInfoData as SetAlertInfoData
    from .set_cid import SetCid as SetCid
    from .set_cid import SetCidData as SetCidData
    from .set_variable import SetVariable as SetVariable
    from .set_variable import SetVariableData as SetVariableData
    from .set_variables import SetVariables as SetVariables
    from .set_variables import SetVariablesData as SetVariablesData
    from .skel import Skel as Skel
    from .skel import SkelData as SkelData
    from .sleep import Sleep as Sleep
    from .sleep import SleepData as SleepData
    from .temporal_route import TemporalRoute as TemporalRoute
    from .temporal_route import TemporalRouteData as TemporalRouteData
    from .tones import Tones as Tones
    from .tones import TonesData as TonesData
    from .transfer import Transfer as Transfer
    from .transfer import TransferData as TransferData
    from .tts import Tts as Tts
    from .tts import TtsData as TtsData
    from .user import User as User
    from .user import UserData as UserData
    from .voicemail import Voicemail as Voicemail
    from .voicemail import VoicemailData as VoicemailData
    from .wait_for_hangup import WaitForHangup as WaitForHangup
    from .wait_for_hangup import WaitForHangupData as WaitForHangupData
    from .webhook import Webhook as Webhook
    from .webhook import WebhookData as WebhookData

HOMES = {
    "AcdcAgent": "acdc_agent",
    "AcdcAgentData": "acdc_agent",
    "AcdcMember": "acdc_member",
    "AcdcMemberData": "acdc_member",
    "AcdcQueue": "acdc_queue",
    "AcdcQueueData": "acdc_queue",
    "AcdcWaitTime": "acdc_wait_time",
    "AcdcWaitTimeData": "acdc_wait_time",
    "AfterBridge": "after_bridge",
    "AfterBridgeData": "after_bridge",
    "Answer": "answer",
    "AnswerData": "answer",
    "AudioMacro": "audio_macro",
    "AudioMacroData": "audio_macro",
    "BranchBnumber": "branch_bnumber",
    "BranchBnumberData": "branch_bnumber",
    "BranchVariable": "branch_variable",
    "BranchVariableData": "branch_variable",
    "CallForward": "call_forward",
    "CallForwardData": "call_forward",
    "CallPickup": "call_pickup",
    "CallPickupData": "call_pickup",
    "CallWaiting": "call_waiting",
    "CallWaitingData": "call_waiting",
    "Callflow": "callflow",
    "CallflowData": "callflow",
    "CampingFeature": "camping_feature",
    "CampingFeatureData": "camping_feature",
    "CheckCid": "check_cid",
    "CheckCidCallerId": "check_cid",
    "CheckCidCallerIdExternal": "check_cid",
    "CheckCidData": "check_cid",
    "Cidlistmatch": "cidlistmatch",
    "CidlistmatchData": "cidlistmatch",
    "CollectDtmf": "collect_dtmf",
    "CollectDtmfData": "collect_dtmf",
    "Conference": "conference",
    "ConferenceData": "conference",
    "ConferenceFeature": "conference_feature",
    "ConferenceFeatureData": "conference_feature",
    "ConferenceFeatureWelcomePrompt": "conference_feature",
    "ConferenceWelcomePrompt": "conference",
    "Conferences": "conference",
    "ConferencesMember": "conference",
    "ConferencesModerator": "conference",
    "ConferencesProfile": "conference",
    "DeadAir": "dead_air",
    "DeadAirData": "dead_air",
    "DetectSpeech": "detect_speech",
    "DetectSpeechData": "detect_speech",
    "Device": "device",
    "DeviceData": "device",
    "Directory": "directory",
    "DirectoryData": "directory",
    "Disa": "disa",
    "DisaData": "disa",
    "DoNotDisturb": "do_not_disturb",
    "DoNotDisturbData": "do_not_disturb",
    "Doorman": "doorman",
    "DoormanData": "doorman",
    "DynamicCid": "dynamic_cid",
    "DynamicCidCallerId": "dynamic_cid",
    "DynamicCidData": "dynamic_cid",
    "Eavesdrop": "eavesdrop",
    "EavesdropData": "eavesdrop",
    "EavesdropFeature": "eavesdrop_feature",
    "EavesdropFeatureData": "eavesdrop_feature",
    "Edr": "edr",
    "EdrData": "edr",
    "FaxDetect": "fax_detect",
    "FaxDetectData": "fax_detect",
    "Faxbox": "faxbox",
    "FaxboxData": "faxbox",
    "FaxboxMedia": "faxbox",
    "FlushDtmf": "flush_dtmf",
    "FlushDtmfData": "flush_dtmf",
    "Function": "function",
    "FunctionData": "function",
    "Group": "group",
    "GroupData": "group",
    "GroupPickup": "group_pickup",
    "GroupPickupData": "group_pickup",
    "GroupPickupFeature": "group_pickup_feature",
    "GroupPickupFeatureData": "group_pickup_feature",
    "GroupRingtones": "group",
    "GroupSca": "group",
    "Hangup": "hangup",
    "HangupData": "hangup",
    "Hotdesk": "hotdesk",
    "HotdeskData": "hotdesk",
    "Intercept": "intercept",
    "InterceptData": "intercept",
    "InterceptFeature": "intercept_feature",
    "InterceptFeatureData": "intercept_feature",
    "Intercom": "intercom",
    "IntercomData": "intercom",
    "Language": "language",
    "LanguageData": "language",
    "Lookupcidname": "lookupcidname",
    "LookupcidnameData": "lookupcidname",
    "ManualPresence": "manual_presence",
    "ManualPresenceData": "manual_presence",
    "Menu": "menu",
    "MenuData": "menu",
    "MissedCallAlert": "missed_call_alert",
    "MissedCallAlertData": "missed_call_alert",
    "MissedCallAlertRecipient": "missed_call_alert",
    "Move": "move",
    "MoveData": "move",
    "Nomorobo": "nomorobo",
    "NomoroboData": "nomorobo",
    "Noop": "noop",
    "NoopData": "noop",
    "Notification": "notification",
    "NotificationData": "notification",
    "NotificationRecipient": "notification",
    "Offnet": "offnet",
    "OffnetAddresses": "offnet",
    "OffnetData": "offnet",
    "PageGroup": "page_group",
    "PageGroupData": "page_group",
    "PageGroupEndpoint": "page_group",
    "Park": "park",
    "ParkData": "park",
    "Pivot": "pivot",
    "PivotData": "pivot",
    "PivotServerless": "pivot",
    "Play": "play",
    "PlayData": "play",
    "PlaySound": "audio_macro",
    "PrependCid": "prepend_cid",
    "PrependCidData": "prepend_cid",
    "Privacy": "privacy",
    "PrivacyData": "privacy",
    "PromptSound": "audio_macro",
    "ReceiveFax": "receive_fax",
    "ReceiveFaxData": "receive_fax",
    "ReceiveFaxMedia": "receive_fax",
    "RecordCall": "record_call",
    "RecordCallData": "record_call",
    "RecordCaller": "record_caller",
    "RecordCallerData": "record_caller",
    "Resources": "resources",
    "ResourcesAddresses": "resources",
    "ResourcesData": "resources",
    "Response": "response",
    "ResponseData": "response",
    "RingGroup": "ring_group",
    "RingGroupData": "ring_group",
    "RingGroupEndpoint": "ring_group",
    "RingGroupRingtones": "ring_group",
    "RingGroupSca": "ring_group",
    "RingGroupToggle": "ring_group_toggle",
    "RingGroupToggleData": "ring_group_toggle",
    "RouteToCid": "route_to_cid",
    "RouteToCidData": "route_to_cid",
    "SaySound": "audio_macro",
    "SendDtmf": "send_dtmf",
    "SendDtmfData": "send_dtmf",
    "Set": "set",
    "SetAlertInfo": "set_alert_info",
    "SetAlertInfoData": "set_alert_info",
    "SetCid": "set_cid",
    "SetCidData": "set_cid",
    "SetData": "set",
    "SetVariable": "set_variable",
    "SetVariableData": "set_variable",
    "SetVariables": "set_variables",
    "SetVariablesData": "set_variables",
    "Skel": "skel",
    "SkelData": "skel",
    "Sleep": "sleep",
    "SleepData": "sleep",
    "TemporalRoute": "temporal_route",
    "TemporalRouteData": "temporal_route",
    "Tone": "doorman",
    "ToneSound": "audio_macro",
    "Tones": "tones",
    "TonesData": "tones",
    "Transfer": "transfer",
    "TransferData": "transfer",
    "Tts": "tts",
    "TtsData": "tts",
    "TtsSound": "audio_macro",
    "User": "user",
    "UserData": "user",
    "Voicemail": "voicemail",
    "VoicemailData": "voicemail",
    "WaitForHangup": "wait_for_hangup",
    "WaitForHangupData": "wait_for_hangup",
    "Webhook": "webhook",
    "WebhookData": "webhook",
}
"""In which file each model is."""
