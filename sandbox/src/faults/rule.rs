//! When a fault happens.

use std::sync::Arc;

use axum::http::request::Parts;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::pattern::Pattern;
use super::reader::Reader;
use crate::control;
use crate::vendor::Vendor;

/// A fault, and when it happens.
#[derive(Debug)]
pub struct Rule {
    /// The rule's number, under which the log has it.
    pub id: u64,
    matching: Match,
    after: u64,
    times: Option<u64>,
    chance: Option<(f64, ChaCha8Rng)>,
    fault: Arc<Fault>,
    seen: u64,
    hits: u64,
    /// As it was written.
    text: Map<String, Value>,
}

/// Which requests it is for.
#[derive(Debug)]
pub enum Match {
    /// Those of vendors that fit in all of it.
    Parts { method: Option<String>, path: Option<Pattern>, query: Option<Parameter> },
    /// Any whose path and query begin like this, but for the sandbox's own.
    Beginning { method: Option<String>, path: String },
}

/// A parameter that must be there, with this value or with any.
#[derive(Debug)]
pub struct Parameter {
    name: String,
    value: Option<String>,
}

impl Rule {
    /// A rule that fires a few times, and then never again.
    pub fn of_times(matching: Match, times: u64, fault: Fault) -> Self {
        Rule {
            id: 0,
            matching,
            after: 0,
            times: Some(times),
            chance: None,
            fault: Arc::new(fault),
            seen: 0,
            hits: 0,
            text: Map::new(),
        }
    }

    /// Reads the rule at a place in a list.
    ///
    /// # Errors
    /// A sentence that names the place and the member.
    pub fn read(at: usize, rule: Value) -> Result<Self, String> {
        let text = rule.as_object().cloned().unwrap_or_default();
        let mut reader = Reader::new(format!("rules[{at}]"), rule)?;
        let matching = match reader.below("match")? {
            Some(reader) => Match::read(reader)?,
            None => Match::Parts { method: None, path: None, query: None },
        };
        let after = reader.number("after", 0..=u64::MAX)?.unwrap_or(0);
        let times = reader.number("times", 1..=u64::MAX)?;
        let seed = reader.number("seed", 0..=u64::MAX)?;
        let chance = match reader.take::<f64>("probability")? {
            Some(chance) if chance > 0.0 && chance <= 1.0 => {
                let seed = seed.unwrap_or(u64::try_from(at).unwrap_or(0));
                Some((chance, ChaCha8Rng::seed_from_u64(seed)))
            }
            Some(chance) => {
                return Err(reader.wrong("probability", format!("{chance} is not above 0 and up to 1")));
            }
            None if seed.is_some() => return Err(reader.wrong("seed", "only with a probability")),
            None => None,
        };
        let fault = Arc::new(Fault::read(&mut reader)?);
        Ok(Rule { id: 0, matching, after, times, chance, fault, seen: 0, hits: 0, text })
    }

    /// As it was written, with the counts.
    pub fn show(&self) -> Value {
        let mut shown = Map::from_iter([
            ("id".to_owned(), json!(self.id)),
            ("match".to_owned(), json!({})),
            ("after".to_owned(), json!(0)),
        ]);
        shown.extend(self.text.clone());
        shown.extend([("seen".to_owned(), json!(self.seen)), ("hits".to_owned(), json!(self.hits))]);
        shown.into()
    }

    /// Its number and its fault, if that is to happen to this request.
    pub fn fire(&mut self, request: &Parts) -> Option<(u64, Arc<Fault>)> {
        if !self.matching.fits(request) || !self.fault.concerns(request) {
            return None;
        }
        self.seen += 1;
        if self.seen <= self.after || self.is_used_up() {
            return None;
        }
        if let Some((chance, dice)) = &mut self.chance
            && !dice.random_bool(*chance)
        {
            return None;
        }
        self.hits += 1;
        Some((self.id, self.fault.clone()))
    }

    /// Whether it may yet cut a connection without an answer.
    pub fn may_cut(&self) -> bool {
        !self.is_used_up() && self.fault.may_cut()
    }

    /// Whether it will never fire again.
    pub fn is_used_up(&self) -> bool {
        self.times.is_some_and(|times| self.hits >= times)
    }
}

impl Match {
    fn read(mut reader: Reader) -> Result<Self, String> {
        let method = reader.take("method")?;
        let path: Option<String> = reader.take("path")?;
        let path =
            path.map(|path| Pattern::read(&path)).transpose().map_err(|why| reader.wrong("path", why))?;
        let query: Option<String> = reader.take("query")?;
        let query = query.map(|query| Parameter::read(&query)).transpose();
        let query = query.map_err(|why| reader.wrong("query", why))?;
        reader.finish()?;
        Ok(Match::Parts { method, path, query })
    }

    fn fits(&self, request: &Parts) -> bool {
        let (uri, path) = (&request.uri, request.uri.path());
        let is_method = |method: &Option<String>| {
            method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(request.method.as_str()))
        };
        match self {
            Match::Parts { method, path: pattern, query } => {
                Vendor::of(path).is_some()
                    && is_method(method)
                    && pattern.as_ref().is_none_or(|pattern| pattern.fits(path))
                    && query.as_ref().is_none_or(|query| query.is_in(uri.query().unwrap_or_default()))
            }
            Match::Beginning { method, path: beginning } => {
                let whole = uri.path_and_query().map_or("/", |whole| whole.as_str());
                !whole.starts_with(control::PREFIX) && is_method(method) && whole.starts_with(beginning)
            }
        }
    }
}

impl Parameter {
    fn read(text: &str) -> Result<Self, &'static str> {
        let (name, value) = form_urlencoded::parse(text.as_bytes()).next().ok_or("name a parameter")?;
        if text.contains('&') {
            return Err("only one parameter");
        }
        let value = text.contains('=').then(|| value.into_owned());
        Ok(Parameter { name: name.into_owned(), value })
    }

    fn is_in(&self, query: &str) -> bool {
        form_urlencoded::parse(query.as_bytes()).any(|(name, value)| {
            name == self.name && self.value.as_ref().is_none_or(|wanted| value == *wanted)
        })
    }
}
