//! Changes of groups that take more than one request, or another one than Genesys' pages say.

use super::{GetGroup, UpdateGroup};
use crate::client::{Answer, Call, Endpoint, Once, Step, Steps, out_of_step};
use crate::genesys::{VENDOR, call};
use crate::http::{self, Error, ErrorKind, Partial, Response, Sent, fill};
use crate::json::{Json, put_member};
use crate::schema::{Typed, model};

/// Times that an update of the latest version is tried.
const TRIES: u32 = 3;
/// Milliseconds until the second try; until the third it is twice as long. A group just made, and a version just
/// changed, are not known everywhere at once.
const PAUSE_MS: u32 = 300;

/// Milliseconds that a deleted group is waited for at most.
const GONE_WITHIN_MS: f64 = 60_000.0;
/// Milliseconds after which a group that is still active is deleted again: the vendor's own copying of a deletion
/// can fail without a word.
const DELETE_AGAIN_MS: f64 = 15_000.0;
/// Milliseconds between looks, at first and at last.
const LOOKS_MS: (u32, u32) = (250, 2_000);

/// Genesys ignores `description` here, so a second request tells it. When only that one fails, `partial` says which
/// group was made all the same.
pub(super) fn create(mut call: Call) -> Result<Box<dyn Steps>, Error> {
    let group = body_of(&call)?;
    call.request.body = Some(text_of(&group, None, true));
    let description = group.text("description").filter(|text| !text.is_empty());
    Ok(Box::new(Create { call: Some(call), description: description.map(str::to_owned), describe: None }))
}

/// A group or a patch as JSON text, of another version if need be, with what Genesys would not understand put right.
fn text_of(group: &Json, version: Option<&str>, is_new: bool) -> String {
    let mut out = String::from("{");
    for (name, value) in group.members() {
        let value = match (name.as_str(), value) {
            ("version", _) if version.is_some() => continue,
            // An empty list of owners is ignored. A list of one blank is what clears it.
            ("ownerIds", Json::List(ids)) if ids.is_empty() && !is_new => "[\" \"]",
            // Only updates know the other spelling.
            ("visibility", Json::Text(text)) if is_new && text == "ownerIds" => "\"owners\"",
            _ => &value.to_text(),
        };
        put_member(name, value, &mut out);
    }
    if let Some(version) = version {
        put_member("version", version, &mut out);
    }
    out.push('}');
    out
}

struct Create {
    call: Option<Call>,
    description: Option<String>,
    describe: Option<PutLatest>,
}

impl Steps for Create {
    fn next(&mut self, last: Option<Result<Response, Error>>, now: f64) -> Result<Step, Error> {
        if let Some(call) = self.call.take() {
            return Ok(Step::Send(call));
        }
        if let Some(describe) = &mut self.describe {
            let id = describe.id.clone();
            return describe.next(last, now).map_err(|mut error| {
                error.message =
                    fill("the group `{}` was made, but without its description: {}", &[&id, &error.message]);
                error.partial = Some(Partial { done: vec![id], ..Partial::default() });
                error
            });
        }
        let answer = last.unwrap_or_else(|| Err(out_of_step()))?;
        let made = Json::parse(answer.text()).unwrap_or(Json::Null);
        match (self.description.take(), made.text("id")) {
            (Some(description), Some(id)) if made.text("description") != Some(&description) => {
                let patch = Json::Object(vec![("description".to_owned(), Json::Text(description))]);
                let mut describe = PutLatest::new(id.to_owned(), patch, version_of(&made), true);
                let step = describe.next(None, now);
                self.describe = Some(describe);
                step
            }
            _ => Ok(Step::Done(answer)),
        }
    }
}

/// One request, with what Genesys would ignore put right.
pub(super) fn update(mut call: Call) -> Result<Box<dyn Steps>, Error> {
    call.request.body = Some(text_of(&body_of(&call)?, None, false));
    Ok(Box::new(Once::new(call)))
}

pub(super) fn check_version(patch: &Json) -> Result<(), String> {
    match patch.get("version") {
        Some(_) => Ok(()),
        None => Err("version: it is missing; name the one that was read, or `latest`".to_owned()),
    }
}

pub(super) fn update_latest(call: Call) -> Result<Box<dyn Steps>, Error> {
    Ok(Box::new(PutLatest::new(id_of(&call), body_of(&call)?, None, false)))
}

model! {
    /// What an update must know of a group.
    pub struct Versioned as "GenesysVersioned" {
        /// The version.
        version: i64,
    }
}

static GET_VERSION: Endpoint = Endpoint { answer: Answer::One(Versioned::SHAPE), ..*GetGroup::ENDPOINT };

/// Puts a patch to whatever version there is, the known one first; again when somebody else was quicker.
struct PutLatest {
    id: String,
    patch: Json,
    version: Option<String>,
    /// It was made just now, and may not be known everywhere.
    is_new: bool,
    tries: u32,
    state: Putting,
}

enum Putting {
    Start,
    Reading,
    Writing,
}

impl PutLatest {
    fn new(id: String, patch: Json, version: Option<String>, is_new: bool) -> Self {
        Self { id, patch, version, is_new, tries: 0, state: Putting::Start }
    }

