use std::borrow::Cow;

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
        if self.has_escapes { Cow::Owned(unescape(self.raw)) } else { Cow::Borrowed(self.raw) }
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
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.byte() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> Result<(), Halt> {
        for byte in word.bytes() {
            if !self.take(byte) {
                return Err(Halt);
            }
        }
        Ok(())
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

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn boolean(&mut self) -> Result<bool, Halt> {
        self.space();
        let value = self.byte() == Some(b't');
        self.word(if value { "true" } else { "false" }).map(|()| value)
    }

    /// Reads a number: its text.
    ///
    /// # Errors
    /// When it is not one.
    pub fn number(&mut self) -> Result<&'a str, Halt> {
        self.space();
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn digits(&mut self) -> Result<(), Halt> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Halt) }
    }

    /// Reads a string.
    ///
    /// # Errors
    /// When it is not one.
    pub fn text(&mut self) -> Result<Text<'a>, Halt> {
        self.space();
        if !self.take(b'"') {
            return Err(Halt);
        }
        let start = self.at;
        let mut has_escapes = false;
        loop {
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    self.at += 1;
                    match self.byte() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                match self.byte() {
                                    Some(byte) if byte.is_ascii_hexdigit() => self.at += 1,
                                    _ => return Err(Halt),
                                }
                            }
                        }
                        _ => return Err(Halt),
                    }
                }
                Some(0x20..) => self.at += 1,
                _ => return Err(Halt),
            }
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        self.at += 1;
        Ok(Text { raw, has_escapes })
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
        // What is open, for each level whether it is an object: a deep text must not exhaust the stack.
        let mut open: Vec<bool> = Vec::new();
        let mut first = false;
        loop {
            let goes_on = match open.last() {
                None => true,
                Some(true) => self.key(first)?.is_some(),
                Some(false) => self.item(first)?,
            };
            first = false;
            if goes_on {
                match self.peek()? {
                    Token::Null => self.word("null")?,
                    Token::Boolean => self.boolean().map(|_| ())?,
                    Token::Number => self.number().map(|_| ())?,
                    Token::Text => self.text().map(|_| ())?,
                    token => {
                        self.enter()?;
                        open.push(token == Token::Object);
                        first = true;
                    }
                }
            } else {
                open.pop();
            }
            if open.is_empty() {
                return Ok(());
            }
        }
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

/// The escapes were checked when the text was read.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    // The first half of a surrogate pair, until the second one comes.
    let mut half = 0;
    while let Some(char) = chars.next() {
        let mut code = u32::from(char);
        if char == '\\' {
            code = match chars.next() {
                Some('b') => 0x08,
                Some('f') => 0x0c,
                Some('n') => 0x0a,
                Some('r') => 0x0d,
                Some('t') => 0x09,
                Some('u') => (0..4)
                    .fold(0, |code, _| code << 4 | chars.next().and_then(|c| c.to_digit(16)).unwrap_or(0)),
                itself => itself.map_or(0, u32::from),
            };
        }
        if half != 0 {
            if let 0xdc00..0xe000 = code {
                code = 0x1_0000 + ((half - 0xd800) << 10) + (code - 0xdc00);
            } else {
                out.push(char::REPLACEMENT_CHARACTER);
            }
            half = 0;
        }
        if let 0xd800..0xdc00 = code {
            half = code;
        } else {
            out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }
    if half != 0 {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    out
}
