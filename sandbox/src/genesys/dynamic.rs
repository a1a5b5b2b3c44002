//! Dynamic settings: rules about skills that bring people into a group.

use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};

use super::auth;
use super::changes::{self, Change};
use super::errors::Refusal;
use super::fields::Fields;
use super::{Answer, Call, groups};
use crate::clock;

const OPERATIONS: [&str; 3] = ["And", "Or", "Not"];
const COMPARATORS: [&str; 6] =
    ["EqualTo", "NotEqualTo", "LessThan", "LessThanOrEqualTo", "GreaterThan", "GreaterThanOrEqualTo"];
const MOST_PROFICIENT: i64 = 5;

/// What somebody has to be able to do: all of these.
struct Rule(Vec<Condition>);

/// `And`: all of its tests hold. `Or`: one of them does. `Not`: none of them does.
struct Condition {
    operation: &'static str,
    tests: Vec<SkillTest>,
}

/// Holds for those who have the skill, compare as wanted, and meet all of the conditions below.
struct SkillTest {
    skill: i64,
    comparator: &'static str,
    proficiency: i64,
    children: Vec<Condition>,
}

impl Rule {
    fn read(db: &Connection, body: Option<&Value>) -> Result<Self, Refusal> {
        let fields = Fields::of(body)?;
        let conditions = conditions(db, &fields, "skillConditions")?;
        let conditions = fields.require("skillConditions", conditions)?;
        // Nothing to test would mean everybody. Nobody means that.
        if conditions.is_empty() {
            return Err(Refusal::invalid_value("skillConditions", "[]", "a list of at least one condition"));
        }
        Ok(Rule(conditions))
    }

    /// The numbers of the active people it holds for, in order.
    fn people(&self, db: &Connection) -> rusqlite::Result<Vec<i64>> {
        let mut statement = db.prepare_cached(
            "SELECT u.person_id, s.skill, s.proficiency
             FROM genesys_user u LEFT JOIN genesys_user_skill s ON s.person_id = u.person_id
             WHERE u.state = 'active' ORDER BY u.person_id",
        )?;
        let mut rows = statement.query([])?;
        let mut people = Vec::new();
        let mut current: Option<i64> = None;
        let mut skills: Vec<(i64, i64)> = Vec::new();
        loop {
            let row = rows.next()?;
            let person: Option<i64> = row.map(|row| row.get(0)).transpose()?;
            if person != current {
                if let Some(done) = current
                    && all_hold(&self.0, &skills)
                {
                    people.push(done);
                }
                skills.clear();
                current = person;
            }
            let Some(row) = row else {
                return Ok(people);
            };
            if let Some(skill) = row.get::<_, Option<i64>>(1)? {
                skills.push((skill, row.get(2)?));
            }
        }
    }
}

fn conditions(db: &Connection, fields: &Fields<'_>, field: &str) -> Result<Option<Vec<Condition>>, Refusal> {
    let Some(items) = fields.objects(field)? else {
        return Ok(None);
    };
    let mut conditions = Vec::new();
    for item in items {
        let operation = item.choice("operation", &OPERATIONS)?;
        let operation = item.require("operation", operation)?;
        let mut tests = Vec::new();
        for (list, name, kind) in [
            ("routingSkillConditions", "routingSkill", "routing"),
            ("languageSkillConditions", "languageSkill", "language"),
        ] {
            let given = item.objects(list)?;
            for test in item.require(list, given)? {
                tests.push(skill_test(db, &test, name, kind)?);
            }
        }
        if tests.is_empty() {
            let path = item.path("routingSkillConditions");
            return Err(Refusal::invalid_value(&path, "[]", "at least one condition, here or for languages"));
        }
        conditions.push(Condition { operation, tests });
    }
    Ok(Some(conditions))
}

fn skill_test(db: &Connection, fields: &Fields<'_>, name: &str, kind: &str) -> Result<SkillTest, Refusal> {
    let id = fields.text(name)?;
    let id = fields.require(name, id)?;
    let skill = db
        .prepare_cached("SELECT number FROM genesys_skill WHERE id = ?1 AND kind = ?2")?
        .query_row([id, kind], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Refusal::unknown_id(&fields.path(name), id))?;
    let comparator = fields.choice("comparator", &COMPARATORS)?;
    let proficiency = fields.number("proficiency")?;
    let proficiency = fields.require("proficiency", proficiency)?;
    if !(0..=MOST_PROFICIENT).contains(&proficiency) {
        let path = fields.path("proficiency");
        return Err(Refusal::invalid_value(
            &path,
            &proficiency.to_string(),
            &format!("0 to {MOST_PROFICIENT}"),
        ));
    }
    Ok(SkillTest {
        skill,
        comparator: fields.require("comparator", comparator)?,
        proficiency,
        children: conditions(db, fields, "childConditions")?.unwrap_or_default(),
    })
}

