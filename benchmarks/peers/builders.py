"""The same answer by each library: say, collect digits, ask a server, hang up.

Each is built as its documentation shows, checked where the library checks, and turned into the bytes of the
HTTP answer. signalwire is missing: it pins an old twilio, whose builder is its own under another name.
"""

URL = "https://voice.example.com/menu"

LIBRARIES = {
    "kazoo_callflow, validated": f"""
from kazoo_callflow import collect_dtmf, hangup, pivot, tts, validate
def build():
    flow = (
        tts("Press 1 for sales.")
        >> collect_dtmf("menu", max_digits=1, timeout=5000)
        >> pivot("{URL}", method="post", req_body_format="json")
        >> hangup()
    )
    assert not validate(flow, "5")
    return flow.to_json()
""",
    "a bare dict and json.dumps": f"""
import json
def build():
    pivot = {{"voice_url": "{URL}", "method": "post", "req_body_format": "json"}}
    end = {{"module": "hangup", "data": {{}}}}
    ask = {{"module": "pivot", "data": pivot, "children": {{"_": end}}}}
    data = {{"collection_name": "menu", "max_digits": 1, "timeout": 5000}}
    digits = {{"module": "collect_dtmf", "data": data, "children": {{"_": ask}}}}
    said = {{"module": "tts", "data": {{"text": "Press 1 for sales."}}, "children": {{"_": digits}}}}
    return json.dumps(said).encode()
""",
    "twilio, unvalidated": f"""
from twilio.twiml.voice_response import VoiceResponse
def build():
    response = VoiceResponse()
    gather = response.gather(num_digits=1, action="{URL}", method="POST", timeout=5)
    gather.say("Press 1 for sales.")
    response.redirect("{URL}", method="POST")
    response.hangup()
    return str(response).encode()
""",
    "vonage-voice": f"""
import json
from vonage_voice.models import Dtmf, Input, Notify, Talk
def build():
    actions = [
        Talk(text="Press 1 for sales.", bargeIn=True),
        Input(type=["dtmf"], dtmf=Dtmf(maxDigits=1, timeOut=5), eventUrl=["{URL}"]),
        Notify(payload={{"menu": "main"}}, eventUrl=["{URL}"]),
        Talk(text="Good-bye."),
    ]
    return json.dumps([action.model_dump(by_alias=True, exclude_none=True) for action in actions]).encode()
""",
    "jambonz-python-sdk": f"""
from jambonz_sdk.webhook import WebhookResponse
def build():
    response = WebhookResponse()
    response.gather(input=["digits"], numDigits=1, actionHook="{URL}", timeout=5)
    response.say(text="Press 1 for sales.")
    response.redirect(actionHook="{URL}")
    response.hangup()
    return response.to_json_string().encode()
""",
    "plivo": f"""
from plivo import plivoxml
def build():
    response = plivoxml.ResponseElement()
    asked = plivoxml.GetInputElement(action="{URL}", method="POST", input_type="dtmf", digit_end_timeout=5)
    response.add(asked.add_speak("Press 1 for sales."))
    response.add_redirect("{URL}", method="POST")
    response.add_hangup()
    return response.to_string(pretty=False).encode()
""",
    "bandwidth-sdk": f"""
from bandwidth.models.bxml import Gather, Hangup, Redirect, Response, SpeakSentence
def build():
    asked = Gather([SpeakSentence("Press 1 for sales.")], gather_url="{URL}", max_digits=1)
    return Response([asked, Redirect("{URL}"), Hangup()]).to_bxml().encode()
""",
}
