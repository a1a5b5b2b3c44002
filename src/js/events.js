import { tell as inform } from "./given.js";

/** Tells an observer of an event: its parts in the order of `observer.rs`. */
export function tell(observer, parts) {
  const [[type, operation, vendor, method, path, code], [call, id, attempt, first, second, third]] = parts;
  const event = { type, call, id, operation, vendor, method, path, time: Date.now() };
  if (type === "page") Object.assign(event, { pages: first, items: second, total: third ?? null });
  else {
    const optional = { attempt, status: first, code: code || undefined, ms: second, bytes: third };
    for (const key in optional) if (optional[key] !== undefined) event[key] = optional[key];
  }
  inform(observer, event);
}
