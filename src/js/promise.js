// Promises of calls under way. They are kept here, so that a WebAssembly that stopped can still reject them.

const inFlight = new Set();

/** A promise, with what settles it. */
export function deferred() {
  const call = {};
  call.promise = new Promise((resolve, reject) => Object.assign(call, { resolve, reject }));
  inFlight.add(call);
  return call;
}

export function settle(call, isGood, value) {
  inFlight.delete(call);
  (isGood ? call.resolve : call.reject)(value);
}

export function rejectAll(error) {
  for (const call of inFlight) call.reject(error);
  inFlight.clear();
}
