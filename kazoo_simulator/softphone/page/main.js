// Wires the page: form, keypad and buttons to the simulator, its events to speech, screen and ladder.

import { IDLE, next } from "./call-state.js";
import { byId, element, icon, minutes } from "./dom.js";
import { SpeechOutput } from "./speech.js";
import { Ladder } from "./ladder.js";
import { connect } from "./line.js";
import { Tones } from "./tones.js";

const OTHER = "other";
const KEYS = [
  ["1", ""], ["2", "ABC"], ["3", "DEF"],
  ["4", "GHI"], ["5", "JKL"], ["6", "MNO"],
  ["7", "PQRS"], ["8", "TUV"], ["9", "WXYZ"],
  ["*", ""], ["0", "+"], ["#", ""],
];

const config = await (await fetch("/config.json")).json();
const tones = new Tones();
const ladder = new Ladder(byId("rows"), byId("summary"), nameOf);
const speech = new SpeechOutput(tones, (audio) => line.say({ type: "audio_finished", audio }));
const line = connect({ heard, changed: connected });

let state = IDLE;
let placed = null;
let clock = { atMs: 0, read: 0, runs: false, real: true };

// --- what is there to choose ------------------------------------------------------------------------

function nameOf(endpoint) {
  const separator = endpoint.indexOf(":");
  const [kind, id] = separator < 0 ? ["", endpoint] : [endpoint.slice(0, separator), endpoint.slice(separator + 1)];
  if (Object.hasOwn(config.names, id)) return config.names[id];
  if (kind === "number") return id;
  return id.length > 12 ? `${kind} ${id.slice(0, 6)}…` : `${kind} ${id}`.trim();
}

function fillSetup() {
  byId("target").textContent = config.title;
  document.title = `Softphone: ${config.title}`;
  byId("numbers").append(
    ...config.numbers.map(({ number, title, path }) => {
      const button = element(
        "button",
        { type: "button", className: "number-choice" },
        element("strong", {}, title || path),
        element("span", {}, number),
      );
      button.addEventListener("click", () => {
        byId("number").value = number;
        showAnswering();
      });
      return button;
    }),
  );
  byId("caller").append(
    ...config.callers.map(({ number, name }, position) =>
      element("option", { value: String(position) }, name ? `${name}, ${number || "withheld"}` : number || "Withheld number"),
    ),
    element("option", { value: OTHER }, "Somebody else…"),
  );
  byId("language").append(
    ...Object.entries(config.languages).map(([code, name]) => element("option", { value: code }, name)),
  );
  byId("number").value = config.numbers[0].number;
  document.querySelector(`[name=kazoo][value="${config.kazoo}"]`).checked = true;
  for (const [key, letters] of KEYS) {
    const button = element(
      "button",
      { type: "button", data: { key }, "aria-label": { "*": "star", "#": "pound" }[key] ?? key },
      element("span", { className: "digit" }, key),
      element("span", { className: "letters", "aria-hidden": "true" }, letters),
    );
    button.addEventListener("click", () => press(key));
    byId("keypad").append(button);
  }
  showCaller();
  showAnswering();
  recall();
}

function showCaller() {
  const caller = chosenCaller();
  for (const field of document.querySelectorAll("[data-other]")) field.hidden = Boolean(caller);
  if (caller && config.languages[caller.language]) byId("language").value = caller.language;
  byId("note").textContent = caller?.note ?? "";
  byId("note").hidden = !caller?.note;
}

const chosenCaller = () => (byId("caller").value === OTHER ? null : config.callers[Number(byId("caller").value)]);

function party(number) {
  const title = config.numbers.find((entry) => entry.number === number)?.title;
  return title ? [title, " ", element("span", {}, number)] : [number];
}

const chosen = (name) => document.querySelector(`[name=${name}]:checked`).value;

function showAnswering() {
  const number = byId("number").value;
  const known = config.numbers.find((entry) => entry.number === number);
  byId("answers").textContent = number ? `asks ${(known ?? config.numbers[0]).path}` : "";
  for (const choice of byId("numbers").children) {
    choice.setAttribute("aria-pressed", String(choice.lastChild.textContent === number));
  }
}

// --- what the person does ---------------------------------------------------------------------------

