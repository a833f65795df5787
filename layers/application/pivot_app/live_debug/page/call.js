// One call as a ladder: what KAZOO asked, what was decided, what was answered, what the caller heard and pressed.

import { copy, download, h } from "./dom.js";
import { clock, count, iso, outcome, reason, since, took } from "./format.js";
import { chip } from "./list.js";
import { json, tree } from "./tree.js";

/** Everything about a call; `tools` asks for what is only fetched when wanted: session and kazooLog. */
export function callView(call, tools) {
  const [first] = call.exchanges;
  const last = call.exchanges.at(-1);
  const ladder = h("ol", { class: "ladder" });
  appendExchanges(ladder, call.exchanges, 0);
  return h("article", { class: "one-call" },
    h("a", { class: "back", href: tools.backTo }, "← All calls"),
    h("header", { class: "call-head" },
      h("h2", { tabindex: "-1" },
        h("bdi", {}, first.caller || "no number"), h("span", { class: "to" }, " called "), h("bdi", {}, first.dialled || "?")),
      h("dl", { class: "about" },
        about("Name", h("bdi", {}, first.caller_name || "none")),
        about("Began", h("time", { datetime: iso(first.received_ms), title: iso(first.received_ms) }, clock(first.received_ms))),
        about("Requests", String(call.exchanges.length)),
        about("Last after", since(last.received_ms - first.received_ms)),
        about("KAZOO", first.kazoo_version),
        about("Language", first.language || "not said"),
        about("Call-ID", h("code", { class: "call-id" }, call.call_id))),
      first.masked ? h("p", { class: "note" }, "This account masks telephone numbers: a replayed call needs the caller's own.") : null,
      h("div", { class: "actions" },
        button("Copy as a test", (self) => copy(self, call.as_test)),
        button("Download session", async (self) => save(self, tools.session)),
        button("Copy Call-ID", (self) => copy(self, call.call_id)),
        tools.kazooLog ? button("Compare with KAZOO's log", (self) => compare(self, tools.kazooLog)) : null)),
    h("div", { class: "lanes", "aria-hidden": "true" }, h("span", {}, "Caller"), h("span", {}, "KAZOO"), h("span", {}, "Callback")),
    ladder,
    call.complete ? null : h("p", { class: "note" }, `Only the first ${call.exchanges.length} requests of this call are shown.`));
}

