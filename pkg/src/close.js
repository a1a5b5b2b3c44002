// The Close client over the WebAssembly of this package.

import { CloseApi, CloseCore } from "./orgdeck.js";
import { requireInit } from "./load.js";

export class Close extends CloseApi {
  constructor(options) {
    requireInit("Close");
    super((...given) => new CloseCore(...given), options);
  }
}
