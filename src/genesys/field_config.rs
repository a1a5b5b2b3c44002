//! Which fields profiles have, which Genesys has deprecated:
//! <https://github.com/MyPureCloud/platform-client-sdk-javascript/blob/master/build/docs/GroupsApi.md>.

use serde_json::Value;

use crate::client::{Answer, operation};
use crate::schema::{Typed, model, open_enum};

model! {
    /// Which fields the profiles of a kind of entity have.
    pub struct FieldConfig as "GenesysFieldConfig" {
        /// The id.
        id?: Option<String>,
        /// The name.
        name?: Option<String>,
        /// What it is for.
        entityType?: Option<FieldConfigType>,
        /// Whether it is in use.
        state?: Option<String>,
        /// The fields, in sections.
        sections?: Option<Vec<Section>>,
        /// Changes with every change; a text here.
        version?: Option<String>,
        /// The version of its form; a text here.
        schemaVersion?: Option<String>,
        /// The path of the record.
        selfUri?: Option<String>,
    }

    /// A section of fields.
    pub struct Section as "GenesysSection" {
        /// The fields.
        fieldList?: Option<Vec<FieldOfProfile>>,
        /// What to tell whoever fills it in.
        instructionText?: Option<String>,
        /// Its name in keys.
        key?: Option<String>,
        /// Whether it is in use.
        state?: Option<String>,
    }

    /// A field.
    pub struct FieldOfProfile as "GenesysFieldList" {
        /// Whether labels can be made up.
        customLabels?: Option<bool>,
        /// What to tell whoever fills it in.
        instructionText?: Option<String>,
        /// Its name in records.
        key?: Option<String>,
        /// The keys of the labels to choose from.
        labelKeys?: Option<Vec<String>>,
        /// What its type needs to know.
        params?: Option<Value>,
        /// Whether there may be several.
        repeatable?: Option<bool>,
        /// Whether it is in use.
        state?: Option<String>,
        /// The type.
        r#type?: Option<String>,
        /// Whether it must be filled in.
        required?: Option<bool>,
        /// Whether it holds personal data.
        gdpr?: Option<bool>,
    }

    /// Whose fields.
    pub struct FieldConfigQuery as "GenesysFieldConfigQuery" {
        /// The kind of entity.
        r#type: FieldConfigType,
    }
}

open_enum! {
    /// A kind of entity that has a profile.
    pub enum FieldConfigType as "GenesysFieldConfigType" growing {
        /// People.
        Person = "person",
        /// Groups.
        Group = "group",
        /// Organizations.
        Organization = "org",
        /// Contacts outside; Genesys took it back in 2024.
        ExternalContact = "externalContact",
    }
}

operation! {
    /// The fields of a kind of entity. `GET /api/v2/fieldconfig`
    GetFieldConfig() = "fieldConfig" Get "/api/v2/fieldconfig", query FieldConfigQuery,
        answer Answer::One(FieldConfig::SHAPE) => FieldConfig, repeat Safe;
}
