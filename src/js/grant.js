// What an authorization server is asked for beside its page, and what its answers mean. Nothing that comes or goes
// here may be told to anybody: errors have the server's own words, and those without the secrets that were sent.

import { makeError } from "./errors.js";

const TIMEOUT_MS = 30_000;

export function problem(name, message, { sent = "no", status, retryAfterMs, vendorCode, cause } = {}) {
  const code = name
    .replace(/Error$/, "")
    .replace(/\B[A-Z]/g, "_$&")
    .toLowerCase();
  const attempts = sent === "no" ? 0 : 1;
  const nothing = undefined;
  const parts = [[code, nothing, sent, nothing, nothing, vendorCode], [attempts, status, retryAfterMs, 0]];
  return makeError(name, message, parts, cause);
}

/** What a server refuses, in its own words: `error` and `error_description`, of an address or an answer. */
export function refusal(what, answer, secrets = [], details = {}) {
  const { status } = details;
  const [vendorCode, description] = [answer?.error, answer?.error_description].map((words) => {
    if (typeof words !== "string" || !words) return undefined;
    return secrets.reduce((text, secret) => text.replaceAll(secret, "***"), words).slice(0, 300);
  });
  const isServers = status > 499 || /^(server_error|temporarily_unavailable)$/.test(vendorCode);
  return problem(
    status === 429 ? "RateLimitError" : isServers ? "ServerError" : "AuthenticationError",
    `${what}: ${description ?? vendorCode ?? `the server answered with ${status}`}`,
    { ...details, vendorCode },
  );
}

const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says quotes the text.
  }
};

/** Posts a form, and gives the JSON of the answer; undefined where there is none. */
export async function post(fetch, url, what, form) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let response, text;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
      body: String(new URLSearchParams(form)),
      credentials: "omit",
      // Somebody else's server would get what proves who we are.
      redirect: "error",
      signal,
    });
    if (!Number.isInteger(response?.status)) throw new TypeError("fetch gave something that is no response");
    text = await response.text();
  } catch (cause) {
    const [name, why] = signal.aborted
      ? ["TimeoutError", `no answer within ${TIMEOUT_MS} ms`]
      : ["NetworkError", "the server could not be reached, or broke off"];
    throw problem(name, `${what}: ${why}`, { sent: "maybe", cause });
  }
  const { status } = response;
  const answer = parse(text);
  if (status < 300) return { answer, status };
  const seconds = response.headers?.get?.("retry-after");
  const secrets = [form.code, form.code_verifier, form.refresh_token, form.token].filter(Boolean);
  const retryAfterMs = /^\d+$/.test(seconds) ? seconds * 1000 : undefined;
  throw refusal(what, answer, secrets, { sent: "yes", status, retryAfterMs });
}

/** Asks for tokens: the access token, when to renew it and when it ends (null: not known), and the refresh token. */
export async function askForTokens(fetch, url, what, form) {
  const asked = Date.now();
  const { answer, status } = await post(fetch, url, what, form);
  const { access_token: access, token_type: type = "bearer", expires_in: lifetime, refresh_token: next } = answer ?? {};
  const wrong =
    typeof answer !== "object" || answer === null
      ? "is not JSON"
      : typeof access !== "string" || !access
        ? "has no access_token"
        : !/^bearer$/i.test(type) && "has a token_type other than bearer";
  if (wrong) throw problem("DecodeError", `${what}: the answer ${wrong}`, { sent: "yes", status });
  // Some send numbers as texts.
  const ms = lifetime > 0 ? lifetime * 1000 : NaN;
  return {
    access,
    // The one that was shown stays good where servers do not change it.
    refresh: typeof next === "string" && next ? next : form.refresh_token,
    renewAt: ms ? asked + ms - Math.min(60_000, ms / 10) : null,
    endsAt: ms ? asked + ms : null,
  };
}
