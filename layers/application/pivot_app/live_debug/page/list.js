// The list: newest first, refreshed in place. A row lives as long as its call is shown, so nobody loses their place.

import { h, announce } from "./dom.js";
import { clock, count, iso, outcome, reason, took } from "./format.js";

const rows = new Map();
const list = document.getElementById("calls");
const scroller = document.getElementById("scroller");
const news = document.getElementById("news");
let unseen = 0;

const key = (call) => `${call.started_ms}|${call.call_id}`;

export function chip(call) {
  const why = call.reason && call.outcome !== "answered" ? `: ${reason(call.reason)}` : "";
  return h("span", { class: `chip ${["answered", "fallback", "refused", "repeated"].includes(call.outcome) ? call.outcome : ""}` }, outcome(call.outcome) + why);
}

function row(call, link) {
  const marks = call.marks ? h("span", { class: "marks" }, count(call.marks, "mark")) : null;
  return h("a", { href: link(call), class: "row", "data-call": call.call_id },
    h("span", { class: "top" },
      h("span", { class: "who" },
        h("bdi", { class: "number" }, call.caller || "no number"),
        h("span", { class: "facts" }, h("span", { class: "unseen" }, "called "), h("span", { "aria-hidden": "true" }, "→ "), h("bdi", {}, call.dialled || "?"))),
      h("time", { datetime: iso(call.started_ms), title: iso(call.started_ms) }, clock(call.started_ms))),
    h("span", { class: "middle" }, chip(call), marks,
      call.caller_name && call.caller_name !== call.caller ? h("bdi", { class: "name" }, call.caller_name) : null),
    h("span", { class: "bottom" },
      h("span", { class: "path" }, call.callbacks.join(" › ")),
      h("span", { class: "facts" }, `${count(call.exchanges, "request")}, ${call.exchanges > 1 ? "up to " : ""}${took(call.slowest_us)}`)),
    call.heard ? h("bdi", { class: "words" }, call.heard) : null);
}

/** Forget all rows. */
export function clear() {
  rows.clear();
  list.replaceChildren();
  unseen = 0;
  news.hidden = true;
}

/** Put calls into the list where they belong; returns how many were not there before. */
export function merge(calls, link, live = false) {
  const place = scroller.scrollTop;
  const height = scroller.scrollHeight;
  const first = list.firstElementChild;
  let added = 0;
  let above = 0;
  for (const call of calls) {
    const known = rows.get(key(call));
    if (known) {
      if (known.exchanges === call.exchanges && known.outcome === call.outcome) continue;
      const fresh = row(call, link);
      const old = known.item.firstElementChild;
      const focused = old === document.activeElement;
      if (old.hasAttribute("aria-current")) fresh.setAttribute("aria-current", "true");
      old.replaceWith(fresh);
      if (focused) fresh.focus();
      rows.set(key(call), { ...call, item: known.item });
      continue;
    }
    const item = h("li", {}, row(call, link));
    if (live) item.classList.add("new");
    item.dataset.started = call.started_ms;
    const next = Array.from(list.children).find((other) => Number(other.dataset.started) <= call.started_ms);
    list.insertBefore(item, next ?? null);
    rows.set(key(call), { ...call, item });
    added += 1;
    if (next) above += 1;
  }
  if (live && above && first && (place > 8 || list.contains(document.activeElement))) {
    // The rows a person is reading stay where they are; the new ones wait above.
    scroller.scrollTop = place + scroller.scrollHeight - height;
    unseen += above;
    news.textContent = `↑ ${count(unseen, "new call")}`;
    news.hidden = false;
  }
  if (live && added) announce(count(added, "new call"));
  return added;
}

export function backToTop() {
  unseen = 0;
  news.hidden = true;
  scroller.scrollTo({ top: 0 });
  list.querySelector("a")?.focus({ preventScroll: true });
}

/** Mark the row of the open call. */
export function mark(callId) {
  for (const link of list.querySelectorAll("a.row")) {
    if (callId !== null && link.dataset.call === callId) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

export const newest = () => Number(list.firstElementChild?.dataset.started ?? 0);
export const atTop = () => scroller.scrollTop < 8;
export const size = () => rows.size;
export const callbacks = () => new Set(Array.from(rows.values()).flatMap((call) => call.callbacks));

news.addEventListener("click", backToTop);
scroller.addEventListener("scroll", () => {
  if (atTop()) { unseen = 0; news.hidden = true; }
}, { passive: true });
list.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = Array.from(list.querySelectorAll("a.row"));
  const target = links[links.indexOf(document.activeElement) + step];
  if (target) { target.focus(); event.preventDefault(); }
});
