// Addresses within the page: `#/close/groups/{id}` is a vendor, one of its screens, and what that shows.

/** The hash of a screen. */
export function addressOf(vendor, screen, id) {
  return `#/${[vendor, screen, id].filter(Boolean).map(encodeURIComponent).join("/")}`;
}

/** The parts of a hash. `vendor` is empty where the address begins with a screen. */
export function partsOf(hash, vendors) {
  const parts = hash.replace(/^#\/?/, "").split("/").map(decode);
  const vendor = vendors.includes(parts[0]) ? parts.shift() : "";
  return { vendor, name: parts[0] ?? "", id: parts[1] ?? null };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