function place(event) {
  event?.preventDefault();
  if (state.phase === "up") return;
  tones.wake();
  const caller = chosenCaller() ?? { number: byId("caller-number").value.trim(), name: byId("caller-name").value.trim() };
  placed = {
    type: "call",
    caller: caller.number,
    caller_name: caller.name,
    dialled: byId("number").value.trim(),
    kazoo: chosen("kazoo"),
    language: byId("language").value,
    speed: chosen("speed"),
    callee: byId("callee").value,
  };
  if (line.say(placed)) ladder.clear();
}

function press(key) {
  tones.wake();
  tones.key(key);
  flash(key);
  if (state.phase === "up") line.say({ type: "press", key });
  else if (state.phase === "idle") {
    byId("number").value += key;
    showAnswering();
  }
}

function flash(key) {
  const button = byId("keypad").querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 150);
}

function hangUp() {
  line.say({ type: "hang_up" });
}

function back() {
  state = IDLE;
  show();
  byId("number").focus();
}

function typed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest?.("input:not([type=radio]), select, textarea");
  if (event.key === "Escape" && state.phase === "up" && !field) hangUp();
  else if (/^[0-9*#]$/.test(event.key) && !field && state.phase !== "ended") {
    event.preventDefault();
    press(event.key);
  } else if (event.key === "Backspace" && !field && state.phase === "idle") {
    byId("number").value = byId("number").value.slice(0, -1);
    showAnswering();
  }
}

// --- what happens -----------------------------------------------------------------------------------

function heard(message) {
  if (message.type === "event") happened(message.event, message.lines);
  else if (message.type === "state") stands(message);
  else if (message.type === "session") download(message.session);
  else if (message.type === "error") failed(message);
}

function happened(event, lines) {
  ladder.add(event, lines);
  const before = state;
  state = next(state, event, nameOf);
  if (event.kind === "call_started") {
    byId("captions").replaceChildren();
    clock = { atMs: 0, read: performance.now(), runs: true, real: true };
    tones.ringback();
  } else if (event.kind === "answered") tones.silence();
  else if (event.kind === "audio_started") {
    tones.silence();
    speech.hear(event);
    caption(event);
  } else if (event.kind === "audio_stopped") speech.silence(event.audio);
  else if (event.kind === "key_pressed") keyCaption(event);
  else if (event.kind === "ringing_started") tones.ringback();
  else if (event.kind === "ringing_ended" || event.kind === "bridged") tones.silence();
  else if (event.kind === "call_ended") {
    speech.silence();
    tones.ended();
    clock = { atMs: event.at_ms, read: 0, runs: false, real: true };
  }
  if (state !== before) show(before);
}

function stands({ at_ms: atMs, listens, legs, bridged, ended }) {
  byId("save").disabled = !ended;
  const real = legs || !(listens === "" || listens === "prompt");
  if (!ended) clock = { atMs, read: performance.now(), runs: true, real };
  const other = byId("other-side");
  const ringing = legs && !bridged;
  other.hidden = !legs || ended;
  byId("other-text").textContent = bridged ? `You talk to ${nameOf(bridged)}` : "What does the other side do?";
  for (const button of other.querySelectorAll("button")) {
    button.hidden = button.dataset.when !== (ringing ? "ringing" : "bridged");
  }
}

function failed({ message, ended }) {
  byId("captions").append(element("p", { className: "caption failed" }, message));
  if (ended) {
    const before = state;
    state = { ...state, phase: "ended", icon: "warn", line: "The simulator failed", detail: message, bad: true };
    speech.silence();
    tones.silence();
    clock.runs = false;
    show(before);
  }
}

function connected(is) {
  byId("connection").hidden = is;
  byId("connection").textContent = is ? "" : "The softphone's server is gone. Waiting for it to come back…";
  byId("call").disabled = byId("again").disabled = !is;
  if (!is && state.phase === "up") failed({ message: "the connection to the softphone's server was lost", ended: true });
}

// --- what is shown ----------------------------------------------------------------------------------

function caption(event) {
  const text = event.source === "speech" ? event.text : `${event.source.replace("_", " ")}: ${event.text}`;
  const made = element("p", { className: `caption ${event.source}` }, text);
  if (event.language) made.lang = event.language;
  say(made);
}

function keyCaption(event) {
  const last = byId("captions").lastElementChild;
  if (last?.classList.contains("keys")) last.lastChild.textContent += ` ${event.key}`;
  else say(element("p", { className: "caption keys" }, "You pressed ", element("span", {}, event.key)));
}

