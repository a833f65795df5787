// What is shown is written in the address: #account=…&call=…&outcome=…; everything else follows from it.

import * as api from "./api.js";
import * as list from "./list.js";
import { appendExchanges, callView, pressedAfter } from "./call.js";
import { announce, h } from "./dom.js";
import { begin, signIn, signOut, signedIn } from "./oidc.js";

const REFRESH_MS = 2000;
const MOST_ROWS = 3000;
const byId = (id) => document.getElementById(id);
const form = byId("filters");
const FILTERS = ["text", "outcome", "callback", "reason", "caller", "dialled", "from", "to"];

let shown = {};
let cursor = null;
let live = true;
let failures = 0;
let cutOff = false;
let loaded = true;
let open = null;
let wanted = null;
let setup = {};
let generation = 0;

const address = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

function hash(change) {
  const next = { ...address(), ...change };
  return `#${new URLSearchParams(Object.entries(next).filter(([, value]) => value))}`;
}

function query() {
  const { call, ...rest } = shown;
  for (const name of ["from", "to"]) if (rest[name]) rest[name] = String(new Date(rest[name]).getTime());
  return rest;
}

const link = (call) => hash({ call: call.call_id });

function problem(message) {
  byId("problem").hidden = !message;
  byId("problem").textContent = message ?? "";
}

/** Say what is wrong, and offer what helps: a fault of the connection is tried again, a sign-in is a person's to do. */
function failed(error) {
  cutOff = error.status === 0 || error.status >= 500;
  problem(error.message);
  if (error.remedy === "sign in") byId("problem").append(" ", h("button", { type: "button", onclick: signIn }, "Sign in again"));
  label();
}

function connected() {
  if (!cutOff) return;
  cutOff = false;
  failures = 0;
  problem();
  label();
}

function label() {
  byId("live").classList.toggle("cut-off", live && cutOff);
  byId("live-text").textContent = !live ? "Paused" : cutOff ? "Not connected" : "Live";
}

async function load() {
  const mine = ++generation;
  list.clear();
  cursor = null;
  byId("older").hidden = true;
  byId("empty").hidden = true;
  try {
    const page = await api.calls(query());
    if (mine !== generation) return;
    loaded = true;
    took(page);
    list.merge(page.calls, link);
    announce(list.size() ? `${list.size()} calls` : "No calls");
    problem();
  } catch (error) {
    if (mine === generation) { loaded = false; failed(error); }
  }
  after();
}

function took(page) {
  connected();
  cursor = page.next;
  byId("older").hidden = cursor === null;
}

function after() {
  list.mark(shown.call ?? null);
  const empty = byId("empty");
  empty.hidden = list.size() > 0 || !byId("problem").hidden;
  empty.replaceChildren(
    h("strong", {}, cursor ? "Nothing among the newest" : "No calls"),
    h("p", {}, FILTERS.some((name) => shown[name])
      ? (cursor ? "Look further back with “Older calls”, or change the filters." : "No call matches these filters.")
      : "Calls appear here as they happen, for accounts that have Live Debug switched on."));
  byId("callbacks").replaceChildren(...Array.from(list.callbacks(), (name) => h("option", { value: name })));
}

async function older() {
  const mine = generation;
  const button = byId("older");
  button.disabled = true;
  try {
    const page = await api.calls({ ...query(), cursor });
    if (mine !== generation) return;
    took(page);
    const added = list.merge(page.calls, link);
    announce(`${added} older calls`);
  } catch (error) {
    failed(error);
  } finally {
    button.disabled = false;
    after();
  }
}

async function refresh() {
  if (document.hidden || !shown.account) return;
  // What failed is asked anew: the list, and the call that was to be shown.
  if (!loaded) {
    failures += 1;
    await load();
    if (!loaded) return;
  }
  if (!live) return wanted ? show(wanted, true) : undefined;
  const mine = generation;
  // Calls of the last minutes again, for one that is on the line grows; nothing that was already passed.
  const from = Math.max(list.newest() - 120_000, Number(query().from ?? 0), 0);
  try {
    let page = await api.calls({ ...query(), from: String(from), cursor: "" });
    while (mine === generation) {
      const added = list.merge(page.calls, link, list.size() > 0);
      if (!added || !page.next || list.size() === added) break;
      page = await api.calls({ ...query(), from: String(from), cursor: page.next });
    }
    if (mine !== generation) return;
    connected();
    // A page left open for days would hold every call of those days.
    if (list.size() > MOST_ROWS && list.atTop()) return await load();
    after();
    if (wanted) await show(wanted, true);
    else await grow();
  } catch (error) {
    if (mine !== generation) return;
    failures += 1;
    failed(error);
  }
}

