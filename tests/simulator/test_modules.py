"""What each module does to the caller."""

from __future__ import annotations

from typing import Any

import pytest

import kazoo_callflow as callflow
from kazoo_callflow._schemas import schemas_of
from kazoo_simulator import Answer, Callee, InProcess, Scripted, ScriptedCall, Simulator
from kazoo_simulator._modules import played_modules
from tests.simulator.test_calls import node

BOX = "b" * 32
JSON = (("content-type", "application/json"),)


def said(text: str) -> dict[str, Any]:
    """A prompt, to see where a flow went."""
    return node("tts", text=text)


def with_children(made: dict[str, Any], **children: Any) -> dict[str, Any]:
    """A node with named children; `wild` is the wildcard child."""
    return made | {"children": {"_" if key == "wild" else key: child for key, child in children.items()}}


def play(flow: dict[str, Any], version: Any = "4.3", **world: Any) -> ScriptedCall:
    """A call that runs this flow."""
    return Simulator(InProcess({}), version, seed=1, **world).call(flow=flow)


# --- the rules every node follows ---------------------------------------------------------------


def test_skip_module_goes_to_the_wildcard_child() -> None:
    """A skipped node is not run."""
    call = play(node("tts", said("next"), text="skipped", skip_module=True)).ends()
    assert call.heard == ["next"]


def test_a_crash_goes_to_the_wildcard_child() -> None:
    """A module that dies goes on, whether by its data or because it was told to."""
    assert play(node("collect_dtmf", said("next"), terminators=[])).ends().heard == ["next"]
    broken = play(node("play", said("next"), id="x"), broken_modules=frozenset({"play"}))
    assert broken.ends().heard == ["next"]


def test_unknown_modules_of_the_version_are_skipped() -> None:
    """A schema without code is skipped."""
    assert play(node("audio_macro.say", said("next"))).ends().heard == ["next"]


WITHOUT_CODE = {"action", "audio_macro.prompt", "audio_macro.say", "audio_macro.tone"}


@pytest.mark.parametrize("version", callflow.VERSIONS)
def test_every_module_is_known(version: Any) -> None:
    """Nothing is passed through by accident: each is played, or known to be unnoticed or without code."""
    assert set(schemas_of(version).modules) - played_modules() == WITHOUT_CODE


@pytest.mark.parametrize(("nodes", "heard"), [(19, ["end"]), (20, [])])
def test_about_twenty_quick_nodes_end_the_call(nodes: int, heard: list[str]) -> None:
    """Every module costs 5 of 100 tokens, of which 10 a second come back."""
    flow = said("end")
    for _ in range(nodes):
        flow = node("skel", flow)
    call = play(flow).ends()
    assert call.heard == heard
    assert ("rate limit" in call.ladder()) == (not heard)


def test_waiting_refills_the_tokens() -> None:
    """Two modules a second go on for ever."""
    flow = said("end")
    for _ in range(30):
        flow = node("sleep", flow, duration=500, unit="ms")
    assert play(flow).ends().heard == ["end"]


def test_a_branched_flow_returns() -> None:
    """After a stored callflow ran off its end the wildcard child goes on; more than 50 end the call."""
    call = play(node("callflow", said("back"), id="other"), callflows={"other": said("other")}).ends()
    assert call.heard == ["other", "back"]
    loop = {"loop": node("sleep", node("callflow", said("never"), id="loop"), duration=1)}
    assert "more than 50" in play(node("callflow", id="loop"), callflows=loop).ends().ladder()


@pytest.mark.parametrize(("version", "cause"), [("4.3", "NORMAL_CLEARING"), ("5", "nomatch")])
def test_a_child_looked_for_in_vain(version: str, cause: str) -> None:
    """A missing child ends the call; 5 takes its name as the cause."""
    play(node("cidlistmatch", id="x"), version).ends(cause)


# --- sounds --------------------------------------------------------------------------------------


def test_a_speech_engine_that_fails_hangs_up() -> None:
    """Text to speech has no other way out."""
    call = play(node("tts", said("never"), text="x"), failing=frozenset({"tts"})).ends()
    assert call.heard == []


def test_terminators_stop_audio_and_other_keys_do_not() -> None:
    """Only the keys in the list interrupt; every key is collected."""
    call = play(node("tts", node("sleep", duration=1), text="long " * 30, terminators=["#"]))
    call.hears("long").waits(1).presses("5", during=True).waits(1)
    assert call.interpreter.audio is not None
    call.presses("#", during=True)
    assert call.interpreter.audio is None
    assert call.interpreter.channel.collections == {"default": "5#"}


