// The ladder: one line per event, one card per exchange with the application.

import { element, icon } from "./dom.js";
import { jsonView } from "./json-view.js";

const ICONS = {
  call_started: "phone",
  audio_started: "speech",
  key_pressed: "key",
  collect_started: "wait",
  ringing_started: "ring",
  bridged: "talk",
  dead_air: "silence",
  call_ended: "end",
  fallback_taken: "back",
};
const VERDICTS = {
  flow: ["good", "valid"],
  fallback: ["bad", "fallback"],
  wait_then_fallback: ["bad", "fallback after 10 s"],
  hangup: ["bad", "hang-up"],
  dead_air: ["bad", "dead air"],
  twiml: ["doubt", "TwiML"],
};

const MAX_SHOWN = 100_000;
const MAX_KEYS = 4;

export class Ladder {
  #list;
  #summary;
  #nameOf;
  #exchanges = new Map();
  #events = [];
  #unfolded = false;

  constructor(list, summary, nameOf) {
    this.#list = list;
    this.#summary = summary;
    this.#nameOf = nameOf;
  }

  /** Every event of the call, as received. */
  get events() {
    return this.#events;
  }

  clear() {
    this.#list.replaceChildren();
    this.#exchanges.clear();
    this.#events = [];
    this.#summary.textContent = "";
  }

  /** Open or close every exchange, those to come too. */
  unfold(open) {
    this.#unfolded = open;
    for (const { card } of this.#exchanges.values()) card.open = open;
  }

  add(event, lines) {
    this.#events.push(event);
    const follows = this.#atEnd();
    if (event.kind === "call_started") this.#started(event);
    else if (event.kind === "hook_posted") this.#hook(event, lines[0].text);
    else if ("exchange" in event) this.#exchange(event);
    else for (const line of lines) this.#line(event, line);
    this.#summarize();
    if (follows) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** Whether the reader is at the newest line; a reader who scrolled back is not moved. */
  #atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  #started(event) {
    const who = event.caller_name === "unknown" ? event.caller : `${event.caller_name}, ${event.caller},`;
    this.#row(
      event,
      "kazoo",
      "phone",
      element("div", {}, `${who} calls ${event.dialled}`),
      element("div", { className: "faint" }, `KAZOO ${event.kazoo}, Call-ID ${event.call_id}`),
    );
  }

