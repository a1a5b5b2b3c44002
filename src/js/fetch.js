// How requests go out and answers come in.

import { reasonOf } from "./errors.js";
import { whenDone } from "./promise.js";

/**
 * Sends a request: by the browser's own `fetch`, or by one that the page hands in, which is called as `(url, init)`, as
 * every SDK does. Calls back with what `answerOf` gives, and gives what ends the request.
 */
export function exchange(fetch, method, url, headers, body, done) {
  const controller = new AbortController();
  const { signal } = controller;
  const init = { method, headers: Object.fromEntries(headers), signal };
  if (body !== undefined) init.body = body;
  const answer = answerOf(() => (fetch ?? globalThis.fetch)(url, init));
  return whenDone(answer, done, () => controller.abort());
}

/**
 * What comes back need only look like a `Response`, as the answers of mocks do. Gives JSON text of status and headers,
 * names and values in turn, and the body's bytes. When there is no whole answer: of the status if one came, nothing,
 * whether the request surely never left, and why; and what was thrown.
 */
async function answerOf(send) {
  // Without a network at all nothing leaves.
  const isOffline = globalThis.navigator?.onLine === false;
  let status;
  try {
    const response = await send();
    if (!Number.isInteger(response?.status)) throw new TypeError("fetch gave something that is no response");
    ({ status } = response);
    return [JSON.stringify([status, headersOf(response)]), await bodyOf(response)];
  } catch (thrown) {
    // Node says when there was no connection; browsers do not.
    const hasNoConnection = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(thrown?.cause?.code);
    return [JSON.stringify([status, null, isOffline || hasNoConnection, reasonOf(thrown)]), thrown];
  }
}

async function bodyOf(response) {
  if (response.arrayBuffer) return new Uint8Array(await response.arrayBuffer());
  if (response.text) return new TextEncoder().encode(await response.text());
  return new TextEncoder().encode(response.json ? JSON.stringify(await response.json()) : "");
}

// Of a `Headers`, a `Map` or a plain object.
function headersOf({ headers }) {
  return headers ? [...(headers.entries?.() ?? Object.entries(headers))].flat() : [];
}

/** What took the place of the browser's own `fetch`. */
export function replacedFetch() {
  const { fetch } = globalThis;
  return Function.prototype.toString.call(fetch).includes("[native code]") ? undefined : fetch;
}