def test_play_without_media_goes_on_silently() -> None:
    """A recording that cannot be played is not an error."""
    assert play(node("play", said("next"))).ends().heard == ["next"]
    assert play(node("play", said("next"), id="gone"), failing=frozenset({"gone"})).ends().heard == ["next"]


def test_play_loops() -> None:
    """loop_count repeats, endless_playback goes on until a key."""
    assert play(node("play", id="a", loop_count=3)).ends().heard == ["a", "a", "a"]
    call = play(node("play", said("next"), id="a", endless_playback=True)).waits(60).presses("1", during=True)
    assert call.hears("next").heard.count("a") == 21


@pytest.mark.parametrize(
    ("flow", "answered"), [(node("play", id="a", answer=False), False), (said("x"), True)]
)
def test_what_answers(flow: dict[str, Any], answered: bool) -> None:
    """Prompts answer the call, unless play is told not to."""
    call = play(flow).ends()
    assert any(event.kind == "answered" for event in call.events) == answered
    assert call.ended is not None
    assert (call.ended.billing_s > 0) == answered


def test_endless_speech_goes_on_until_a_key() -> None:
    """endless_playback of tts repeats, and a key ends it."""
    call = play(node("tts", said("next"), text="again", endless_playback=True)).waits(5)
    assert call.heard.count("again") > 3
    call.presses("1", during=True).hears("next").ends()
    assert play(node("tts", text="once", endless_playback=False)).ends().heard == ["once"]


def test_audio_macro_plays_without_answering() -> None:
    """Sounds in a row; a key drops the rest."""
    macros = [
        {"macro": "prompt", "id": "vm-hello"},
        {"macro": "say", "text": "12"},
        {"macro": "tts", "text": "days"},
        {"macro": "tone", "frequencies": [440], "duration_on": 100, "duration_off": 0},
        {"macro": "play", "id": "jingle"},
    ]
    call = play(node("audio_macro", macros=macros)).ends("NORMAL_CLEARING")
    assert call.heard == ["vm-hello", "12", "days", "[440] Hz", "jingle"]
    assert call.ended is not None
    assert call.ended.billing_s == 0
    assert play(node("audio_macro", macros=macros)).presses("1", during=True).ends().heard == ["vm-hello"]


def test_language_changes_prompts_and_requests() -> None:
    """Later prompts and requests are in the new language, which requests show in lower case."""
    target = Scripted([Answer(200, b'{"module":"tts","data":{"text":"x"}}', JSON)])
    kazoo = Simulator(target, path="/p")
    call = kazoo.call(flow=node("language", kazoo.pivot(), language="fr-FR")).hears("x", language="fr-fr")
    assert call.requests[0].parameters["Language"] == "fr-fr"


# --- digits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "keys", "collected", "reason"),
    [
        ({"max_digits": 4}, "1234", "1234", "max_digits"),
        ({"max_digits": 4}, "12#", "12", "terminator"),
        ({"max_digits": 4, "terminator": "*"}, "1#2*", "1#2", "terminator"),
        ({"max_digits": 4, "terminators": ["0", "9"], "terminator": "1"}, "12#9", "12#", "terminator"),
        ({"max_digits": 4}, "12", "12", "interdigit_timeout"),
        ({"max_digits": 4}, "", "", "timeout"),
        ({}, "7", "7", "max_digits"),
    ],
)
def test_collecting_digits(data: Any, keys: str, collected: str, reason: str) -> None:
    """Enough digits, a terminator, or silence: the collection is stored and the wildcard child runs."""
    call = play(node("collect_dtmf", said("next"), collection_name="n", **data))
    call.presses(keys).hears("next")
    assert call.interpreter.channel.collections == {"n": collected}
    assert [event.reason for event in call.events if event.kind == "collect_ended"] == [reason]


@pytest.mark.parametrize(
    ("early", "data", "collected"),
    [
        ("1", {}, {"default": "", "n": "1"}),
        ("1", {"max_digits": 3}, {"default": "", "n": "1"}),
        ("1#2", {"max_digits": 1}, {"default": "", "n": "1"}),
        ("1#2", {"max_digits": 3}, {"default": "", "n": "1"}),  # the terminator is lost: it waits for more
    ],
)
def test_digits_pressed_during_the_prompt_count(early: str, data: Any, collected: dict[str, str]) -> None:
    """What the caller pressed early is used first."""
    prompt = node(
        "tts", node("collect_dtmf", said("next"), collection_name="n", **data), text="x", terminators=[]
    )
    call = play(prompt).hears("x").presses(early, during=True).hears("next")
    assert call.interpreter.channel.collections == collected


