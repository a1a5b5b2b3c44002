// How requests go out and answers come in.

/**
 * Sends by a `fetch` that the page hands in, or that took the place of the browser's: called as `(url, init)`, as
 * every SDK does. What it answers with need only look like a `Response`, as the answers of mocks do.
 */
export async function exchange(fetch, url, method, headers, body, signal) {
  const init = { method, headers: Object.fromEntries(headers), signal };
  if (body !== undefined) init.body = body;
  const response = await fetch(url, init);
  if (!Number.isInteger(response?.status)) throw new TypeError("fetch gave something that is no response");
  return response;
}

/** The bytes of an answer's body. */
export async function bodyOf(response) {
  if (response.arrayBuffer) return new Uint8Array(await response.arrayBuffer());
  if (response.text) return new TextEncoder().encode(await response.text());
  return new TextEncoder().encode(response.json ? JSON.stringify(await response.json()) : "");
}

/** Names and values, from a `Headers`, a `Map` or a plain object. */
export function headersOf(response) {
  const { headers } = response;
  return headers ? [...(headers.entries?.() ?? Object.entries(headers))] : [];
}

/** Whether the global `fetch` is the browser's own. */
export function hasNativeFetch() {
  return Function.prototype.toString.call(globalThis.fetch).includes("[native code]");
}