/** The open call may still be on the line. */
async function grow() {
  if (!open) return;
  const { call } = open;
  if (Date.now() - call.exchanges.at(-1).received_ms > 180_000) return;
  const fresh = await api.call(call.account, call.call_id);
  if (!open || open.call !== call || fresh.exchanges.length === call.exchanges.length) return;
  const ladder = byId("call").querySelector(".ladder");
  appendExchanges(ladder, fresh.exchanges, call.exchanges.length);
  pressedAfter(ladder, fresh.exchanges);
  open.call = fresh;
  announce("The call goes on");
}

async function show(callId, again = false) {
  const section = byId("call");
  document.body.classList.toggle("with-call", Boolean(callId));
  list.mark(callId ?? null);
  wanted = null;
  if (!callId) {
    open = null;
    section.replaceChildren(...nothing.map((node) => node.cloneNode(true)));
    return;
  }
  const account = shown.account;
  try {
    const call = await api.call(account, callId);
    if (address().call !== callId) return;
    open = { call };
    section.replaceChildren(callView(call, {
      backTo: hash({ call: "" }),
      session: () => api.session(account, callId),
      kazooLog: setup.kazoo ? () => api.kazooLog(account, callId) : null,
    }));
    section.scrollTop = 0;
    if (!again) section.querySelector("h2").focus({ preventScroll: true });
  } catch (error) {
    if (address().call !== callId) return;
    open = null;
    if (error.status === 0 || error.status >= 500) wanted = callId;
    section.replaceChildren(h("a", { class: "back", href: hash({ call: "" }) }, "← All calls"), h("p", { class: "problem", role: "alert" }, error.message));
  }
}

async function follow() {
  const before = shown;
  shown = address();
  if (before.account && before.account !== shown.account) shown.call = "";
  const { call: _, ...filters } = shown;
  const { call: __, ...others } = before;
  for (const name of FILTERS) if (form.elements[name] !== document.activeElement) form.elements[name].value = shown[name] ?? "";
  byId("account").value = shown.account ?? "";
  const used = FILTERS.slice(2).filter((name) => shown[name]).length;
  byId("filter-count").textContent = used ? ` (${used} in use)` : "";
  if (JSON.stringify(filters) !== JSON.stringify(others)) await load();
  if (shown.call !== before.call) await show(shown.call);
}

function setLive(on) {
  live = on;
  byId("live").setAttribute("aria-pressed", String(on));
  label();
  if (on) refresh();
}

let typing;
form.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(apply, 250);
});
form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
form.addEventListener("reset", () => setTimeout(apply));
function apply() {
  const wanted = Object.fromEntries(FILTERS.map((name) => [name, form.elements[name].value.trim()]));
  history.replaceState(null, "", hash(wanted));
  follow();
}

byId("account").addEventListener("change", (event) => { location.hash = hash({ account: event.target.value.trim(), call: "" }).slice(1); });
byId("live").addEventListener("click", () => setLive(!live));
byId("older").addEventListener("click", older);
byId("sign-out").addEventListener("click", signOut);
document.addEventListener("visibilitychange", refresh);
window.addEventListener("online", refresh);
window.addEventListener("hashchange", follow);
// What stands behind # is the page's state, so the link moves the focus and nothing else.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  (byId("calls").querySelector("a.row") ?? byId("scroller")).focus();
});
document.addEventListener("keydown", (event) => {
  const writing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !writing) {
    form.elements.text.focus();
    event.preventDefault();
  } else if (["ArrowDown", "ArrowUp", "j", "k"].includes(event.key) && event.target === document.body) {
    const row = byId("calls").querySelector("a.row");
    if (row && !event.ctrlKey && !event.metaKey && !event.altKey) { row.focus(); event.preventDefault(); }
  } else if (event.key === "Escape" && address().call && !writing) {
    const row = byId("calls").querySelector("[aria-current]");
    location.hash = hash({ call: "" }).slice(1);
    row?.focus();
  }
});

const nothing = Array.from(byId("call").childNodes, (node) => node.cloneNode(true));

async function start() {
  setup = await api.config();
  await begin(setup.sign_in ?? null);
  if (setup.sign_in && !signedIn()) { await signIn(); return; }
  byId("sign-out").hidden = !setup.sign_in;
  const { accounts, hint } = await api.access();
  connected();
  const named = accounts.filter((account) => account !== "*");
  byId("accounts").replaceChildren(...named.map((account) => h("option", { value: account })));
  if (!address().account) {
    const chosen = setup.account ?? named[0];
    if (chosen) history.replaceState(null, "", hash({ account: chosen }));
    else problem(accounts.length ? "Enter the id of a KAZOO account." : hint || "You have no access to any KAZOO account.");
  }
  if (address().account) await follow();
}

const pause = () => REFRESH_MS * Math.min(2 ** failures, 16);

async function again() {
  await refresh();
  setTimeout(again, pause());
}

async function begun() {
  try {
    await start();
  } catch (error) {
    failed(error);
    if (cutOff) { failures += 1; setTimeout(begun, pause()); return; }
  }
  again();
}

begun();