def test_digits_of_a_prompt_reach_the_next_request_until_flushed() -> None:
    """Without a collection they are in `default`; flush_dtmf forgets them and leaves an empty object."""
    target = Scripted([Answer(200, b'{"module":"hangup"}', JSON)])
    kazoo = Simulator(target, path="/p")
    call = kazoo.call(flow=node("tts", kazoo.pivot(), text="x")).presses("4", during=True).ends()
    assert call.requests[0].parameters["Digits"] == {"default": "4"}
    flushed = node("tts", node("flush_dtmf", kazoo.pivot()), text="x")
    call = kazoo.call(flow=flushed).presses("4", during=True).ends()
    assert call.requests[0].parameters["Digits"] == {}
    assert "Digits" not in kazoo.call().ends().requests[0].parameters


# --- variables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "seen"), [("4.3", {}), ("5", {"tier": "gold"})])
def test_only_kazoo_5_sends_variables_back(version: str, seen: dict[str, str]) -> None:
    """4.3 keeps them to itself, but its branch_variable sees them; 5 the other way round."""
    target = Scripted([Answer(200, b'{"module":"hangup"}', JSON)])
    kazoo = Simulator(target, version, path="/p")  # type: ignore[arg-type]
    variables = {"tier": "gold", "Account-ID": "mine"} if version == "4.3" else {"tier": "gold"}
    branch = with_children(node("branch_variable", variable="tier"), gold=said("gold"), wild=said("other"))
    call = kazoo.call(flow=node("set_variables", kazoo.pivot(), custom_application_vars=variables)).ends()
    assert call.requests[0].parameters["Custom-Application-Vars"] == seen
    call = kazoo.call(flow=node("set_variables", branch, custom_application_vars=variables)).ends()
    assert call.heard == (["gold"] if version == "4.3" else ["other"])
    if version == "4.3":
        assert "account-id" not in {name.lower() for name in call.interpreter.channel.stored_variables}


# --- ringing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "children", "heard"),
    [
        ("busy", {"USER_BUSY": said("cause"), "sip:486": said("code"), "wild": said("wild")}, ["cause"]),
        ("busy", {"sip:486": said("code"), "wild": said("wild")}, ["code"]),
        ("rejects", {"wild": said("wild")}, ["wild"]),
        ("no_answer", {"NO_ANSWER": said("cause")}, ["cause"]),
        ("busy", {}, []),
    ],
)
@pytest.mark.parametrize("version", ["4.3", "5"])
def test_children_of_failed_ringing(version: str, outcome: Any, children: Any, heard: list[str]) -> None:
    """First the cause, then the SIP code, then the wildcard child."""
    flow = with_children(node("user", id="u"), **children)
    assert play(flow, version, callees={"u": Callee(outcome)}).ends().heard == heard


@pytest.mark.parametrize(
    ("children", "heard"), [({"wild": said("wild")}, []), ({"USER_BUSY": said("cause")}, ["cause"])]
)
def test_carriers_ignore_the_wildcard_child(children: Any, heard: list[str]) -> None:
    """After a failed call through resources only a child of the cause or code runs."""
    flow = with_children(node("resources", to_did="4155550199"), **children)
    call = play(flow, callees={"+14155550199": Callee("busy")}).rings("number:+14155550199").ends()
    assert call.heard == heard


@pytest.mark.parametrize(
    ("flow", "seconds"),
    [(node("device", id="d"), 40), (node("device", id="d", timeout=7), 7), (node("user", id="u"), 20)],
)
def test_how_long_it_rings(flow: dict[str, Any], seconds: int) -> None:
    """The schema's default of 0 makes a device ring 40 s, not 20."""
    call = play(flow).ends()
    assert call.ended is not None
    assert call.ended.at_ms == seconds * 1000


def test_a_ring_group() -> None:
    """All at once, or one after the other; who picks up first talks."""
    endpoints = [{"endpoint_type": "user", "id": name, "timeout": 5} for name in ("ann", "bob")]
    callees = {"bob": Callee("answers", after_s=3, talk_s=4)}
    together = (
        play(node("ring_group", endpoints=endpoints), callees=callees).rings("ann").talks_to("bob").ends()
    )
    assert together.ended is not None
    assert together.ended.at_ms == 7000
    single = (
        play(node("ring_group", endpoints=endpoints, strategy="single"), callees=callees)
        .talks_to("bob")
        .ends()
    )
    assert single.ended is not None
    assert single.ended.at_ms == 12_000
    repeated = play(node("ring_group", said("nobody"), endpoints=endpoints, repeats=2, timeout=5)).hears(
        "nobody"
    )
    assert sum(event.kind == "ringing_started" for event in repeated.events) == 2


