// A callflow as a tree, and any value as coloured JSON.

import { h } from "./dom.js";

const MAX_DEPTH = 60;

/** A flow as nested lists: module, what its data says, and its children by key. */
export function tree(flow) {
  return h("ul", { class: "tree" }, node(flow, null, 0));
}

function node(flow, key, depth) {
  const children = Object.entries(flow?.children ?? {});
  const data = Object.entries(flow?.data ?? {});
  return h("li", {},
    key === null ? null : h("span", { class: "key" }, key === "_" ? "then" : `on ${key}`),
    h("span", { class: "module" }, flow?.module ?? "?"),
    data.length ? h("dl", { class: "data" }, data.map(([name, value]) => [
      h("dt", {}, name), h("dd", {}, typeof value === "string" ? value : JSON.stringify(value)),
    ])) : null,
    children.length && depth < MAX_DEPTH
      ? h("ul", {}, children.map(([name, child]) => node(child, name, depth + 1))) : null);
}

const TOKENS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A value as indented JSON with its parts coloured. */
export function json(value) {
  const source = JSON.stringify(value, null, 2) ?? "null";
  const parts = [];
  let end = 0;
  for (const token of source.matchAll(TOKENS)) {
    parts.push(source.slice(end, token.index));
    const kind = token[1] ? (token[2] ? "key" : "string") : token[3] ? "word" : "number";
    parts.push(h("span", { class: `j-${kind}` }, token[1] ?? token[0]), token[2] ?? "");
    end = token.index + token[0].length;
  }
  return h("pre", { class: "json", tabindex: "0" }, parts, source.slice(end));
}
