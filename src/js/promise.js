// Promises of calls under way. They are kept here, so that a WebAssembly that stopped can still reject them.

import { InternalError, errorOf } from "./errors.js";

const inFlight = new Set();
let why;

/** How many instances of the WebAssembly have stopped. What was made of one is of no use when the next has begun. */
export let stops = 0;

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

let step;

/** From here on tasks take a step by this function. */
export function run(given) {
  step = given;
}

/** Has a task take a step when what runs now is done. */
export const soon = (task) => queueMicrotask(() => step(task));

/** What JSON text says, or a member of it. */
export function parse(text, member) {
  const value = JSON.parse(text);
  return member ? value[member] : value;
}

/** Calls a function, which throws nothing. */
export const invoke = (run, ...values) => run(...values);

/** Calls back when a signal aborts. Gives what ends that. */
export function listen(signal, done) {
  signal.addEventListener("abort", done);
  return () => signal.removeEventListener("abort", done);
}

/** Calls back with what a promise gives. Gives what ends that: then `end` is called in its place. */
export function whenDone(promise, done, end) {
  let isOver = false;
  const once = (act) => (value) => {
    if (!isOver) act?.(value);
    isOver = true;
  };
  promise.then(once(done));
  return once(end);
}

/** The instance that runs has stopped for good. Nobody knows which calls that concerns: all that are under way are
 * rejected. */
export function stop(reason) {
  stops += 1;
  why = reason;
  for (const call of inFlight) call.reject(stopped("maybe"));
  inFlight.clear();
}

/** The error of a call that a stopped instance cannot serve. */
export function stopped(sent) {
  const message = `Orgdeck stopped because of a defect in it (${why}). \`await init()\` starts it again; what was under way must be begun anew`;
  return errorOf(InternalError, "internal", message, sent);
}
