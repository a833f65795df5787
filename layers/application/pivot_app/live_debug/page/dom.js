// The only way anything gets onto the page: elements made one by one, and text that stays text.

/** An element with attributes and children; strings become text nodes, null and false leave nothing. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false).map(text));
  return element;
}

// Characters that would reorder or hide their neighbours are shown as what they are.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

function text(child) {
  return child instanceof Node ? child : document.createTextNode(visible(child));
}

/** The text with control and direction characters spelled out. */
export function visible(value) {
  return String(value).replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Copy text to the clipboard and say so on the button for a moment. */
export async function copy(button, content) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(content);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed to copy";
  }
  announce(button.textContent);
  setTimeout(() => { button.textContent = before; }, 1500);
}

/** Tell a screen reader. */
export function announce(message) {
  document.getElementById("status").textContent = visible(message);
}

/** Offer text as a file. */
export function download(name, content, type = "application/json") {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
