// Bytes that outlive the page, in IndexedDB. They only save time: a browser that refuses to keep them, or has lost
// them, is no error.

const STORE = "snapshots";

function open() {
  const request = indexedDB.open("orgdeck", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Does `work` with the store; null when that is not possible. */
async function withStore(mode, work) {
  let database = null;
  try {
    database = await open();
    return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
  } catch {
    return null;
  } finally {
    database?.close();
  }
}

/** What was kept under `key`: `{ bytes, time }`; null when there is nothing. */
export async function readSnapshot(key) {
  const kept = await withStore("readonly", (store) => store.get(key));
  return kept?.bytes instanceof Uint8Array ? kept : null;
}

/** Keeps `bytes` in the place of those before; `time` is when they were true. */
export const writeSnapshot = (key, bytes, time) => withStore("readwrite", (store) => store.put({ bytes, time }, key));

export const dropSnapshot = (key) => withStore("readwrite", (store) => store.delete(key));
