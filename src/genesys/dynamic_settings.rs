//! Groups whose members follow from their skills: a preview feature of Genesys.
//! <https://github.com/MyPureCloud/platform-client-sdk-javascript/blob/master/build/docs/GroupsApi.md>

use super::users::Reference;
use crate::client::{Answer, operation};
use crate::schema::{DateTime, IntegerRule, Kind, NonEmpty, Shape, Typed, model, open_enum};

/// How good somebody is at something, from 0 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Proficiency(pub u8);

impl Typed for Proficiency {
    const SHAPE: Shape = Shape { kind: Kind::Integer(IntegerRule::Between(0, 5)), nullable: false };
}

model! {
    /// Who belongs to a group by their skills.
    pub struct DynamicGroupQuery as "GenesysDynamicGroupQuery" {
        /// The conditions.
        skillConditions: Vec<DynamicGroupSkillCondition>,
    }

    /// A condition on skills.
    pub struct DynamicGroupSkillCondition as "GenesysDynamicGroupSkillCondition" {
        /// On skills for routing.
        routingSkillConditions: Vec<RoutingSkillCondition>,
        /// On languages.
        languageSkillConditions: Vec<LanguageSkillCondition>,
        /// How they go together.
        operation: ConditionOperation,
    }

    /// A condition on one skill.
    pub struct RoutingSkillCondition as "GenesysRoutingSkillCondition" {
        /// The skill's id.
        routingSkill: NonEmpty,
        /// How to compare.
        comparator: Comparator,
        /// With what, from 0 to 5.
        proficiency: Proficiency,
        /// Further conditions.
        childConditions?: Vec<Box<DynamicGroupSkillCondition>>,
    }

    /// A condition on one language.
    pub struct LanguageSkillCondition as "GenesysLanguageSkillCondition" {
        /// The language's id.
        languageSkill: NonEmpty,
        /// How to compare.
        comparator: Comparator,
        /// With what, from 0 to 5.
        proficiency: Proficiency,
        /// Further conditions.
        childConditions?: Vec<Box<DynamicGroupSkillCondition>>,
    }

    /// What a group has been told about who belongs to it.
    pub struct DynamicGroupDefinition as "GenesysDynamicGroupDefinition" {
        /// The group.
        group: Reference,
        /// When it was last changed, ISO 8601.
        dateModified?: Option<DateTime>,
        /// Who belongs to it.
        query: DynamicGroupQuery,
        /// The path of the record.
        selfUri?: Option<String>,
    }

    /// How many people a query would bring.
    pub struct DynamicGroupQueryPreview as "GenesysDynamicGroupQueryPreview" {
        /// How many.
        userCount: i64,
    }
}

open_enum! {
    /// How conditions go together.
    pub enum ConditionOperation as "GenesysConditionOperation" growing {
        /// All hold.
        And = "And",
        /// One holds.
        Or = "Or",
        /// None holds.
        Not = "Not",
    }

    /// How to compare.
    pub enum Comparator as "GenesysComparator" growing {
        /// As good.
        EqualTo = "EqualTo",
        /// Not as good, or better.
        NotEqualTo = "NotEqualTo",
        /// Worse.
        LessThan = "LessThan",
        /// Not better.
        LessThanOrEqualTo = "LessThanOrEqualTo",
        /// Better.
        GreaterThan = "GreaterThan",
        /// Not worse.
        GreaterThanOrEqualTo = "GreaterThanOrEqualTo",
    }
}

operation! {
    /// What a group has been told. `GET /api/v2/groups/{groupId}/dynamicsettings`
    GetDynamicSettings(group_id) = "groups.dynamicSettings.get" Get "/api/v2/groups/{groupId}/dynamicsettings",
        answer Answer::One(DynamicGroupDefinition::SHAPE) => DynamicGroupDefinition, repeat Safe;

    /// Tells a group who belongs to it. `PUT /api/v2/groups/{groupId}/dynamicsettings`
    SetDynamicSettings(group_id) = "groups.dynamicSettings.set" Put "/api/v2/groups/{groupId}/dynamicsettings",
        body DynamicGroupQuery, answer Answer::Nothing => (), repeat Idempotent;

    /// Ends it. `DELETE /api/v2/groups/{groupId}/dynamicsettings`
    DeleteDynamicSettings(group_id) = "groups.dynamicSettings.delete" Delete
        "/api/v2/groups/{groupId}/dynamicsettings", answer Answer::Nothing => (), repeat Idempotent;

    /// Counts the people that a query would bring. `POST /api/v2/groups/dynamicsettings/preview`
    PreviewDynamicSettings() = "groups.dynamicSettings.preview" Post "/api/v2/groups/dynamicsettings/preview",
        body DynamicGroupQuery, answer Answer::One(DynamicGroupQueryPreview::SHAPE) => DynamicGroupQueryPreview,
        repeat Idempotent;
}
