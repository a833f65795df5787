// Sign-in with OpenID Connect (authorization code with PKCE), for deployments that offer it.
// The access token lives in this tab's sessionStorage and is sent to this origin only. The ID token only says
// whether the answer is to this page's own question; it is not kept and not sent.

const TOKEN = "live-debug-token";
const PENDING = "live-debug-sign-in";

let provider = null;
let fresh = false;

/** A sign-in that did not succeed; only the person can begin another. */
export class SignInError extends Error {
  remedy = "sign in";
}

export function bearer() {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** Whether the token was just given, and nothing was answered with it yet: asking for another would go round in circles. */
export const isFresh = () => fresh;
export function accepted() { fresh = false; }

export const signedIn = () => sessionStorage.getItem(TOKEN) !== null;

export function signOut() {
  sessionStorage.removeItem(TOKEN);
  location.reload();
}

const here = () => location.origin + location.pathname;

function base64url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** Leave for the provider; false where there is none to go to. */
export async function signIn() {
  if (!provider) return false;
  sessionStorage.removeItem(TOKEN);
  const pending = { state: random(), nonce: random(), verifier: random(), hash: location.hash };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.verifier)));
  location.assign(`${provider.authorization_endpoint}?${new URLSearchParams({
    response_type: "code",
    client_id: provider.client_id,
    redirect_uri: here(),
    scope: provider.scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: challenge,
    code_challenge_method: "S256",
    // Some issuers give a token for an API only to who names the API; the others ignore it.
    ...(provider.audience === provider.client_id ? {} : { audience: provider.audience }),
  })}`);
  return true;
}

/** Learn where to sign in, and finish a sign-in the provider has sent back. */
export async function begin(offered) {
  provider = offered;
  const answer = new URLSearchParams(location.search);
  if (!provider || !(answer.has("code") || answer.has("error"))) return;
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "{}");
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, "", here() + (pending.hash ?? ""));
  if (answer.has("error")) throw new SignInError(`the identity provider says: ${answer.get("error_description") ?? answer.get("error")}`);
  if (!pending.state || answer.get("state") !== pending.state) throw new SignInError("this sign-in was not started in this browser tab");
  if (answer.has("iss") && answer.get("iss") !== provider.issuer) throw new SignInError("this answer is another identity provider's");
  const response = await fetch(provider.token_endpoint, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: provider.client_id,
      code: answer.get("code"),
      redirect_uri: here(),
      code_verifier: pending.verifier,
    }),
    signal: AbortSignal.timeout(15_000),
  }).catch(() => { throw new SignInError("the identity provider does not answer"); });
  const tokens = await response.json().catch(() => ({}));
  if (!response.ok || !tokens.access_token || !tokens.id_token) throw new SignInError("the identity provider gave no tokens");
  const wrong = faultOf(payload(tokens.id_token), pending.nonce);
  if (wrong) throw new SignInError(`the identity provider's ID token ${wrong}`);
  sessionStorage.setItem(TOKEN, tokens.access_token);
  fresh = true;
}

function payload(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch {
    return {};
  }
}

// It came over TLS from the issuer itself, which stands for its signature (OpenID Connect Core 3.1.3.7, 6).
function faultOf(claims, nonce) {
  const audience = [claims.aud].flat();
  if (claims.nonce !== nonce) return "answers another sign-in";
  if (claims.iss !== provider.issuer) return "is another issuer's";
  if (!audience.includes(provider.client_id)) return "is another client's";
  if (audience.length > 1 && claims.azp !== provider.client_id) return "is another client's";
  if (!(claims.exp * 1000 > Date.now() - 60_000)) return "has expired";
  return "";
}
