//! `POST /_sandbox/answer`: single answers, given in the order in which they were queued.

use serde_json::Value;

use super::answer::Invention;
use super::body::Ending;
use super::fault::{Fault, Outcome};
use super::reader::Reader;
use super::rule::{Match, Rule};

/// Reads an order as the rule that it is short for.
///
/// # Errors
/// A sentence on what is wrong with it.
pub fn read(order: &[u8]) -> Result<Rule, String> {
    let order: Value = serde_json::from_slice(order).map_err(|error| error.to_string())?;
    let mut reader = Reader::new("answer".to_owned(), order)?;
    let (mut method, mut path) = (None, None);
    if let Some(mut matching) = reader.below("match")? {
        method = matching.take("method")?;
        path = matching.take("path")?;
        matching.finish()?;
    }
    let times = reader.number("times", 1..=u64::MAX)?.unwrap_or(1);
    let status = reader.status("status")?.unwrap_or_default();
    let body = reader.take("body")?.unwrap_or_else(|| Value::String(String::new()));
    let mut fault = Fault::of(Outcome::Invented(Invention::given(status, &body)));
    fault.delay = reader.delay("delay_ms")?;
    fault.headers = reader.headers("headers")?;
    if reader.flag("truncate")? {
        fault.delivery.ending = Ending::CutBeyond;
    }
    if reader.flag("drop")? {
        fault.outcome = Outcome::Nothing;
    }
    reader.finish()?;
    Ok(Rule::of_times(Match::Beginning { method, path: path.unwrap_or_default() }, times, fault))
}
