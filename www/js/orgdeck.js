// The one door to the package. Everything the console knows of the vendors goes through what this exports.

export {
  default as init,
  Close,
  ConflictError,
  Criteria,
  DirectoryTable,
  Genesys,
  OrgdeckError,
  version,
} from "../../pkg/dist/index.js";
export { PkceLogin } from "../../pkg/dist/login.js";
