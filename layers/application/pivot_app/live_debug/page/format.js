// Times, durations and outcomes in words.

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

export function clock(ms) {
  const moment = new Date(ms);
  const today = new Date().toDateString() === moment.toDateString();
  return today ? CLOCK.format(moment) : `${DAY.format(moment)}, ${CLOCK.format(moment)}`;
}

export function iso(ms) {
  return new Date(ms).toISOString();
}

/** Microseconds, in the unit a person would say. */
export function took(us) {
  if (us < 1000) return `${us} µs`;
  if (us < 10_000) return `${(us / 1000).toFixed(1)} ms`;
  if (us < 1_000_000) return `${Math.round(us / 1000)} ms`;
  return `${(us / 1_000_000).toFixed(1)} s`;
}

export function since(ms) {
  return ms < 1000 ? `+${ms} ms` : `+${(ms / 1000).toFixed(1)} s`;
}

export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

const REASONS = {
  exception: "the handler failed",
  invalid_flow: "KAZOO would have rejected the answer",
  malformed: "the request made no sense",
  misconfigured: "a setting is wrong",
  no_token: "there was no token",
  out_of_time: "time ran out",
  state_expired: "the state token was too old",
  state_forged: "the state token was invalid",
  store_unavailable: "the store did not answer",
  wrong_token: "the token was wrong",
};

/** A reason as a sentence's end; one without words of its own is shown as it is. */
export function reason(word) {
  return REASONS[word] ?? word.replaceAll("_", " ");
}

const OUTCOMES = { answered: "Answered", fallback: "Fallback", refused: "Refused", repeated: "Repeated" };

export function outcome(word) {
  return OUTCOMES[word] ?? word;
}
