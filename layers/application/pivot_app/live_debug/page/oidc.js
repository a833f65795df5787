// Sign-in with OpenID Connect (authorization code with PKCE), for deployments that offer it.
// The token lives in this tab's sessionStorage and is sent to this origin only.

const TOKEN = "live-debug-token";
const PENDING = "live-debug-sign-in";

let provider = null;

export function bearer() {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { authorization: `Bearer ${token}` } : {};
}

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
  const pending = { state: random(), verifier: random(), hash: location.hash };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.verifier)));
  location.assign(`${provider.authorization_endpoint}?${new URLSearchParams({
    response_type: "code",
    client_id: provider.client_id,
    redirect_uri: here(),
    scope: provider.scope,
    state: pending.state,
    code_challenge: challenge,
    code_challenge_method: "S256",
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
  if (answer.has("error")) throw new Error(`the identity provider says: ${answer.get("error_description") ?? answer.get("error")}`);
  if (!pending.state || answer.get("state") !== pending.state) throw new Error("this sign-in was not begun here; sign in again");
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
  });
  const tokens = await response.json().catch(() => ({}));
  const token = tokens.id_token ?? tokens.access_token;
  if (!response.ok || !token) throw new Error("the identity provider gave no token; sign in again");
  sessionStorage.setItem(TOKEN, token);
}
