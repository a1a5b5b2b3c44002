//! Telephone numbers, of groups and of people.

use serde::Serialize;
use serde_json::{Value, json};

use super::errors::Refusal;
use super::fields::Fields;

/// How many digits the longest number in the world may have.
const MOST_DIGITS: usize = 15;

/// A way to reach somebody.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// The number, or the mail address.
    pub address: String,
    /// How to show it.
    pub display: String,
    /// `PHONE` or `EMAIL`.
    pub media_type: &'static str,
    /// `PRIMARY`, `WORK` and so on.
    pub r#type: &'static str,
}

/// Reads the addresses of a group, and adds how they are shown.
pub fn read(fields: &Fields<'_>) -> Result<Option<Value>, Refusal> {
    let Some(items) = fields.objects("addresses")? else {
        return Ok(None);
    };
    let mut contacts = Vec::new();
    for item in items {
        let media_type = item.choice("mediaType", &["PHONE"])?;
        let media_type = item.require("mediaType", media_type)?;
        let kind = item.choice("type", &["GROUPRING", "GROUPPHONE"])?;
        let kind = item.require("type", kind)?;
        let mut contact = json!({ "mediaType": media_type, "type": kind });
        let address = item.filled_text("address")?;
        let extension = item.filled_text("extension")?;
        // Some of the vendor's own answers have nothing but this, and come back in an update.
        let display = item.filled_text("display")?;
        if address.or(extension).or(display).is_none() {
            return Err(Refusal::missing(&item.path("address")));
        }
        if let Some(address) = address
            && !is_e164(address)
        {
            return Err(Refusal::invalid_value(&item.path("address"), address, "a number in E.164 form"));
        }
        let shown = match (address, extension) {
            (Some(address), Some(extension)) => format!("{} x{extension}", display_of(address)),
            (Some(address), None) => display_of(address),
            (None, Some(extension)) => extension.to_owned(),
            (None, None) => display.unwrap_or_default().to_owned(),
        };
        if let Value::Object(contact) = &mut contact {
            let given = [("address", address), ("extension", extension), ("display", Some(shown.as_str()))];
            for (name, value) in given {
                contact.extend(value.map(|value| (name.to_owned(), value.into())));
            }
        }
        contacts.push(contact);
    }
    Ok(Some(contacts.into()))
}

fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain && !digits.starts_with('0') && (2..=MOST_DIGITS).contains(&digits.len())
}

/// The national form of a North American number; any other number as it is.
pub fn display_of(number: &str) -> String {
    let digits = number.strip_prefix("+1").filter(|digits| digits.len() == 10);
    let parts = digits.and_then(|digits| Some((digits.get(..3)?, digits.get(3..6)?, digits.get(6..)?)));
    match parts {
        Some((area, exchange, line)) => format!("({area}) {exchange}-{line}"),
        None => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_checked_and_shown() {
        for (number, good) in [
            ("+15553000001", true),
            ("+4687001", true),
            ("15553000001", false),
            ("+05553000001", false),
            ("+1 555 3000001", false),
            ("+1234567890123456", false),
            ("+", false),
        ] {
            assert_eq!(is_e164(number), good, "{number}");
        }
        assert_eq!(display_of("+15553000001"), "(555) 300-0001");
        assert_eq!(display_of("+4687001"), "+4687001");
    }
}
