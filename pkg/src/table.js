// Tables over the WebAssembly of this package.

import { Columns, provideColumns } from "./orgdeck.js";
import { requireInit } from "./load.js";

provideColumns((name, given) => {
  requireInit(name);
  return new Columns(given);
});

export { DirectoryTable } from "./orgdeck.js";
