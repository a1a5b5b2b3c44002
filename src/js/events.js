/** Tells an observer of an event: its parts in the order of `observer.rs`. */
export function tell(observer, parts) {
  const [type, id, operation, vendor, method, path, time, status, code, ms, bytes] = parts;
  const event = { type, id, operation, vendor, method, path, time };
  const optional = { status, code, ms, bytes };
  for (const key in optional) if (optional[key] !== undefined) event[key] = optional[key];
  try {
    observer(event)?.catch?.(() => {});
  } catch {
    // An observer that throws must not break the call it watches.
  }
}
