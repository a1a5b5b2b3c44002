//! Who belongs to a group: <https://github.com/MyPureCloud/platform-client-sdk-javascript/blob/master/build/docs/GroupsApi.md>.

use super::groups::SortOrder;
use super::users::User;
use super::wire::STYLE;
use crate::client::{Answer, Call, Endpoint, Step, Steps, operation};
use crate::http::{Error, Headers, Method, Partial, Response, decimal, fill, has_any, join};
use crate::json::{Json, quote};
use crate::schema::{Count, NonEmpty, Typed, model, open_enum};

model! {
    /// People to be added to a group.
    pub struct GroupMembersUpdate as "GenesysGroupMembersUpdate" {
        /// Their ids, any number.
        memberIds: Vec<NonEmpty>,
        /// The version of the group that is changed: another one is a `ConflictError`.
        version?: i64,
    }

    /// People to be removed from a group.
    pub struct GroupMembersRemoval as "GenesysGroupMembersRemoval" {
        /// Their ids, any number.
        memberIds: Vec<NonEmpty>,
    }

    /// What became of a change of members.
    pub struct MembersReport as "GenesysMembersReport" {
        /// The ids that Genesys has accepted. It carries the change out a little later.
        done: Vec<String>,
        /// How many ids were left out because they were named before.
        duplicates: i64,
        /// What each request did, in order.
        chunks: Vec<MembersChunk>,
    }

    /// What one request of a change of members did.
    pub struct MembersChunk as "GenesysMembersChunk" {
        /// The ids.
        memberIds: Vec<String>,
        /// The HTTP status, 202 as a rule.
        status: i64,
    }

    /// What to ask for the members of a group.
    pub struct MembersQuery as "GenesysMembersQuery" {
        /// Items a request; 25 unless given.
        pageSize?: Count,
        /// The page to begin with, from 1.
        pageNumber?: Count,
        /// The order by name.
        sortOrder?: SortOrder,
        /// Fields that are left empty unless they are asked for.
        expand?: Vec<UserExpand>,
    }
}

open_enum! {
    /// A field of people that is left empty unless it is asked for.
    pub enum UserExpand as "GenesysUserExpand" growing {
        /// `routingStatus`
        RoutingStatus = "routingStatus",
        /// `presence`
        Presence = "presence",
        /// `integrationPresence`
        IntegrationPresence = "integrationPresence",
        /// `conversationSummary`
        ConversationSummary = "conversationSummary",
        /// `outOfOffice`
        OutOfOffice = "outOfOffice",
        /// `geolocation`
        Geolocation = "geolocation",
        /// `station`
        Station = "station",
        /// `authorization`
        Authorization = "authorization",
        /// Within `authorization`, permissions that are not used.
        UnusedRoles = "authorization.unusedRoles",
        /// `lastTokenIssued`; Genesys spells it in lower case here.
        LastTokenIssued = "lasttokenissued",
        /// `profileSkills`
        ProfileSkills = "profileSkills",
        /// `certifications`
        Certifications = "certifications",
        /// `locations`
        Locations = "locations",
        /// `groups`
        Groups = "groups",
        /// `skills`
        Skills = "skills",
        /// `languages`
        Languages = "languages",
        /// `languagePreference`
        LanguagePreference = "languagePreference",
        /// `team`
        Team = "team",
        /// `workPlanBidRanks`
        WorkPlanBidRanks = "workPlanBidRanks",
        /// `externalContactsSettings`
        ExternalContactsSettings = "externalContactsSettings",
        /// `customAttributes`
        CustomAttributes = "customAttributes",
        /// `employerInfo`
        EmployerInfo = "employerInfo",
        /// `biography`
        Biography = "biography",
        /// `dateLastLogin`
        DateLastLogin = "dateLastLogin",
        /// `dateWelcomeSent`
        DateWelcomeSent = "dateWelcomeSent",
    }
}

operation! {
    /// Everybody in a group, owners and those that rules bring included. `GET /api/v2/groups/{groupId}/members`
    ListMembers(group_id) = "groups.members" Get "/api/v2/groups/{groupId}/members", query MembersQuery,
        answer Answer::Page { items: "entities", of: User::SHAPE, style: STYLE } => serde_json::Value,
        repeat Safe;

    /// Those who were added one by one. `GET /api/v2/groups/{groupId}/individuals`
    ListIndividuals(group_id) = "groups.individuals" Get "/api/v2/groups/{groupId}/individuals",
        answer Answer::Member(Individuals::SHAPE, "entities") => Vec<User>, repeat Safe;

    /// Adds people, 50 a request. `POST /api/v2/groups/{groupId}/members`
    AddMembers(group_id) = "groups.addMembers" Post "/api/v2/groups/{groupId}/members",
        body GroupMembersUpdate, check check_ids,
        answer Answer::One(MembersReport::SHAPE) => MembersReport, repeat Once, flow in_chunks;

    /// Removes people, 50 a request. `DELETE /api/v2/groups/{groupId}/members`
    RemoveMembers(group_id) = "groups.removeMembers" Delete "/api/v2/groups/{groupId}/members",
        body GroupMembersRemoval, check check_ids,
        answer Answer::One(MembersReport::SHAPE) => MembersReport, repeat Idempotent, flow in_chunks;
}

model! {
    /// The people who were added to a group one by one; all at once, although it looks like a page.
    pub struct Individuals as "GenesysIndividuals" {
        /// The people.
        entities: Vec<User>,
    }
}

/// Ids that one request may have: <https://github.com/MyPureCloud/platform-client-sdk-javascript/blob/master/build/docs/GroupsApi.md>.
const MAX_IDS: usize = 50;

const IDS: &str = "memberIds";