@pytest.mark.parametrize(("version", "heard"), [("4.3", ["wild"]), ("5", ["none"])])
def test_nobody_to_ring(version: str, heard: list[str]) -> None:
    """Unknown users have no phones; 5 has a child of its own for that."""
    flow = with_children(node("user", id="u"), NO_ENDPOINTS=said("none"), wild=said("wild"))
    assert play(flow, version, callees={"u": Callee("missing")}).ends().heard == heard


def test_after_the_conversation() -> None:
    """after_bridge sends the caller on when the callee hangs up."""
    flow = node("after_bridge", node("user", id="u"), action="transfer", data="2001")
    world: Any = {"callees": {"u": Callee("answers", talk_s=5)}, "callflows": {"2001": said("survey")}}
    play(flow, **world).talks_to("u").hears("survey").ends()


# --- dialogues and the rest ----------------------------------------------------------------------

MENU = {"m": {"media": {"greeting": "welcome"}, "retries": 2, "timeout": 3000, "max_extension_length": 1}}


@pytest.mark.parametrize(
    ("keys", "heard"),
    [
        ("1", ["welcome", "one"]),
        ("9", ["welcome", "menu-invalid_entry", "welcome"]),
        ("", ["welcome", "welcome"]),
    ],
)
def test_a_stored_menu(keys: str, heard: list[str]) -> None:
    """Digits choose the child; others are asked again; silence too."""
    flow = with_children(node("menu", id="m"), **{"1": said("one")}, wild=said("wild"))
    call = play(flow, documents=MENU).presses(keys).ends()
    assert call.heard[: len(heard)] == heard
    if keys != "1":
        assert call.heard[-1] == "wild"


def test_keys_of_a_dialogue_are_no_collection() -> None:
    """What a caller keys in a menu, over its greeting or after it, never shows in Digits."""
    target = Scripted([Answer(200, b'{"module":"hangup"}', JSON)])
    kazoo = Simulator(target, path="/p", documents=MENU)
    flow = with_children(node("menu", id="m"), **{"1": kazoo.pivot()})
    for during in (True, False):
        request = kazoo.call(flow=flow).presses("1", during=during).ends().requests[0]
        assert "Digits" not in request.parameters
    assert kazoo.call(flow=flow).presses("#", during=True).hears("welcome").heard == ["welcome", "welcome"]


def test_voicemail_takes_a_message_and_goes_on() -> None:
    """Greeting, recording until a key, then the wildcard child."""
    call = (
        play(node("voicemail", said("bye"), id=BOX)).hears("person_not_available").presses("#").hears("saved")
    )
    assert call.hears("bye").ends()
    assert (
        play(node("voicemail", said("bye"), id=BOX), failing=frozenset({BOX}))
        .hears("not_available")
        .hears("bye")
    )


def test_an_ad_hoc_conference_is_muted() -> None:
    """The schema's default mutes members unless the config says otherwise."""
    muted = (
        play(node("conference", config={"name": "daily"})).talks_to("conference:daily").waits(5).hangs_up()
    )
    assert "the caller is muted" in muted.ladder()
    open_ = play(node("conference", config={"name": "daily", "member": {"join_muted": False}}))
    assert "the caller is muted" not in open_.talks_to("conference:daily").ladder()


def test_a_queue() -> None:
    """Hold music until an agent answers, or the exit key."""
    play(node("acdc_member", id="q")).hears("queue q").answered(talk_s=3).talks_to("queue:q").ends(
        by="callee"
    )
    assert play(node("acdc_member", said("left"), id="q")).presses("#").hears("left")


def test_parking() -> None:
    """The slot is said, hold music plays, and nobody comes."""
    call = play(with_children(node("park", slot="7"), **{"7": said("still there")})).hears("spot 7")
    call.hears("parked in 7").hears("still there")
    play(node("park")).hears("parked").answered(talk_s=2).talks_to("parked:101").ends()


def test_a_directory() -> None:
    """Digits find a person, 0 leaves, an unknown directory is a crash."""
    world: Any = {"documents": {"d": {"entries": {"426": "ham"}}}, "callflows": {"ham": said("Hamilton")}}
    play(node("directory", id="d"), **world).hears("enter_person").presses("426").hears("Hamilton").ends()
    play(node("directory", said("out"), id="d"), **world).presses("0").hears("out")
    assert play(node("directory", said("out"), id="x")).ends().heard == ["out"]


