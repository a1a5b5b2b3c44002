//! What the bindings have for other browsers and other callers than there are is left out of them.

use anyhow::{Context, Result};

/// Functions in a shorter form, by their names.
///
/// Views of the memory are quickly made. Of a text, wasm-bindgen copies what is ASCII one character at a time and grows
/// the room for the rest; the browser's encoder is as fast in one go, and faster for what is long.
const FUNCTIONS: [(&str, &str); 5] = [
    // It is given what to try, and gives a function that tries it.
    (
        "handleError(f, args)",
        "return (...args) => {\ntry {\nreturn f(...args);\n} catch (e) {\n\
         wasm.__wbindgen_exn_store(addToExternrefTable0(e));\n}\n};",
    ),
    ("getDataViewMemory0()", "return new DataView(wasm.memory.buffer);"),
    ("getUint32ArrayMemory0()", "return new Uint32Array(wasm.memory.buffer);"),
    (
        "getArrayU8FromWasm0(ptr, len)",
        "ptr = ptr >>> 0;\nreturn getUint8ArrayMemory0().subarray(ptr, ptr + len);",
    ),
    (
        "passStringToWasm0(arg, malloc, realloc)",
        "return passArray8ToWasm0(cachedTextEncoder.encode(arg), wasm.__wbindgen_malloc);",
    ),
];

/// Texts that are replaced wherever they stand.
///
/// Whatever runs SIMD has finalizers, and an encoder. Nobody outside sees the classes, so nobody disposes of them but by
/// `free`.
const TEXTS: [(&str, &str); 11] = [
    (
        "(typeof FinalizationRegistry === 'undefined')\n    ? { register: () => {}, unregister: () => {} }\n    : ",
        "",
    ),
    ("let cachedDataViewMemory0 = null;\n", ""),
    ("let cachedUint32ArrayMemory0 = null;\n", ""),
    ("if (Symbol.dispose) ", "if (false) "),
    ("if (!('encodeInto' in cachedTextEncoder)) {", "if (false) {"),
    (", wasm.__wbindgen_malloc, wasm.__wbindgen_realloc)", ")"),
    ("arg.length * 1, 1)", "arg.length, 1)"),
    (".set(arg, ptr / 1)", ".set(arg, ptr)"),
    (" + 4 * 0, ", ", "),
    ("function() { return handleError(function (", "handleError(function("),
    ("}, arguments); },", "}),"),
];

/// The bindings without it. Fails when wasm-bindgen makes others than it did.
pub fn bindings(text: &str) -> Result<String> {
    let mut text = text.to_owned();
    for (head, body) in FUNCTIONS {
        text = with_body(&text, head, body).with_context(|| format!("wasm-bindgen makes no `{head}`"))?;
    }
    for (old, new) in TEXTS {
        anyhow::ensure!(text.contains(old), "wasm-bindgen makes no `{old}`");
        text = text.replace(old, new);
    }
    Ok(text.lines().map(with_arrow).collect())
}

/// A line that begins a function without a name, as one that is shorter to write.
fn with_arrow(line: &str) -> String {
    match line.strip_suffix(") {").and_then(|line| line.split_once("function(")) {
        Some((before, arguments)) => format!("{before}({arguments}) => {{\n"),
        None => format!("{line}\n"),
    }
}

fn with_body(text: &str, head: &str, body: &str) -> Option<String> {
    let (before, after) = text.split_once(&format!("\nfunction {head} {{\n"))?;
    let (_, after) = after.split_once("\n}\n")?;
    Some(format!("{before}\nfunction {head} {{\n{body}\n}}\n{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_made_shorter_and_missing_ones_are_told() {
        let text = "let a;\nfunction f(a) {\n    if (a) {\n    }\n}\nfunction g() {\n}\n";
        let shorter = "let a;\nfunction f(a) {\nreturn a;\n}\nfunction g() {\n}\n";
        assert_eq!(with_body(text, "f(a)", "return a;").as_deref(), Some(shorter));
        assert_eq!(with_body(text, "f(b)", ""), None);
        assert_eq!(with_arrow("    a: function(b) {"), "    a: (b) => {\n");
        assert_eq!(with_arrow("function a(b) {"), "function a(b) {\n");
        assert!(bindings(text).unwrap_err().to_string().contains("wasm-bindgen makes no `"));
    }
}