    fn put(&mut self, version: &str) -> Result<Step, Error> {
        self.state = Putting::Writing;
        self.tries += 1;
        let body = text_of(&self.patch, Some(version), false);
        call(UpdateGroup::ENDPOINT, &[&self.id], &Json::Null, Some(body)).map(Step::Send)
    }
}

impl Steps for PutLatest {
    fn next(&mut self, last: Option<Result<Response, Error>>, _: f64) -> Result<Step, Error> {
        match (&self.state, last) {
            // There was no time left for the next try.
            (Putting::Start, Some(Err(error))) => Err(error),
            (Putting::Start, _) => match self.version.take() {
                Some(version) => self.put(&version),
                None => {
                    self.state = Putting::Reading;
                    call(&GET_VERSION, &[&self.id], &Json::Null, None).map(Step::Send)
                }
            },
            (_, Some(Err(error))) => {
                let is_early = self.is_new && error.kind == ErrorKind::NotFound;
                if self.tries >= TRIES || !(is_early || error.kind == ErrorKind::Conflict) {
                    return Err(error);
                }
                if matches!(self.state, Putting::Reading) {
                    self.tries += 1;
                }
                self.state = Putting::Start;
                Ok(Step::Pause(PAUSE_MS * self.tries))
            }
            (Putting::Reading, Some(Ok(answer))) => {
                let group = Json::parse(answer.text()).unwrap_or(Json::Null);
                let version = version_of(&group).ok_or_else(out_of_step)?;
                self.put(&version)
            }
            (Putting::Writing, Some(Ok(answer))) => Ok(Step::Done(answer)),
            (_, None) => Err(out_of_step()),
        }
    }
}

/// The version of a group, as it is written: nobody counts with it here.
fn version_of(group: &Json) -> Option<String> {
    if let Some(Json::Number(version)) = group.get("version") { Some(version.clone()) } else { None }
}

/// Genesys answers a deletion at once and carries it out later.
pub(super) fn delete_and_wait(call: Call) -> Result<Box<dyn Steps>, Error> {
    let look = crate::genesys::call(GetGroup::ENDPOINT, &[&id_of(&call)], &Json::Null, None)?;
    let state = Deleting::Deletion;
    Ok(Box::new(Delete { call, look, state, answer: None, pause: LOOKS_MS.0, started: 0.0, deleted: 0.0 }))
}

struct Delete {
    call: Call,
    look: Call,
    /// What was sent last.
    state: Deleting,
    /// The answer to the first deletion.
    answer: Option<Response>,
    pause: u32,
    started: f64,
    deleted: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Deleting {
    Deletion,
    Look,
}

impl Delete {
    fn send(&mut self, state: Deleting, now: f64) -> Step {
        self.state = state;
        if state == Deleting::Deletion {
            self.deleted = now;
        }
        Step::Send(if state == Deleting::Deletion { self.call.clone() } else { self.look.clone() })
    }

    fn is_gone(&self, result: &Result<Response, Error>) -> bool {
        match result {
            Err(error) => error.kind == ErrorKind::NotFound,
            Ok(group) if self.state == Deleting::Look => {
                let group = Json::parse(group.text()).unwrap_or(Json::Null);
                group.text("state") == Some("deleted")
            }
            Ok(_) => false,
        }
    }
}

impl Steps for Delete {
    fn next(&mut self, last: Option<Result<Response, Error>>, now: f64) -> Result<Step, Error> {
        let Some(last) = last else {
            let state = if self.answer.is_none() { Deleting::Deletion } else { Deleting::Look };
            return Ok(self.send(state, now));
        };
        let Some(answer) = &self.answer else {
            self.answer = Some(last?);
            self.started = now;
            return Ok(Step::Pause(self.pause));
        };
        if self.is_gone(&last) {
            return Ok(Step::Done(answer.clone()));
        }
        let is_late = now - self.started >= GONE_WITHIN_MS;
        match last {
            // The deletion was accepted: a look that fails says nothing about it.
            Err(error) if is_late || !is_passing(error.kind) => return Err(error),
            Ok(_) if is_late => return Err(self.still_there()),
            Ok(_) if self.state == Deleting::Look && now - self.deleted >= DELETE_AGAIN_MS => {
                return Ok(self.send(Deleting::Deletion, now));
            }
            _ => {}
        }
        self.pause = (self.pause * 2).min(LOOKS_MS.1);
        Ok(Step::Pause(self.pause))
    }
}

impl Delete {
    fn still_there(&self) -> Error {
        let message = fill("groups.delete: the group `{}` is still there after 60 s", &[&id_of(&self.call)]);
        let mut error = Error::new(ErrorKind::Timeout, message);
        error.vendor = Some(VENDOR.name);
        error.attempts = 1;
        error.sent = Sent::Yes;
        error
    }
}

const fn is_passing(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Network | ErrorKind::Timeout | ErrorKind::RateLimit | ErrorKind::Server)
}

/// The body of a call, which was checked when it was made.
fn body_of(call: &Call) -> Result<Json, Error> {
    let body = call.request.body.as_deref().unwrap_or("null");
    Json::parse(body).map_err(|_| Error::config("{}: the body is nested too deep", &[call.endpoint.name]))
}

/// The id at the end of a call's path, decoded.
fn id_of(call: &Call) -> String {
    let id = http::parts(&call.request.path, b'/').fold("", |_, id| id);
    http::decode(id).unwrap_or_default()
}