fn all_hold(conditions: &[Condition], skills: &[(i64, i64)]) -> bool {
    conditions.iter().all(|condition| condition.holds(skills))
}

impl Condition {
    fn holds(&self, skills: &[(i64, i64)]) -> bool {
        let holds = |test: &SkillTest| test.holds(skills);
        match self.operation {
            "And" => self.tests.iter().all(holds),
            "Or" => self.tests.iter().any(holds),
            _ => !self.tests.iter().any(holds),
        }
    }
}

impl SkillTest {
    fn holds(&self, skills: &[(i64, i64)]) -> bool {
        let Some((_, has)) = skills.iter().find(|(skill, _)| *skill == self.skill) else {
            return false;
        };
        let compares = match self.comparator {
            "EqualTo" => *has == self.proficiency,
            "NotEqualTo" => *has != self.proficiency,
            "LessThan" => *has < self.proficiency,
            "LessThanOrEqualTo" => *has <= self.proficiency,
            "GreaterThan" => *has > self.proficiency,
            _ => *has >= self.proficiency,
        };
        compares && all_hold(&self.children, skills)
    }
}

/// Brings the people to a group whom its settings are for, and only those.
pub fn bring_people(db: &Connection, group: i64) -> rusqlite::Result<()> {
    db.execute("DELETE FROM genesys_dynamic_member WHERE group_number = ?1", [group])?;
    let Some((query, _)) = stored(db, group)? else {
        return Ok(());
    };
    // What is stored was read once before it was.
    if let Ok(rule) = Rule::read(db, Some(&query)) {
        db.prepare_cached("INSERT INTO genesys_dynamic_member SELECT ?1, value FROM json_each(?2)")?
            .execute(params![group, json!(rule.people(db)?).to_string()])?;
    }
    Ok(())
}

/// The settings of a group, and when they were last changed.
fn stored(db: &Connection, group: i64) -> rusqlite::Result<Option<(Value, i64)>> {
    let found: Option<(String, i64)> = db
        .prepare_cached("SELECT query, date_modified FROM genesys_dynamic_settings WHERE group_number = ?1")?
        .query_row([group], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(query, modified)| (super::parse(query.as_bytes()).unwrap_or_default(), modified)))
}

/// `GET /groups/{groupId}/dynamicsettings`.
pub fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = groups::find(call, call.id())?;
    call.caller.must(auth::VIEW)?;
    let (query, modified) = stored(call.db, group.number)?.ok_or_else(Refusal::not_found)?;
    let uri = format!("/api/v2/groups/{}", group.id);
    Answer::ok(&json!({
        "group": { "id": group.id, "selfUri": uri },
        "dateModified": clock::format_short(modified),
        "query": query,
        "selfUri": format!("{uri}/dynamicsettings"),
    }))
}

/// `PUT /groups/{groupId}/dynamicsettings`. The people come after the lag.
pub fn set(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = groups::find(call, call.id())?;
    call.caller.must(auth::EDIT)?;
    Rule::read(call.db, call.body.as_ref())?;
    call.db.execute(
        "INSERT INTO genesys_dynamic_settings VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET query = excluded.query, date_modified = excluded.date_modified",
        params![group.number, call.body.as_ref().map(Value::to_string), call.now],
    )?;
    changes::promise(call, group.number, Change::Rule, 1)?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// `DELETE /groups/{groupId}/dynamicsettings`. The people leave after the lag.
pub fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = groups::find(call, call.id())?;
    call.caller.must(auth::DELETE)?;
    let deleted =
        call.db.execute("DELETE FROM genesys_dynamic_settings WHERE group_number = ?1", [group.number])?;
    if deleted == 0 {
        return Err(Refusal::not_found());
    }
    changes::promise(call, group.number, Change::Rule, 1)?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// `POST /groups/dynamicsettings/preview`: how many people that would be.
pub fn preview(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.caller.must(auth::VIEW)?;
    let people = Rule::read(call.db, call.body.as_ref())?.people(call.db)?;
    Answer::ok(&json!({ "userCount": people.len() }))
}
