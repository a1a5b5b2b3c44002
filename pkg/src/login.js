// The entry point for signing in, apart from the clients: a page that only signs people in loads no WebAssembly.

export { PkceLogin } from "./snippets/orgdeck/src/js/login.js";