/// One request of an operation says nothing of use; the report is made here.
static ADDING: Endpoint = Endpoint { answer: Answer::Nothing, ..*AddMembers::ENDPOINT };
static REMOVING: Endpoint = Endpoint { answer: Answer::Nothing, ..*RemoveMembers::ENDPOINT };

fn ids_of(body: &Json) -> impl Iterator<Item = &str> {
    body.items(IDS).iter().filter_map(Json::as_str)
}

/// Removal joins them by commas, so an id that holds one would remove somebody else.
fn check_ids(body: &Json) -> Result<(), String> {
    if ids_of(body).next().is_none() {
        return Err("memberIds: the list is empty".to_owned());
    }
    match ids_of(body).enumerate().find(|(_, id)| has_any(id, b",") || id.trim_ascii().is_empty()) {
        Some((at, id)) => Err(fill("memberIds[{}]: `{}` is not an id", &[&decimal(at as u64), id])),
        None => Ok(()),
    }
}

/// One request after the other, until one fails: its error says what is done.
fn in_chunks(mut call: Call) -> Result<Box<dyn Steps>, Error> {
    let body = Json::parse(call.request.body.as_deref().unwrap_or_default()).unwrap_or(Json::Null);
    let (ids, duplicates) = distinct(&body);
    let ids = texts(&ids);
    // Adding people may well make a new version, and nobody knows; so the one given counts for the first request.
    let version = body.get("version").map(Json::to_text);
    call.endpoint = if call.request.method == Method::Delete { &REMOVING } else { &ADDING };
    Ok(Box::new(Chunks {
        call,
        ids,
        duplicates,
        version,
        done: 0,
        chunks: Vec::new(),
        headers: Headers::new(),
    }))
}

struct Chunks {
    call: Call,
    ids: Vec<String>,
    duplicates: usize,
    /// Of the group, JSON text.
    version: Option<String>,
    done: usize,
    /// What each request did, JSON text.
    chunks: Vec<String>,
    /// Those of the last answer.
    headers: Headers,
}

impl Chunks {
    /// The ids that are sent next.
    fn chunk(&self) -> &[String] {
        let rest = self.ids.get(self.done..).unwrap_or_default();
        rest.get(..MAX_IDS).unwrap_or(rest)
    }

    /// The request for them: a list in the body to add, one parameter to remove.
    fn request(&mut self) -> Result<Call, Error> {
        let mut one = self.call.clone();
        if one.request.method == Method::Delete {
            one.request.body = None;
            one.request.params.push_list("ids", self.chunk().to_vec())?;
        } else {
            let ids = list(self.chunk());
            one.request.body = Some(match self.version.take() {
                Some(version) => fill("{\"memberIds\":{},\"version\":{}}", &[&ids, &version]),
                None => fill("{\"memberIds\":{}}", &[&ids]),
            });
        }
        Ok(one)
    }

    fn stopped(&self, mut error: Error) -> Error {
        let chunk = self.chunk();
        let part = |part: Option<&[String]>| part.unwrap_or_default().to_vec();
        error.partial = Some(Partial {
            done: part(self.ids.get(..self.done)),
            failed: chunk.to_vec(),
            rest: part(self.ids.get(self.done + chunk.len()..)),
        });
        error
    }

    fn report(&self) -> Response {
        let (done, duplicates) = (list(&self.ids), decimal(self.duplicates as u64));
        let parts = [&*done, &*duplicates, &*join(&self.chunks, ",")];
        let report = fill("{\"done\":{},\"duplicates\":{},\"chunks\":[{}]}", &parts);
        Response { status: 202, headers: self.headers.clone(), body: report.into_bytes() }
    }
}

impl Steps for Chunks {
    fn next(&mut self, last: Option<Result<Response, Error>>, _: f64) -> Result<Step, Error> {
        match last {
            Some(Ok(response)) => {
                let chunk = self.chunk();
                let (ids, count) = (list(chunk), chunk.len());
                let parts = [&*ids, &decimal(response.status.into())];
                self.chunks.push(fill("{\"memberIds\":{},\"status\":{}}", &parts));
                self.done += count;
                self.headers = response.headers;
                Ok(Step::Tell(self.done, self.ids.len()))
            }
            Some(Err(error)) => Err(self.stopped(error)),
            None if self.done < self.ids.len() => self.request().map(Step::Send),
            None => Ok(Step::Done(self.report())),
        }
    }
}

/// The ids, each once, and how many were left out.
fn distinct(body: &Json) -> (Vec<&str>, usize) {
    let mut all = Vec::new();
    for id in ids_of(body) {
        all.push(id);
    }
    // A table that is half empty, searched from where an id's bytes lead. A set of the standard library weighs more
    // than all of this file.
    let mut table: Vec<Option<&str>> = vec![None; (all.len() * 2).next_power_of_two()];
    let mask = table.len() - 1;
    let mut distinct = Vec::new();
    for id in &all {
        let hash =
            id.bytes().fold(0_usize, |hash, byte| (hash ^ usize::from(byte)).wrapping_mul(0x0100_0193));
        let places = (0..=mask).map(|step| hash.wrapping_add(step) & mask);
        for place in places {
            let Some(slot) = table.get_mut(place) else { break };
            match slot {
                Some(known) if known == id => break,
                Some(_) => {}
                None => {
                    *slot = Some(id);
                    distinct.push(*id);
                    break;
                }
            }
        }
    }
    let duplicates = all.len() - distinct.len();
    (distinct, duplicates)
}

fn texts(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

/// Ids as JSON text.
fn list(ids: &[String]) -> String {
    let mut out = String::from("[");
    for id in ids {
        if out.len() > 1 {
            out.push(',');
        }
        quote(id, &mut out);
    }
    out.push(']');
    out
}
