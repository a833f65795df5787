// Small builders for elements. Text goes in as text nodes only: what callers and servers send is never markup.

export const byId = (id) => document.getElementById(id);

/** Make an element; `properties` are DOM properties, children are nodes or text. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [property, value] of Object.entries(properties)) {
    if (property === "data") Object.assign(made.dataset, value);
    else if (property.startsWith("aria-") || property === "role") made.setAttribute(property, value);
    else made[property] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

// Outlines on a grid of 24, drawn with the text's colour.
const PATHS = {
  speech: ["M11 5 6.5 9H3v6h3.5L11 19Z", "M15 9.5a4 4 0 0 1 0 5", "M18 7a8 8 0 0 1 0 10"],
  muted: ["M11 5 6.5 9H3v6h3.5L11 19Z", "m16 9.5 5 5", "m21 9.5-5 5"],
  music: ["M9 18V6l11-2v12", "M9 18a3 2.5 0 1 1-6 0 3 2.5 0 0 1 6 0Z", "M20 16a3 2.5 0 1 1-6 0 3 2.5 0 0 1 6 0Z"],
  key: ["M5 5h3v3H5ZM10.5 5h3v3h-3ZM16 5h3v3h-3ZM5 10.5h3v3H5ZM10.5 10.5h3v3h-3ZM16 10.5h3v3h-3ZM10.5 16h3v3h-3Z"],
  wait: ["M5 12h.01", "M12 12h.01", "M19 12h.01"],
  ring: ["M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15Z", "M10 21h4"],
  talk: ["M4 5h16v11H11l-4 4v-4H4Z"],
  silence: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "m5.7 5.7 12.6 12.6"],
  end: ["M3 14c5-5 13-5 18 0l-2.5 2.5-3.5-1.8v-2.5a12 12 0 0 0-6 0v2.5l-3.5 1.8Z"],
  phone: ["M6 4c.8-.8 2-.6 2.5.3l1.7 2.9c.4.7.3 1.5-.3 2l-1.3 1.3a11 11 0 0 0 4.9 4.9l1.3-1.3c.5-.6 1.3-.7 2-.3l2.9 1.7c.9.5 1.1 1.7.3 2.5-1.6 1.7-3.7 2.3-5.7 1.5A20 20 0 0 1 4.5 9.7C3.7 7.7 4.3 5.6 6 4Z"],
  ask: ["M4 12h15", "m13 6 6 6-6 6"],
  step: ["M12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2Z"],
  warn: ["M12 4 2.5 20h19Z", "M12 10v4.5", "M12 17.3h.01"],
  back: ["M5 5v6a4 4 0 0 0 4 4h10", "m15 11 4 4-4 4"],
};

/** Draw an icon; it says nothing to a screen reader. */
export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("aria-hidden", "true");
  for (const outline of PATHS[name] ?? PATHS.step) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", outline);
    drawn.append(path);
  }
  return drawn;
}

/** 65 seconds as 1:05. */
export const minutes = (ms) => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};
