//! Short names between the WebAssembly and its bindings: the generated ones end in hashes, which no compression makes
//! smaller, and stand in both files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// The module that the generated bindings say they are.
const MODULE: &str = "./orgdeck_bg.js";
/// What `wasm-opt` makes of it, and of every other module.
const MINIFIED_MODULE: &str = "a";
/// Where the object begins that stands for it.
const OBJECT: &str = "import0 = {";

/// What makes `wasm-opt` rename them, and say so.
pub const PASS: &str = "--minify-imports-and-exports-and-modules";

/// Renames in the bindings what `wasm-opt` said that it has renamed.
pub fn bindings(path: &Path, said: &str) -> Result<()> {
    let said: Value = serde_json::from_str(said).context("wasm-opt did not say what it renamed")?;
    let renamed = renamed_bindings(&fs::read_to_string(path)?, &said);
    Ok(fs::write(path, renamed.context("the bindings are not those of the WebAssembly")?)?)
}

/// The bindings with the new names; nothing when one of the old names is not in them.
fn renamed_bindings(text: &str, said: &Value) -> Option<String> {
    let mut out = replace(text, &format!("\"{MODULE}\""), &format!("\"{MINIFIED_MODULE}\""))?;
    for import in said.get("imports")?.as_array()? {
        let [module, old, new] = [0, 1, 2].map(|at| import.get(at).and_then(Value::as_str));
        let (module, old, new) = (module?, old?, new?);
        out = if module == MODULE {
            replace(&out, &format!("{old}:"), &format!("{new}:"))?
        } else {
            // What a hand-written module gives as it is.
            let (before, _) = text.split_once(&format!(" from \"{module}\""))?;
            let (_, alias) = before.rsplit_once(' ')?;
            replace(&out, OBJECT, &format!("{OBJECT} {new}: {alias}.{old},"))?
        };
    }
    for export in said.get("exports")?.as_array()? {
        let (old, new) = (export.get(0)?.as_str()?, export.get(1)?.as_str()?);
        // The bindings use some exports, such as those of the test runner's, not at all.
        out = replace_whole(&out, &format!("wasm.{old}"), &format!("wasm.{new}"));
    }
    Some(out)
}

fn replace(text: &str, old: &str, new: &str) -> Option<String> {
    text.contains(old).then(|| text.replace(old, new))
}

/// Replaces a name where no longer one begins with it.
fn replace_whole(text: &str, old: &str, new: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(old) {
        let goes_on =
            after.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_' || next == '$');
        out.push_str(before);
        out.push_str(if goes_on { old } else { new });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_whole_and_missing_ones_are_told() {
        let said = serde_json::json!({
            "imports": [["./orgdeck_bg.js", "__wbg_a_1f", "$"], ["./snippets/x.js", "tell", "a"]],
            "exports": [["list", "b"], ["list_open", "c"], ["unused", "d"]],
        });
        let text = "import * as import1 from \"./snippets/x.js\";\n\
            import0 = { __wbg_a_1f: function() { wasm.list(); wasm.list_open(wasm.list_opened, wasm.list) } };\n\
            return { \"./orgdeck_bg.js\": import0 }";
        assert_eq!(
            renamed_bindings(text, &said).unwrap(),
            "import * as import1 from \"./snippets/x.js\";\n\
            import0 = { a: import1.tell, $: function() { wasm.b(); wasm.c(wasm.list_opened, wasm.b) } };\n\
            return { \"a\": import0 }"
        );
        assert_eq!(renamed_bindings("return { \"./orgdeck_bg.js\": import0 }", &said), None);
    }
}
