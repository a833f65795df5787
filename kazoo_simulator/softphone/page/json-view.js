// A JSON value as a tree that folds.

import { element } from "./dom.js";

const OPEN_DEPTH = 9;
const LONG = 6;
const MAX_DEPTH = 100;
const MAX_ENTRIES = 300;

/** Show a value; objects and lists can be folded, deep or long ones begin folded. */
export function jsonView(value) {
  return element("div", { className: "json" }, branch(null, value, 0));
}

function branch(name, value, depth) {
  const label = name === null ? [] : [element("span", { className: "json-name" }, String(name)), ": "];
  if (value === null || typeof value !== "object") {
    return element("div", { className: "json-leaf" }, ...label, leaf(value));
  }
  const isList = Array.isArray(value);
  const entries = depth < MAX_DEPTH ? Object.entries(value) : [];
  const brackets = isList ? "[]" : "{}";
  if (!entries.length) {
    return element("div", { className: "json-leaf" }, ...label, element("span", { className: "json-faint" }, brackets));
  }
  const tooMuch = isList && entries.length > LONG;
  const inside = element("div", { className: "json-inside" });
  for (const [key, inner] of entries.slice(0, MAX_ENTRIES)) inside.append(branch(isList ? null : key, inner, depth + 1));
  if (entries.length > MAX_ENTRIES) inside.append(element("div", { className: "json-leaf" }, "and more"));
  const count = `${entries.length} ${isList ? (entries.length === 1 ? "item" : "items") : entries.length === 1 ? "field" : "fields"}`;
  return element(
    "details",
    { open: depth < OPEN_DEPTH && !tooMuch },
    element("summary", {}, ...label, element("span", { className: "json-faint" }, `${isList ? "list" : "object"}, ${count}`)),
    inside,
  );
}

function leaf(value) {
  const kind = value === null ? "null" : typeof value;
  return element("span", { className: `json-${kind}` }, kind === "string" ? JSON.stringify(value) : String(value));
}
