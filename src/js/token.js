import { reasonOf } from "./errors.js";
import { whenDone } from "./promise.js";

/** Asks a function of the page for a token. Calls back with the token; or nothing, why, and what was thrown. */
export const ask = (give, fresh, done) => whenDone(answerOf(give, fresh), done);

async function answerOf(give, fresh) {
  try {
    const token = await give({ fresh });
    return typeof token === "string" ? [token] : [null, "auth.accessToken gave something that is no string"];
  } catch (thrown) {
    return [null, `auth.accessToken failed: ${reasonOf(thrown)}`, thrown];
  }
}
