// The page's side of the limits: as many requests as there may be, listings behind and interactive calls in between.

import { client } from "../faults/page.mjs";
import { Genesys } from "/pkg/dist/index.js";

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const lists = {
  close: (api, limit, call) => api.users.list({ limit }, call),
  genesys: (api, pageSize, call) => api.groups.list({ pageSize }, call),
};

/**
 * Lists for so many seconds, one list after the other, by `listings` at once, while every `everyMs` somebody wants a first
 * page. Tells how many requests were answered in that time, with a success or not, how many were held
 * back, and how long those calls took.
 */
export async function run({ base, vendor, token, seconds, rateLimit, listings = 3, everyMs }) {
  let first;
  const answers = { good: 0, bad: 0, held: 0 };
  const onEvent = ({ type, time, status }) => {
    if (type === "request") first ??= time;
    if (type === "wait") answers.held += 1;
    if (type !== "response" || time > first + seconds * 1_000) return;
    answers[status < 300 ? "good" : "bad"] += 1;
  };
  const api =
    vendor === "close"
      ? client(base, vendor, token, { onEvent })
      : new Genesys({ baseUrl: base, auth: { accessToken: token }, rateLimit, onEvent });
  const end = new AbortController();
  const { signal } = end;
  const unlessEnded = (error) => {
    if (!signal.aborted) throw error;
  };
  const list = async () => {
    while (!signal.aborted) await lists[vendor](api, 10, { share: false }).all({ signal }).catch(unlessEnded);
  };
  const waits = [];
  const interact = async () => {
    const asked = [];
    for (let size = 1; !signal.aborted; size = (size % 9) + 1) {
      const since = performance.now();
      const first = lists[vendor](api, size, { signal }).first();
      asked.push(first.then(() => waits.push(performance.now() - since), unlessEnded));
      await sleep(everyMs);
    }
    await Promise.all(asked);
  };
  const work = [...Array.from({ length: listings }, () => list()), interact()];
  await sleep(seconds * 1_000 + 50);
  end.abort("the time is over");
  await Promise.all(work);
  api.free();
  return { ...answers, waits };
}