  #line(event, { side, text }) {
    const kind = event.kind === "audio_started" && event.source === "hold_music" ? "music" : ICONS[event.kind];
    this.#row(event, side, kind ?? (side === "wrong" ? "warn" : "step"), this.#named(text));
  }

  #hook(event, text) {
    this.#row(event, "server", "ask", element("div", {}, text), fold("What it said", jsonView(event.payload)));
  }

  #row(event, side, mark, ...what) {
    this.#list.append(
      element(
        "li",
        { className: `row ${side}`, data: { kind: event.kind } },
        time(event.at_ms),
        element("span", { className: "mark" }, icon(mark)),
        element("div", { className: "what" }, ...what),
      ),
    );
  }

  /** Put names for ids into a line. */
  #named(text) {
    return text.replace(/\b(?:user|device|group|number):[^\s,]+/g, (endpoint) => this.#nameOf(endpoint));
  }

  #exchange(event) {
    const parts = this.#exchanges.get(event.exchange) ?? this.#card(event);
    if (event.kind === "request_sent") this.#request(parts, event);
    else if (event.kind === "answer_received") this.#answer(parts, event);
    else if (event.kind === "request_failed") this.#failure(parts, event);
    else if (event.kind === "answer_judged") this.#judgement(parts, event);
  }

  #card(event) {
    const method = element("span", { className: "method" });
    const path = element("span", { className: "path" });
    const chips = element("span", { className: "chips" });
    const modules = element("span", { className: "modules" }, "asking…");
    const marks = element("span", { className: "marks" });
    const request = element("section", { className: "side" });
    const answer = element("section", { className: "side" });
    const card = element(
      "details",
      { className: "card", open: this.#unfolded },
      element("summary", {}, element("span", { className: "first" }, method, path, chips), modules, marks),
      element("div", { className: "sides" }, request, answer),
    );
    this.#row({ ...event, kind: "exchange" }, "exchange", "ask", card);
    const parts = { card, method, path, chips, modules, marks, request, answer, unseen: [] };
    card.addEventListener("toggle", () => this.#see(parts));
    this.#exchanges.set(event.exchange, parts);
    return parts;
  }

  /** Build what an opened card shows; of a closed one nothing is built. */
  #see(parts) {
    if (parts.card.open) for (const build of parts.unseen.splice(0)) build();
  }

  #later(parts, build) {
    parts.unseen.push(build);
    this.#see(parts);
  }

  #request(parts, event) {
    parts.method.textContent = event.method;
    parts.path.textContent = pathOf(event.url);
    parts.card.classList.add("waiting");
    this.#later(parts, () =>
      parts.request.append(
        element("h3", {}, "Request"),
        element("p", { className: "url" }, `${event.method} ${event.url}`),
        jsonView(event.parameters),
        headers(event.headers),
        ...raw(event.body),
      ),
    );
  }

  #answer(parts, event) {
    parts.card.classList.remove("waiting");
    parts.chips.append(chip(event.status === 200 ? "neutral" : "bad", String(event.status)), chip("neutral", `${event.took_ms} ms`));
    const flow = parsed(event.body);
    parts.modules.textContent = flow === undefined ? "an answer that is not JSON" : modulesOf(flow);
    this.#later(parts, () =>
      parts.answer.append(
        element("h3", {}, "Answer"),
        element("p", { className: "url" }, `${event.status}, ${contentType(event.headers)}`),
        flow === undefined ? element("pre", {}, shortened(event.body) || "(empty)") : jsonView(flow),
        headers(event.headers),
        ...(flow === undefined ? [] : raw(event.body)),
      ),
    );
  }

  #failure(parts, event) {
    parts.card.classList.remove("waiting");
    parts.chips.append(chip("bad", event.failure), chip("neutral", `${event.took_ms} ms`));
    parts.modules.textContent = event.message;
    parts.answer.append(element("h3", {}, "Answer"), element("p", { className: "none" }, `None: ${event.message}`));
  }

  #judgement(parts, event) {
    parts.card.classList.remove("waiting");
    if (!parts.method.textContent) parts.modules.textContent = "a flow in the node itself, without a request";
    const [tone, word] = VERDICTS[event.outcome] ?? ["bad", event.outcome];
    parts.chips.append(chip(tone, word));
    if (event.warnings.length) parts.chips.append(chip("doubt", counted(event.warnings.length, "warning")));
    const found = [];
    if (event.outcome !== "flow") found.push(mark("bad", event.rule));
    found.push(...event.problems.map((problem) => mark("bad", problem)), ...event.warnings.map((warning) => mark("doubt", warning)));
    parts.marks.replaceChildren(...found);
    parts.card.classList.toggle("rejected", event.outcome !== "flow");
  }

  #summarize() {
    const asked = this.#events.filter((event) => event.kind === "request_sent").length;
    const took = this.#events.filter((event) => event.kind === "answer_received").map((event) => event.took_ms);
    const judged = this.#events.filter((event) => event.kind === "answer_judged");
    const rejected = judged.filter((event) => event.outcome !== "flow").length;
    const warnings = judged.reduce((sum, event) => sum + event.warnings.length, 0);
    const words = asked ? [counted(asked, "request")] : [];
    if (took.length) words.push(`slowest ${Math.max(...took)} ms`);
    if (rejected) words.push(`${rejected} rejected`);
    if (warnings) words.push(counted(warnings, "warning"));
    const text = words.join(", ");
    if (this.#summary.textContent !== text) this.#summary.textContent = text;
  }
}

const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
const time = (ms) => element("span", { className: "time" }, (ms / 1000).toFixed(2));
const chip = (tone, text) => element("span", { className: `chip ${tone}` }, text);
const mark = (tone, text) => element("span", { className: tone }, icon("warn"), element("span", {}, text));

function headers(list) {
  return fold(
    counted(list.length, "header"),
    element("dl", { className: "headers" }, ...list.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
  );
}

const raw = (body) => (body ? [fold("As sent", element("pre", {}, shortened(body)))] : []);
const shortened = (text) => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
const fold = (title, inside) => element("details", { className: "fold" }, element("summary", {}, title), inside);

function pathOf(url) {
  try {
    return new URL(url).pathname;
  } catch {
    return url;
  }
}

const contentType = (list) => list.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "no content type";

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The modules along the wildcard children, with the other children's keys: tts › collect_dtmf › pivot. */
function modulesOf(node) {
  const names = [];
  while (node && typeof node === "object" && "module" in node && names.length < 50) {
    const others = Object.keys(node.children ?? {}).filter((key) => key !== "_");
    const keys = others.length > MAX_KEYS ? `${others.length} children` : others.join(", ");
    names.push(`${node.module}${keys && ` (${keys})`}`);
    node = node.children?._;
  }
  return names.length ? names.join(" › ") : "not a flow";
}
