// Where Genesys Cloud lives: its regions by the keys that the vendor's own SDKs use, and their hosts. The API is at
// `api.` in front of a host, the sign-in at `login.`.

import { configError } from "./errors.js";

const hosts = {
  us_east_1: "mypurecloud.com",
  eu_west_1: "mypurecloud.ie",
  ap_southeast_2: "mypurecloud.com.au",
  ap_northeast_1: "mypurecloud.jp",
  eu_central_1: "mypurecloud.de",
  us_west_2: "usw2.pure.cloud",
  ca_central_1: "cac1.pure.cloud",
  ap_northeast_2: "apne2.pure.cloud",
  ap_southeast_1: "apse1.pure.cloud",
  eu_west_2: "euw2.pure.cloud",
  ap_south_1: "aps1.pure.cloud",
  us_east_2: "use2.us-gov-pure.cloud",
  sa_east_1: "sae1.pure.cloud",
  me_central_1: "mec1.pure.cloud",
  ap_northeast_3: "apne3.pure.cloud",
  eu_central_2: "euc2.pure.cloud",
  mx_central_1: "mxc1.pure.cloud",
  eusc_de_east_1: "edee1.eusc-pure.cloud",
};

/** The host of a region, by its key; any other host stands for itself. */
export function hostOf(region) {
  if (Object.hasOwn(hosts, region)) return hosts[region];
  if (/^([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]([a-z\d-]*[a-z\d])?$/i.test(region)) return region;
  const keys = Object.keys(hosts).join(", ");
  throw configError(`options.region: \`${region}\` is neither a host such as mypurecloud.com nor one of ${keys}`);
}
