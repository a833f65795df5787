// Asks the service; everything else here works on what it answers.

import { accepted, bearer, isFresh, signIn, SignInError } from "./oidc.js";

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// A Call-ID may hold characters no path survives, so it travels as `~` and base64url.
function segment(callId) {
  const bytes = new TextEncoder().encode(callId);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `~${base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

async function get(path, query = {}) {
  const filled = Object.entries(query).filter(([, value]) => value !== "" && value != null);
  const address = `debug/${path}${filled.length ? `?${new URLSearchParams(filled)}` : ""}`;
  let response;
  try {
    response = await fetch(address, { headers: bearer(), cache: "no-store", signal: AbortSignal.timeout(15_000) });
  } catch {
    throw new ApiError(0, "Live Debug does not answer. Trying again.");
  }
  if (response.status === 401) {
    if (isFresh()) throw new SignInError("Live Debug does not accept the identity provider's token");
    if (await signIn()) return new Promise(() => {});
  }
  accepted();
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(response.status, body.error?.message ?? body.message ?? `answered ${response.status}`);
  return body;
}

export const config = () => get("page/config.json");
export const access = () => get("access");
export const calls = (query) => get("calls", query);
export const call = (account, callId) => get(`calls/${segment(callId)}`, { account });
export const session = (account, callId) => get(`calls/${segment(callId)}/session`, { account });
export const kazooLog = (account, callId) => get(`kazoo/${segment(callId)}`, { account });
