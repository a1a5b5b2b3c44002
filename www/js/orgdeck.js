// The one door to the package. Everything the console knows of Close goes through what this exports.

export { default as init, Close, OrgdeckError, version } from "../../pkg/dist/index.js";