function about(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

/** Add the exchanges of a call that were not shown yet. */
export function appendExchanges(ladder, exchanges, from) {
  const began = exchanges[0].received_ms;
  for (const [offset, exchange] of exchanges.slice(from).entries()) {
    const number = from + offset;
    const steps = [
      number === 0 ? step("caller", "kazoo", ["calls ", h("bdi", {}, exchange.dialled)]) : null,
      request(exchange, number, began),
      decision(exchange),
      answer(exchange),
      heard(exchange),
    ];
    ladder.append(...steps.filter(Boolean));
  }
}

/** What was pressed after an exchange is known once the next one is there. */
export function pressedAfter(ladder, exchanges) {
  const lists = ladder.querySelectorAll(".step.heard .pressed");
  exchanges.forEach((exchange, index) => lists[index]?.replaceChildren(...pressed(exchange)));
}

function request(exchange, number, began) {
  const size = Object.keys(exchange.parameters).length;
  return step("kazoo", "callback", `asks ${exchange.callback}`,
    h("span", { class: "facts" }, `${exchange.method} ${exchange.path}, ${since(exchange.received_ms - began)}`),
    more(`What was received: ${count(size, "parameter")}`, () => [
      values(exchange.parameters),
      Object.keys(exchange.query).length ? [h("h4", {}, "The voice_url's own query"), values(exchange.query)] : null,
      Object.keys(exchange.headers).length ? [h("h4", {}, "Headers"), values(exchange.headers)] : null,
      cut(exchange, ["parameters", "query", "headers"]),
      h("div", { class: "actions" },
        button("Copy as curl", (self) => copy(self, exchange.as_curl)),
        button("Copy event", (self) => copy(self, JSON.stringify(exchange.as_event, null, 2))),
        button("Download event", () => download(`${exchange.callback}-${number}.event.json`, JSON.stringify(exchange.as_event, null, 2)))),
      h("p", { class: "note" }, "The token is not stored: curl takes it from PIVOT_TOKEN, and so does ",
        h("code", {}, "envsubst '$PIVOT_TOKEN' < event.json | sam local invoke -e - FUNCTION")),
    ]));
}

function decision(exchange) {
  const before = exchange.state_before;
  const after = exchange.state_after;
  const changed = JSON.stringify(before) !== JSON.stringify(after);
  const failed = exchange.outcome === "fallback" || exchange.outcome === "refused";
  return h("li", { class: "step decision" }, h("div", { class: "card" },
    failed ? h("div", { class: `banner ${exchange.outcome}` },
      h("strong", {}, `${outcome(exchange.outcome)}: ${reason(exchange.reason || "no reason given")}`),
      h("code", { class: "reason" }, exchange.reason),
      exchange.error ? h("p", {}, exchange.error) : null) : null,
    h("h3", {}, "Decision", exchange.cold_start ? h("span", { class: "tag" }, "cold start") : null),
    exchange.explanations.length
      ? h("ol", { class: "why" }, exchange.explanations.map((each) => h("li", {},
        h("span", { class: "kind" }, String(each.kind).replaceAll("_", " ")), facts(each.facts ?? {}))))
      : h("p", { class: "note" }, "The callback did not explain itself."),
    timings(exchange.timings_us),
    marks("Validation problems", exchange.problems), marks("Lint marks", exchange.lint),
    changed || Object.keys(before).length ? more(changed ? "State, before and after" : "State, unchanged", () => diff(before, after)) : null,
    cut(exchange, ["explanations", "problems", "lint", "state_before", "state_after"])));
}

function answer(exchange) {
  return step("callback", "kazoo", `answers ${exchange.status}`,
    h("span", { class: "facts" }, chip(exchange), exchange.answer_bytes ? ` ${exchange.answer_bytes} bytes` : null),
    more("What was returned", () => exchange.flow
      ? tabs([["Tree", () => tree(exchange.flow)], ["JSON", () => [
        h("div", { class: "actions" }, button("Copy JSON", (self) => copy(self, JSON.stringify(exchange.flow, null, 2)))),
        json(exchange.flow)]]])
      : h("p", { class: "note" }, "No callflow is stored with this answer."), cut(exchange, ["flow"])));
}

function heard(exchange) {
  if (!exchange.told.length && !Object.keys(exchange.pressed_next).length) return null;
  return h("li", { class: "step heard" }, h("div", { class: "card caller" },
    h("h3", {}, "The caller"),
    h("ul", { class: "told" }, exchange.told.map((line) => h("li", { class: line.startsWith("“") ? "says" : "" }, h("bdi", {}, line)))),
    h("div", { class: "pressed" }, pressed(exchange))));
}

function pressed(exchange) {
  return Object.entries(exchange.pressed_next).map(([collection, digits]) => h("p", {},
    digits ? ["presses ", Array.from(digits, (digit) => h("kbd", {}, digit))] : "presses nothing",
    collection === "default" ? null : h("span", { class: "facts" }, ` for ${collection}`)));
}

function step(from, to, label, ...rest) {
  return h("li", { class: `step ${from}-${to}` },
    h("div", { class: "arrow" },
      h("span", { class: "unseen" }, `${from} to ${to}: `),
      h("span", { class: "label" }, h("span", {}, label), " ", rest[0])),
    rest.length > 1 ? h("div", { class: "card" }, rest.slice(1)) : null);
}

/** Details whose content is only made when they are opened. */
function more(title, make) {
  const box = h("details", {}, h("summary", {}, title));
  box.addEventListener("toggle", () => { if (box.open && box.childElementCount === 1) box.append(h("div", { class: "inside" }, make())); });
  return box;
}

function tabs(choices) {
  const body = h("div", { class: "tab-body" });
  const buttons = choices.map(([name, make], index) => h("button", {
    type: "button", class: "tab", "aria-pressed": String(index === 0),
    onclick: () => {
      buttons.forEach((other, place) => other.setAttribute("aria-pressed", String(place === index)));
      body.replaceChildren(...[make()].flat());
    },
  }, name));
  body.append(...[choices[0][1]()].flat());
  return h("div", { class: "tabs" }, h("div", { class: "tab-row", role: "group", "aria-label": "Show the answer as" }, buttons), body);
}

function values(object) {
  return h("dl", { class: "values" }, Object.entries(object).map(([name, value]) => [
    h("dt", {}, name),
    h("dd", {}, value !== null && typeof value === "object"
      ? (Object.keys(value).length ? values(value) : h("span", { class: "none" }, "empty"))
      : value === "" ? h("span", { class: "none" }, "empty") : String(value)),
  ]));
}

function facts(object) {
  return h("dl", { class: "facts-list" }, Object.entries(object).map(([name, value]) => [
    h("dt", {}, name.replace(/_micros$/, "").replaceAll("_", " ")), h("dd", {}, fact(name, value)),
  ]));
}

function fact(name, value) {
  // Money is whole micro-units of the account's currency.
  if (name.endsWith("_micros") && Number.isInteger(value)) return (value / 1_000_000).toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function timings(all) {
  const total = all.total ?? Object.values(all).reduce((sum, each) => sum + each, 0);
  const phases = Object.entries(all).filter(([name]) => name !== "total");
  if (!total) return null;
  return h("div", { class: "timings" },
    h("p", {}, h("span", { class: "unseen" }, "It took "), took(total)),
    h("ol", {}, phases.map(([name, us]) => {
      const meter = h("meter", { min: "0", max: total, value: us, "aria-hidden": "true" });
      return h("li", {}, h("span", {}, name.replaceAll("_", " ")), meter, h("span", { class: "facts" }, took(us)));
    })));
}

function marks(title, found) {
  if (!found.length) return null;
  return h("div", { class: "found" }, h("h4", {}, `${title} (${found.length})`), h("ul", {}, found.map((mark) => h("li", {},
    h("code", {}, mark.path || "the whole flow"), h("span", { class: "kind" }, mark.rule ?? ""), " ", mark.message ?? ""))));
}

function diff(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return h("table", { class: "diff" },
    h("thead", {}, h("tr", {}, ["Variable", "Before", "After"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, names.map((name) => h("tr", { class: before[name] === after[name] ? "" : "changed" },
      h("th", { scope: "row" }, name), h("td", {}, before[name] ?? "—"), h("td", {}, after[name] ?? "—")))));
}

function cut(exchange, names) {
  const missing = names.filter((name) => exchange.truncated.includes(name));
  return missing.length ? h("p", { class: "note" }, `Too large to keep whole: ${missing.join(", ").replaceAll("_", " ")}.`) : null;
}

function button(name, act) {
  const self = h("button", { type: "button", onclick: () => act(self) }, name);
  return self;
}

async function save(self, fetchSession) {
  const session = await fetchSession();
  download("call.session.json", JSON.stringify(session, null, 2));
}

async function compare(self, fetchLog) {
  self.disabled = true;
  const head = self.closest(".call-head");
  head.querySelector(".kazoo-log")?.remove();
  try {
    const log = await fetchLog();
    head.append(h("section", { class: "kazoo-log" }, h("h3", {}, "KAZOO says, we say"), h("p", { class: "note" }, log.note),
      h("table", { class: "diff" },
        h("thead", {}, h("tr", {}, ["", "KAZOO's debug log", "Our record", ""].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, log.rows.map((row) => h("tr", { class: row.same ? "" : "changed" },
          h("th", { scope: "row" }, row.what), h("td", {}, row.kazoo ?? "—"), h("td", {}, row.ours ?? "—"),
          h("td", {}, row.same ? "same" : "differs")))))));
  } catch (error) {
    head.append(h("section", { class: "kazoo-log" }, h("p", { class: "problem" }, error.message)));
  } finally {
    self.disabled = false;
  }
}