def test_call_pickup_without_a_call_crashes() -> None:
    """KAZOO 5: the wildcard child runs."""
    assert play(node("call_pickup", said("nobody")), "5").ends().heard == ["nobody"]


def test_disa() -> None:
    """PIN, dial tone, number."""
    call = play(node("disa", pin="12"), callees={"+14155550199": Callee("answers", talk_s=1)})
    call.hears("enter_pin").presses("99").hears("invalid").presses("12").hears("dial tone").presses(
        "4155550199"
    )
    call.rings("number:4155550199")


@pytest.mark.parametrize(
    ("flow", "heard"),
    [
        (with_children(node("check_cid", regex=r"^\+1415"), match=said("m"), nomatch=said("n")), ["m"]),
        (with_children(node("check_cid", regex="^anon"), match=said("m"), nomatch=said("n")), ["n"]),
        (with_children(node("check_cid", regex="("), match=said("m"), wild=said("w")), ["w"]),
        (with_children(node("check_cid", use_absolute_mode=True), **{"+14155550100": said("me")}), ["me"]),
        (with_children(node("temporal_route"), open=said("open"), wild=said("closed")), ["open"]),
        (with_children(node("temporal_route"), night=said("night"), wild=said("closed")), ["closed"]),
        (with_children(node("temporal_route", action="reset"), open=said("open"), wild=said("w")), ["w"]),
        (with_children(node("nomorobo", username="u"), **{"0": said("zero")}), ["zero"]),
        (with_children(node("cidlistmatch", id="vips"), match=said("vip"), wild=said("w")), ["vip"]),
        (with_children(node("acdc_wait_time", id="q"), **{"60": said("1"), "120": said("2")}), ["1"]),
        (with_children(node("acdc_wait_time", id="q"), soon=said("1"), wild=said("w")), ["w"]),
    ],
)
def test_silent_branches(flow: dict[str, Any], heard: list[str]) -> None:
    """Branches on the caller, on time rules, on lists and on waiting times."""
    documents = {"open": {"active": True}, "vips": {"numbers": ["+14155550100"]}, "q": {"value": 90}}
    assert play(flow, documents=documents).ends().heard == heard


def test_response_refuses_the_call() -> None:
    """A SIP code and its cause, after an optional recording; the caller is not charged."""
    call = (
        play(node("response", code=603, message="No", media="closed")).hears("closed").ends("CALL_REJECTED")
    )
    assert call.ended is not None
    assert (call.ended.sip_code, call.ended.billing_s) == (603, 0)


def test_transfer() -> None:
    """A transfer to a stored callflow runs it; others leave the simulator's sight."""
    play(node("transfer", target="2001"), callflows={"2001": said("moved")}).hears("moved").ends()
    play(node("transfer", target="2002")).talks_to("transfer:2002").hangs_up().ends(by="caller")


def test_dead_air_and_waiting() -> None:
    """Silence until the caller gives up."""
    play(node("dead_air")).dead_air().waits(30).hangs_up().ends("NORMAL_CLEARING", by="caller")
    play(node("wait_for_hangup"), "5").dead_air().hangs_up().ends("ORIGINATOR_CANCEL")


def test_a_serverless_pivot_of_5() -> None:
    """The document in the node is executed, nothing is sent."""
    data = {"flow_doc": said("from the node"), "flow_type": "application/json"}
    call = play({"module": "pivot", "data": {"serverless": data}}, "5").hears("from the node").ends()
    assert call.requests == []


@pytest.mark.parametrize("name", ["call_forward", "call_waiting", "do_not_disturb"])
def test_feature_codes_need_a_user(name: str) -> None:
    """A user hears a confirmation and the flow goes on; anybody else is told so and hung up."""
    kazoo = Simulator(InProcess({}))
    flow = node(name, said("next"), action="activate")
    assert kazoo.call("1001", flow=flow, user_ids=("ann",)).ends().heard[-1] == "next"
    assert kazoo.call(flow=flow).hears("not_available").ends().heard == [f"{name}-not_available"]


@pytest.mark.parametrize(("version", "heard"), [("4.3", ["cf-cannot_be_completed"]), ("5", ["next"])])
def test_features_that_need_a_captured_number(version: str, heard: list[str]) -> None:
    """Without one, 4.3 ends the call and 5 goes on."""
    assert play(node("privacy", said("next")), version).ends().heard == heard


def test_passed_through_modules_are_said_so() -> None:
    """What the caller does not notice is noted on the ladder."""
    call = play(node("record_call", said("next"), action="start")).ends()
    assert "passed through" in call.ladder()
    assert call.heard == ["next"]
