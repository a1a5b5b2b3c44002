//! Criteria as Genesys writes them.

use crate::http::{decimal, fill};
use crate::json::{Json, quote};
use crate::query::{Criteria, Test};

const AND: &str = "AND";
const OR: &str = "OR";
const NOT: &str = "NOT";

/// A list of criteria with the meaning of a tree, as JSON text. Whatever a reader takes the operators of a list to mean,
/// as long as lists of one operator mean what they say, it means the same: `OR` is never mixed with others, and a `NOT`
/// never stands alone.
pub fn to_wire(criteria: &Criteria) -> String {
    let mut out = String::new();
    list(criteria, &mut out);
    out
}

fn list(criteria: &Criteria, out: &mut String) {
    out.push('[');
    match criteria {
        Criteria::And(list) if !list.is_empty() => {
            if list.iter().all(|inner| matches!(inner, Criteria::Not(_))) {
                everything(AND, out);
            }
            for inner in list {
                match inner {
                    Criteria::Not(inner) => one(inner, NOT, out),
                    inner => one(inner, AND, out),
                }
            }
        }
        Criteria::Or(list) if !list.is_empty() => list.iter().for_each(|inner| one(inner, OR, out)),
        Criteria::Not(inner) => {
            everything(AND, out);
            one(inner, NOT, out);
        }
        // Nothing at all, said so that it cannot be read as a list that was left out.
        Criteria::Or(_) => {
            everything(AND, out);
            everything(NOT, out);
        }
        Criteria::And(_) | Criteria::All | Criteria::Test { .. } => one(criteria, "", out),
    }
    close(']', out);
}

/// A tree as one criterion, with a comma behind it.
fn one(criteria: &Criteria, operator: &str, out: &mut String) {
    match criteria {
        Criteria::All => return everything(operator, out),
        Criteria::And(list) if list.is_empty() => return everything(operator, out),
        Criteria::And(_) | Criteria::Or(_) | Criteria::Not(_) => {
            out.push_str("{\"type\":\"MATCH_ALL\",\"group\":");
            list(criteria, out);
            out.push(',');
        }
        Criteria::Test { fields, test } => {
            let (kind, values) = match test {
                Test::Exact(values) => ("EXACT", values.as_slice()),
                Test::StartsWith(values) => ("STARTS_WITH", values.as_slice()),
                Test::Contains(values) => ("CONTAINS", values.as_slice()),
                Test::Term(values) if values.len() > 1 => ("TERMS", values.as_slice()),
                Test::Term(values) => ("TERM", values.as_slice()),
                Test::Regex(values) => ("REGEX", values.as_slice()),
                Test::Required => ("REQUIRED_FIELDS", [].as_slice()),
                // The model has fields for ranges, but no type for them. `EXACT` is a type that every server knows.
                Test::Range { .. } => ("EXACT", [].as_slice()),
            };
            out.push('{');
            member("type", Some(kind), out);
            members("fields", fields, out);
            match values {
                [] => {}
                [value] => member("value", Some(value), out),
                values => members("values", values, out),
            }
            if let Test::Range { from, to, format } = test {
                member("startValue", from.as_deref(), out);
                member("endValue", to.as_deref(), out);
                member("dateFormat", format.as_deref(), out);
            }
        }
    }
    end(operator, out);
}

fn everything(operator: &str, out: &mut String) {
    out.push_str("{\"type\":\"MATCH_ALL\",");
    end(operator, out);
}

fn end(operator: &str, out: &mut String) {
    member("operator", Some(operator).filter(|operator| !operator.is_empty()), out);
    close('}', out);
    out.push(',');
}

/// Closes a list or an object behind its last comma.
fn close(end: char, out: &mut String) {
    if out.ends_with(',') {
        out.pop();
    }
    out.push(end);
}

#[inline(never)]
fn member(name: &str, text: Option<&str>, out: &mut String) {
    if let Some(text) = text {
        quote(name, out);
        out.push(':');
        quote(text, out);
        out.push(',');
    }
}

fn members(name: &str, texts: &[String], out: &mut String) {
    quote(name, out);
    out.push_str(":[");
    for text in texts {
        quote(text, out);
        out.push(',');
    }
    close(']', out);
    out.push(',');
}

/// What the shape of a request cannot say: a test without fields or a value finds nothing, or everything, and says
/// so to nobody.
pub(super) fn check(request: &Json) -> Result<(), String> {
    check_list(request.items("query"), "query")
}

