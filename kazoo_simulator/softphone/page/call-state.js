// What the caller would say is going on: a pure function from the last state and one event to the next state.

export const IDLE = { phase: "idle", icon: "phone", line: "", detail: "", answered: false };

const HEARD = {
  speech: ["speech", "Listening"],
  prompt: ["speech", "Listening to a prompt of KAZOO"],
  media: ["music", "Listening to a recording"],
  tone: ["music", "A tone"],
  hold_music: ["music", "On hold"],
  ringback: ["ring", "Ringing"],
};

const ENDED_BY = {
  caller: () => "You hung up",
  callee: () => "The other side hung up",
  kazoo: (reason) => `KAZOO hung up: ${reason}`,
  simulator: (reason) => `The simulator stopped: ${reason}`,
};

/** `nameOf` puts words to an endpoint such as `user:ID`. */
export function next(state, event, nameOf) {
  const up = (icon, line, detail = "", more = {}) => ({ ...state, phase: "up", icon, line, detail, ...more });
  switch (event.kind) {
    case "call_started":
      return { ...IDLE, phase: "up", icon: "ring", line: "Calling", detail: "" };
    case "request_sent":
      return up("ask", state.answered ? "Silence: the application is asked" : "Calling", "");
    case "answered":
      return { ...state, answered: true };
    case "audio_started": {
      const [icon, line] = HEARD[event.source] ?? HEARD.tone;
      return up(icon, line, event.source === "hold_music" || event.source === "media" ? event.text : "");
    }
    case "audio_stopped":
      return event.reason === "ended" ? state : up("wait", "Silence");
    case "collect_started":
      return up("key", "Silence: KAZOO waits for keys", `${upTo(event.max_digits)}${ending(event.terminators)}, collection ${event.collection}`);
    case "collect_ended":
      return up("wait", "Silence");
    case "ringing_started":
      return up("ring", `Ringing ${event.targets.map(nameOf).join(", ")}`, `for ${event.timeout_ms / 1000} s at most`);
    case "ringing_ended":
      return event.outcome === "answered" ? state : up("wait", "Silence", `${event.cause}${event.sip_code ? `, sip ${event.sip_code}` : ""}`);
    case "noted":
      return event.text.startsWith("recording") ? up("talk", "Recording: speak now", "any key ends it") : state;
    case "bridged":
      return up("talk", together(event.to, nameOf));
    case "dead_air":
      return up("silence", "Silence: the caller hears nothing", event.reason, { bad: true });
    case "call_ended":
      return {
        ...state,
        phase: "ended",
        icon: "end",
        line: `Hung up: ${event.cause}`,
        detail: ENDED_BY[event.by](event.reason),
        bad: event.cause !== "NORMAL_CLEARING" && event.cause !== "ORIGINATOR_CANCEL",
      };
    default:
      return state;
  }
}

function together(to, nameOf) {
  const [kind, ...rest] = to.split(":");
  if (kind === "transfer") return `Transferred to ${rest.join(":")}`;
  if (kind === "conference") return `In the conference ${rest.join(":")}`;
  return `Talking to ${nameOf(to)}`;
}

const upTo = (digits) => (digits === 1 ? "one key" : `up to ${digits} keys`);
const ending = (terminators) => (terminators.length ? `, ${terminators.join(" or ")} ends` : "");
