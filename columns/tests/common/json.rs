//! JSON that is written by chance.

use proptest::prelude::*;
use proptest::sample::select;

/// Spaces as JSON may have them.
pub fn spaces() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(""), 1 => select(vec![" ", "\n", "\t", "\r\n  ", "                  "])]
}

/// A JSON string.
pub fn string() -> impl Strategy<Value = String> {
    let escapes = vec![
        r"\n",
        r"\t",
        r"\r",
        r"\b",
        r"\f",
        r"\/",
        r"\\",
        r#"\""#,
        r"\u0000",
        r"\u00e9",
        r"\u001F",
        r"\uFFFF",
        r"\ud83d\ude00",
        r"\uDBFF\uDFFF",
    ];
    let part = prop_oneof![
        4 => "[ -!#-\\[\\]-~]{0,40}",
        2 => "[^\"\\\\\\p{Cc}]{0,8}",
        2 => select(escapes).prop_map(str::to_owned),
        1 => select(vec!["é", "😀", "ł", "\u{7f}", "\u{2028}", "e\u{301}"]).prop_map(str::to_owned),
    ];
    prop_oneof![
        400 => prop::collection::vec(part, 0..4).prop_map(|parts| ["\"", &parts.concat(), "\""].concat()),
        1 => ("[a-zé]", 1_000_usize..80_000).prop_map(|(part, count)| ["\"", &part.repeat(count), "\""].concat()),
    ]
}

/// A JSON number.
pub fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["0", "-0", "1e400", "-1E-400", "9007199254740993", "0.1", "-0.0", "1E+2", "5e0"])
            .prop_map(str::to_owned),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?",
    ]
}

/// A JSON value, seldom a deep one.
pub fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        2 => select(vec!["null", "true", "false", "[]", "{}", "[ ]", "{\n}"]).prop_map(str::to_owned),
        2 => number(),
        4 => string(),
    ];
    let nested = leaf.clone().prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" , "))),
            prop::collection::vec((string(), inner), 0..4)
                .prop_map(|members| members_of(&members.iter().map(join).collect::<Vec<_>>())),
        ]
    });
    prop_oneof![3 => leaf, 1 => nested]
}

fn join((name, value): &(String, String)) -> String {
    format!("{name}: {value}")
}

fn members_of(members: &[String]) -> String {
    format!("{{{}}}", members.join(","))
}

/// The name of a field, as JSON writes it: most often one of a few.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => select(vec![r#""a""#, r#""b""#, r#""first_name""#, r#""n\u0061me""#, r#""""#, r#""é""#])
            .prop_map(str::to_owned),
        1 => string(),
    ]
}

/// An array of records: the same fields in the same order, most often, and no id twice.
pub fn array() -> impl Strategy<Value = String> {
    let member = (name(), value(), spaces(), spaces());
    let others = (prop::collection::vec(member, 0..6), any::<bool>(), any::<usize>(), spaces());
    prop::collection::vec(others, 0..20).prop_map(|others| {
        let mut records = Vec::new();
        for (at, (members, is_text, place, space)) in others.into_iter().enumerate() {
            let text =
                |(name, value, before, behind)| format!("{before}{name}{behind}:{before}{value}{behind}");
            let mut members: Vec<String> =
                members.into_iter().filter(|member| member.0 != r#""id""#).map(text).collect();
            let id = if is_text { format!(r#""id":"{at}é""#) } else { format!(r#""\u0069d" :{at}.5e1"#) };
            members.insert(place % (members.len() + 1), id);
            records.push(format!("{space}{}{space}", members_of(&members)));
        }
        format!("[{}]", records.join(","))
    })
}
