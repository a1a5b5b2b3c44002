use std::borrow::Cow;

use orgdeck_columns::scan::{self, Taken};

/// What a value starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An array.
    List,
    /// An object.
    Object,
}

/// A text stops being JSON where its reader stands: see [`Reader::malformed`]. It says no more, because every step of a
/// walk gives one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halt;

/// Where a text stops being JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The offset in bytes.
    pub at: usize,
    /// Whether the text ended where more was due.
    pub truncated: bool,
}

/// A string as it stands between its quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    raw: &'a str,
    has_escapes: bool,
}

impl<'a> Text<'a> {
    /// What it says. Half of a surrogate pair, which JSON allows and Unicode does not, becomes a replacement
    /// character.
    pub fn decode(self) -> Cow<'a, str> {
        if !self.has_escapes {
            return Cow::Borrowed(self.raw);
        }
        let mut said = Vec::new();
        scan::unescape(self.raw.as_bytes(), &mut said);
        Cow::Owned(String::from_utf8(said).unwrap_or_default())
    }
}

/// Reads a text from its start to its end. Each value is read by the call for its kind, or skipped.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader of a text.
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Where it stands, for one that has come to a halt.
    pub const fn malformed(&self) -> Malformed {
        Malformed { at: self.at, truncated: self.at >= self.text.len() }
    }

    fn space(&mut self) {
        self.at = scan::space(self.text.as_bytes(), self.at);
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.byte() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Goes on to where the scanner stopped, or halts there.
    fn go(&mut self, to: Result<usize, scan::Malformed>) -> Result<(), Halt> {
        let (Ok(at) | Err(scan::Malformed(at))) = to;
        self.at = at;
        if to.is_ok() { Ok(()) } else { Err(Halt) }
    }

    /// What the next value starts with.
    ///
    /// # Errors
    /// When no value starts here.
    pub fn peek(&mut self) -> Result<Token, Halt> {
        self.space();
        match self.byte() {
            Some(b'n') => Ok(Token::Null),
            Some(b't' | b'f') => Ok(Token::Boolean),
            Some(b'-' | b'0'..=b'9') => Ok(Token::Number),
            Some(b'"') => Ok(Token::Text),
            Some(b'[') => Ok(Token::List),
            Some(b'{') => Ok(Token::Object),
            _ => Err(Halt),
        }
    }

    fn due(&mut self, token: Token) -> Result<(), Halt> {
        if self.peek()? == token { Ok(()) } else { Err(Halt) }
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn boolean(&mut self) -> Result<bool, Halt> {
        self.due(Token::Boolean)?;
        let value = self.byte() == Some(b't');
        self.skip().map(|()| value)
    }

    /// Reads a number: its text.
    ///
    /// # Errors
    /// When it is not one.
    pub fn number(&mut self) -> Result<&'a str, Halt> {
        self.due(Token::Number)?;
        let start = self.at;
        self.skip()?;
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// Reads a string.
    ///
    /// # Errors
    /// When it is not one.
    pub fn text(&mut self) -> Result<Text<'a>, Halt> {
        self.due(Token::Text)?;
        let found = scan::text(self.text.as_bytes(), self.at, Taken::All);
        self.go(found.map(|text| text.end + 1))?;
        let text = found.map_err(|_| Halt)?;
        let raw = self.text.get(scan::inside(text)).unwrap_or_default();
        Ok(Text { raw, has_escapes: text.has_escapes })
    }

    /// Goes into an array or object: then call [`Reader::item`] or [`Reader::key`] with `first` until they end.
    ///
    /// # Errors
    /// When there is none.
    pub fn enter(&mut self) -> Result<(), Halt> {
        self.space();
        if self.take(b'[') || self.take(b'{') { Ok(()) } else { Err(Halt) }
    }

    /// Whether an array has a further item, which is then read next.
    ///
    /// # Errors
    /// When neither an item nor the end follows.
    pub fn item(&mut self, first: bool) -> Result<bool, Halt> {
        self.further(b']', first)
    }

    /// The name of an object's further member, whose value is then read next; `None` behind the last one.
    ///
    /// # Errors
    /// When neither a member nor the end follows.
    pub fn key(&mut self, first: bool) -> Result<Option<Text<'a>>, Halt> {
        if !self.further(b'}', first)? {
            return Ok(None);
        }
        let key = self.text()?;
        self.space();
        if self.take(b':') { Ok(Some(key)) } else { Err(Halt) }
    }

    fn further(&mut self, close: u8, first: bool) -> Result<bool, Halt> {
        self.space();
        if self.take(close) {
            return Ok(false);
        }
        if first || self.take(b',') { Ok(true) } else { Err(Halt) }
    }

    /// Skips a value, however deep, and checks that it is one.
    ///
    /// # Errors
    /// When it is not.
    pub fn skip(&mut self) -> Result<(), Halt> {
        self.go(scan::skip(self.text.as_bytes(), self.at, Taken::All))
    }

    /// Checks that nothing but space follows.
    ///
    /// # Errors
    /// When something does.
    pub fn end(&mut self) -> Result<(), Halt> {
        self.space();
        if self.at == self.text.len() { Ok(()) } else { Err(Halt) }
    }
}