function say(made) {
  const captions = byId("captions");
  captions.append(made);
  while (captions.childElementCount > 200) captions.firstElementChild.remove();
  captions.scrollTop = captions.scrollHeight;
}

function show(before = state) {
  const { phase } = state;
  byId("phone").dataset.phase = phase;
  byId("phone").classList.toggle("bad", Boolean(state.bad));
  byId("setup").hidden = phase !== "idle";
  byId("call-screen").hidden = phase === "idle";
  byId("call").hidden = phase !== "idle";
  byId("hang-up").hidden = phase !== "up";
  byId("again").hidden = byId("back").hidden = phase !== "ended";
  for (const key of byId("keypad").children) key.disabled = phase === "ended";
  if (phase === "ended") byId("other-side").hidden = true;
  const hasRungs = ladder.events.length > 0;
  byId("empty").hidden = hasRungs;
  byId("unfold").disabled = !hasRungs;
  if (placed) byId("party").replaceChildren(...party(placed.dialled));
  if (byId("state-text").textContent !== state.line) byId("state-text").textContent = state.line;
  byId("state-icon").replaceChildren(icon(state.icon));
  byId("detail").textContent = state.detail;
  // The button that had the focus is gone: keep the keyboard where the call is.
  if (phase !== before.phase && phase === "up") byId("party").focus({ preventScroll: true });
  if (phase !== before.phase && phase === "ended") byId("again").focus({ preventScroll: true });
}

function tick() {
  const factor = chosen("speed") === "4" && !clock.real ? 4 : 1;
  const passed = clock.runs ? (performance.now() - clock.read) * factor : 0;
  byId("clock").textContent = minutes(clock.atMs + passed);
}

function download(session) {
  const file = new Blob([JSON.stringify(session, null, 1)], { type: "application/json" });
  const link = element("a", { href: URL.createObjectURL(file), download: "call.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// --- what is remembered -----------------------------------------------------------------------------

function sound(on) {
  speech.sound = on;
  byId("sound").setAttribute("aria-pressed", String(on));
  byId("sound-icon").replaceChildren(icon(on ? "speech" : "muted"));
  remember("sound", on ? "on" : "off");
}

function speed(value) {
  speech.speed = value;
  line.say({ type: "speed", speed: value });
  remember("speed", value);
}

function remember(name, value) {
  try {
    localStorage.setItem(`softphone.${name}`, value);
  } catch {
    // A browser that keeps nothing loses only a preference.
  }
}

function recall() {
  const kept = (name) => {
    try {
      return localStorage.getItem(`softphone.${name}`);
    } catch {
      return null;
    }
  };
  sound(kept("sound") !== "off");
  const chosenSpeed = [...document.querySelectorAll("[name=speed]")].find((choice) => choice.value === kept("speed"));
  if (chosenSpeed) {
    chosenSpeed.checked = true;
    speech.speed = chosenSpeed.value;
  }
}

byId("setup").addEventListener("submit", place);
byId("again").addEventListener("click", place);
byId("hang-up").addEventListener("click", hangUp);
byId("back").addEventListener("click", back);
byId("number").addEventListener("input", showAnswering);
byId("caller").addEventListener("change", showCaller);
byId("sound").addEventListener("click", () => sound(byId("sound").getAttribute("aria-pressed") !== "true"));
byId("save").addEventListener("click", () => line.say({ type: "record" }));
byId("callee").addEventListener("change", () => line.say({ type: "callee", callee: byId("callee").value }));
byId("unfold").addEventListener("click", () => {
  const open = byId("unfold").getAttribute("aria-pressed") !== "true";
  byId("unfold").setAttribute("aria-pressed", String(open));
  byId("unfold").textContent = open ? "Close all" : "Open all";
  ladder.unfold(open);
});
for (const choice of document.querySelectorAll("[name=speed]")) {
  choice.addEventListener("change", () => speed(choice.value));
}
for (const button of document.querySelectorAll("[data-news]")) {
  button.addEventListener("click", () => line.say({ type: "leg", news: button.dataset.news }));
}
document.addEventListener("keydown", typed);
// The newest caption stays in sight when the other side's buttons take some of the room.
new ResizeObserver(() => { byId("captions").scrollTop = byId("captions").scrollHeight; }).observe(byId("captions"));
setInterval(tick, 250);
fillSetup();
show();
document.body.dataset.ready = "yes";
