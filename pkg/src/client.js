// The clients over the WebAssembly of this package.

import { CloseApi, Core, GenesysApi, searchRequest, wellFormed } from "./orgdeck.js";
import { requireInit } from "./load.js";

const makeCore = (...given) => {
  // Clients ask for another one when theirs has stopped.
  requireInit("a client");
  return new Core(...given);
};

export class Close extends CloseApi {
  constructor(options) {
    requireInit("new Close(…)");
    super(makeCore, options);
  }
}

export class Genesys extends GenesysApi {
  constructor(options) {
    requireInit("new Genesys(…)");
    super(makeCore, options);
  }

  static searchRequest(request) {
    requireInit("Genesys.searchRequest(…)");
    return JSON.parse(searchRequest(wellFormed("request", request)));
  }
}
