//! The query string.

use super::errors::Refusal;

/// Parameters in the order given. A name may occur more than once.
#[derive(Debug, Default)]
pub struct Params<'a> {
    pairs: Vec<Pair<'a>>,
}

#[derive(Debug)]
struct Pair<'a> {
    name: String,
    value: String,
    /// As it stood in the query string, to be repeated in links.
    raw: &'a str,
}

impl<'a> Params<'a> {
    /// Reads a query string.
    pub fn from_query(query: &'a str) -> Self {
        let pairs = query.split('&').filter_map(|raw| {
            let (name, value) = form_urlencoded::parse(raw.as_bytes()).next()?;
            Some(Pair { name: name.into_owned(), value: value.into_owned(), raw })
        });
        Params { pairs: pairs.collect() }
    }

    /// A parameter's text, the first one that has any. Clients send `name=` for what is not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values(name).find(|value| !value.is_empty())
    }

    /// A parameter that the operation cannot do without.
    pub fn require(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }

    /// A list: the name repeated, or items between commas, or both. `None` when it has no items.
    ///
    /// The vendor declares the former and its clients send the latter. So an item cannot have a comma
    /// in it, however the comma was encoded.
    pub fn list(&self, name: &str) -> Option<Vec<&str>> {
        let items = self.values(name).flat_map(|value| value.split(','));
        let items: Vec<&str> = items.map(str::trim).filter(|item| !item.is_empty()).collect();
        (!items.is_empty()).then_some(items)
    }

    /// One of a closed set; upper and lower case are the same.
    pub fn choice(&self, name: &str, choices: &[&'static str]) -> Result<Option<&'static str>, Refusal> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        match choices.iter().find(|choice| choice.eq_ignore_ascii_case(text)) {
            Some(choice) => Ok(Some(choice)),
            None => Err(Refusal::invalid_value(name, text, &choices.join(", "))),
        }
    }

    /// Whether a list is to be turned around. The vendor declares two words and a third as the default.
    pub fn descending(&self) -> Result<bool, Refusal> {
        let order = self.choice("sortOrder", &["ascending", "descending", "ASC", "DESC"])?;
        Ok(matches!(order, Some("descending" | "DESC")))
    }

    /// All other parameters as they were given, each with an `&` in front.
    pub fn raw_without(&self, names: &[&str]) -> String {
        let others = self.pairs.iter().filter(|pair| !names.contains(&pair.name.as_str()));
        others.flat_map(|pair| ["&", pair.raw]).collect()
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |pair| pair.name == name).map(|pair| pair.value.as_str())
    }
}
