//! The table of functions that are called by their place.

use std::path::Path;

use anyhow::{Result, ensure};
use walrus::{ElementItems, FunctionBuilder, FunctionId, ModuleConfig};

/// What wasm-bindgen calls the functions by which JavaScript calls closures.
const CALLERS: &str = "wasm_bindgen::convert::closures::_::invoke";

/// What nobody asks for: `trim.rs` takes the call of the first out of the bindings, and `load.js` tells by itself what has
/// stopped.
const UNUSED: [&str; 3] = ["__wbindgen_realloc", "__abort_handler", "__instance_terminated"];

/// Takes functions out of the table that nothing calls through it, so that `wasm-opt` can drop them.
///
/// Descriptions of closures, of every kind there could be, put the functions there by which JavaScript would call them;
/// wasm-bindgen reads the descriptions and drops them, and leaves the table as it is. JavaScript calls those of closures
/// that there are by their names.
pub fn clear(wasm: &Path, keeps_names: bool) -> Result<()> {
    let mut module = ModuleConfig::new().generate_name_section(keeps_names).parse_file(wasm)?;
    for name in UNUSED {
        module.exports.remove(name)?;
    }
    let is_caller = |name: &str| name.contains(CALLERS);
    let named = module.funcs.iter().filter(|function| function.name.as_deref().is_some_and(is_caller));
    let callers: Vec<FunctionId> = named.map(walrus::Function::id).collect();
    ensure!(!callers.is_empty(), "wasm-bindgen calls its functions otherwise than `{CALLERS}`");
    let mut nothing = FunctionBuilder::new(&mut module.types, &[], &[]);
    nothing.func_body().unreachable();
    let nothing = nothing.finish(Vec::new(), &mut module.funcs);
    for element in module.elements.iter_mut() {
        if let ElementItems::Functions(functions) = &mut element.items {
            for function in functions.iter_mut().filter(|function| callers.contains(function)) {
                *function = nothing;
            }
        }
    }
    module.emit_wasm_file(wasm)
}