fn check_list(list: &[Json], path: &str) -> Result<(), String> {
    for (at, criterion) in list.iter().enumerate() {
        let path = fill("{}[{}]", &[path, &decimal(at as u64)]);
        let text = |name: &str| criterion.text(name).unwrap_or_default();
        let kind = text("type");
        if matches!(
            kind,
            "EXACT" | "STARTS_WITH" | "CONTAINS" | "REGEX" | "TERM" | "TERMS" | "REQUIRED_FIELDS"
        ) {
            if criterion.items("fields").is_empty() {
                return Err(fill("{}.fields: {} needs the name of a field", &[&path, kind]));
            }
            let given = |name: &str| criterion.get(name).is_some();
            let empty =
                ["value", "startValue", "endValue"].iter().find(|name| given(name) && text(name).is_empty());
            if let Some(name) = empty {
                return Err(fill("{}.{}: the value is empty", &[&path, name]));
            }
            if let Some(at) = criterion.items("values").iter().position(|value| value.as_str() == Some("")) {
                return Err(fill("{}.values[{}]: the value is empty", &[&path, &decimal(at as u64)]));
            }
            let has_range = kind == "EXACT" && (given("startValue") || given("endValue"));
            let has_value = given("value") || has_range || !criterion.items("values").is_empty();
            if kind != "REQUIRED_FIELDS" && !has_value {
                return Err(fill("{}.value: {} needs a value", &[&path, kind]));
            }
        }
        check_list(criterion.items("group"), &fill("{}.group", &[&path]))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(text: &str) -> String {
        to_wire(&Criteria::parse(&Json::parse(text).unwrap()).unwrap())
    }

    #[test]
    fn trees_become_lists_that_can_be_read_in_one_way_only() {
        let (a, b) = (r#"{"exact":"x","fields":"a"}"#, r#"{"term":["x","y"],"fields":["b","c"]}"#);
        let (wire_a, wire_b) = (
            r#""type":"EXACT","fields":["a"],"value":"x""#,
            r#""type":"TERMS","fields":["b","c"],"values":["x","y"]"#,
        );
        let all = r#"{"type":"MATCH_ALL""#;
        for (tree, expected) in [
            (a.to_owned(), format!("[{{{wire_a}}}]")),
            (r#"{"all":true}"#.to_owned(), r#"[{"type":"MATCH_ALL"}]"#.to_owned()),
            (r#"{"and":[]}"#.to_owned(), r#"[{"type":"MATCH_ALL"}]"#.to_owned()),
            (
                format!(r#"{{"and":[{a},{b}]}}"#),
                format!(r#"[{{{wire_a},"operator":"AND"}},{{{wire_b},"operator":"AND"}}]"#),
            ),
            (
                format!(r#"{{"or":[{a},{b}]}}"#),
                format!(r#"[{{{wire_a},"operator":"OR"}},{{{wire_b},"operator":"OR"}}]"#),
            ),
            (
                format!(r#"{{"not":{a}}}"#),
                format!(r#"[{all},"operator":"AND"}},{{{wire_a},"operator":"NOT"}}]"#),
            ),
            (
                format!(r#"{{"and":[{a},{{"not":{b}}}]}}"#),
                format!(r#"[{{{wire_a},"operator":"AND"}},{{{wire_b},"operator":"NOT"}}]"#),
            ),
            (
                format!(r#"{{"or":[{a},{{"not":{b}}}]}}"#),
                format!(
                    r#"[{{{wire_a},"operator":"OR"}},{all},"group":[{all},"operator":"AND"}},{{{wire_b},"operator":"NOT"}}],"operator":"OR"}}]"#
                ),
            ),
            (r#"{"or":[]}"#.to_owned(), format!(r#"[{all},"operator":"AND"}},{all},"operator":"NOT"}}]"#)),
            (
                r#"{"range":{"from":1,"to":2},"fields":"version"}"#.to_owned(),
                r#"[{"type":"EXACT","fields":["version"],"startValue":"1","endValue":"2"}]"#.to_owned(),
            ),
            (
                r#"{"required":["a","b"]}"#.to_owned(),
                r#"[{"type":"REQUIRED_FIELDS","fields":["a","b"]}]"#.to_owned(),
            ),
        ] {
            assert_eq!(wire(&tree), expected, "{tree}");
        }
    }

    #[test]
    fn criteria_that_are_not_whole_are_named_by_their_path() {
        for (query, message) in [
            (r#"[{"type":"EXACT","value":"x"}]"#, "query[0].fields: EXACT needs"),
            (r#"[{"type":"MATCH_ALL"},{"type":"TERM","fields":["a"]}]"#, "query[1].value: TERM needs"),
            (r#"[{"type":"TERMS","fields":["a"],"values":["x",""]}]"#, "query[0].values[1]: "),
            (r#"[{"type":"CONTAINS","fields":["a"],"value":""}]"#, "query[0].value: "),
            (
                r#"[{"type":"MATCH_ALL","group":[{"type":"REQUIRED_FIELDS"}]}]"#,
                "query[0].group[0].fields: REQUIRED_FIELDS needs",
            ),
        ] {
            let request = Json::parse(&format!(r#"{{"query":{query}}}"#)).unwrap();
            let error = check(&request).unwrap_err();
            assert!(error.starts_with(message), "{query}: {error}");
        }
        let unknown = Json::parse(r#"{"query":[{"type":"NEW_KIND"}]}"#).unwrap();
        assert_eq!(check(&unknown), Ok(()), "the vendor may know it");
    }
}
