use std::fmt::Write as _;

use super::{Enum, Field, Kind, Record, Shape};

/// Writes schemas as TypeScript declarations, each once, in the order they are met.
#[derive(Debug, Default)]
pub struct Typescript {
    text: String,
    done: Vec<&'static str>,
    /// The records that answers hold. Lists of the others are only read, so that callers may give constant ones.
    answered: Vec<&'static str>,
}

impl Typescript {
    /// Notes that answers hold a shape.
    pub fn answered(&mut self, shape: &Shape) {
        match shape.kind {
            Kind::Record(record) if !self.answered.contains(&record.name) => {
                self.answered.push(record.name);
                for field in record.fields {
                    self.answered(&field.shape);
                }
            }
            Kind::List(item) => self.answered(item),
            Kind::Boxed(kind) => self.answered(&Shape { kind: kind(), ..*shape }),
            _ => {}
        }
    }

    /// Adds a record and all that it refers to.
    pub fn record(&mut self, record: &'static Record) {
        if self.done.contains(&record.name) {
            return;
        }
        self.done.push(record.name);
        for field in record.fields {
            self.referred(&field.shape);
        }
        self.docs(record.docs, "");
        let _ = writeln!(self.text, "export interface {} {{", record.name);
        for (Field { name, shape, required }, docs) in record.fields.into_iter().zip(record.field_docs) {
            self.docs(docs, "  ");
            let mark = if required { "" } else { "?" };
            let is_answered = self.answered.contains(&record.name);
            let only = if matches!(shape.kind, Kind::List(_)) && !is_answered { "readonly " } else { "" };
            let _ = writeln!(self.text, "  {name}{mark}: {only}{};", type_of(&shape));
        }
        self.text.push_str("}\n\n");
    }

    /// The declarations.
    pub fn finish(self) -> String {
        self.text
    }

    fn referred(&mut self, shape: &Shape) {
        match shape.kind {
            Kind::Record(record) => self.record(record),
            Kind::List(item) => self.referred(item),
            Kind::Boxed(kind) => self.referred(&Shape { kind: kind(), ..*shape }),
            Kind::Enum(set) => self.set(set),
            Kind::Text(_) | Kind::Boolean | Kind::Integer(_) | Kind::Number | Kind::Any => {}
        }
    }

    fn set(&mut self, set: &'static Enum) {
        if self.done.contains(&set.name) {
            return;
        }
        self.done.push(set.name);
        self.docs(set.docs, "");
        let _ = writeln!(self.text, "export type {} =", set.name);
        for value in set.known {
            let _ = writeln!(self.text, "  | {value:?}");
        }
        // Keeps the known values for completion, and takes those the vendor adds later.
        self.text.push_str("  | (string & {});\n\n");
    }

    fn docs(&mut self, docs: &[&str], indent: &str) {
        match docs {
            [] => {}
            [line] => {
                let _ = writeln!(self.text, "{indent}/** {} */", line.trim());
            }
            lines => {
                let _ = writeln!(self.text, "{indent}/**");
                for line in lines {
                    let _ = writeln!(self.text, "{}", format!("{indent} * {}", line.trim()).trim_end());
                }
                let _ = writeln!(self.text, "{indent} */");
            }
        }
    }
}

fn type_of(shape: &Shape) -> String {
    let name = match shape.kind {
        Kind::Text(_) => "string".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Integer(_) | Kind::Number => "number".to_owned(),
        Kind::Any => "unknown".to_owned(),
        Kind::Enum(set) => set.name.to_owned(),
        Kind::List(item) if item.nullable => format!("({})[]", type_of(item)),
        Kind::List(item) => format!("{}[]", type_of(item)),
        Kind::Record(record) => record.name.to_owned(),
        Kind::Boxed(kind) => type_of(&Shape { kind: kind(), nullable: false }),
    };
    if shape.nullable { format!("{name} | null") } else { name }
}
