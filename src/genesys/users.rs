//! People, as groups show them: members, individuals and owners.
//! <https://github.com/MyPureCloud/platform-client-sdk-javascript/blob/master/build/docs/GroupsApi.md>

use serde_json::Value;

use crate::schema::{DateTime, model, open_enum};

model! {
    /// A person. References, such as owners and managers, often hold `id` and `selfUri` alone, and the fields under
    /// `expand` are there when they were asked for.
    pub struct User as "GenesysUser" {
        /// The id, a UUID.
        id: String,
        /// The name.
        name?: Option<String>,
        /// The division.
        division?: Option<Reference>,
        /// Where the person chats.
        chat?: Option<Chat>,
        /// The department.
        department?: Option<String>,
        /// The email address.
        email?: Option<String>,
        /// The first ways to reach the person; read only, from `addresses`.
        primaryContactInfo?: Option<Vec<Contact>>,
        /// The ways to reach the person.
        addresses?: Option<Vec<Contact>>,
        /// Whether the person is active.
        state?: Option<State>,
        /// The job title.
        title?: Option<String>,
        /// The name the person signs in with.
        username?: Option<String>,
        /// The name the person goes by.
        preferredName?: Option<String>,
        /// The manager.
        manager?: Option<Box<User>>,
        /// Pictures in several sizes.
        images?: Option<Vec<Image>>,
        /// Grows with every change.
        version?: Option<i64>,
        /// Skills of the profile, in words.
        profileSkills?: Option<Vec<String>>,
        /// Certificates.
        certifications?: Option<Vec<String>>,
        /// Whether calls are answered without a click.
        acdAutoAnswer?: Option<bool>,
        /// The language of the user interface; by `expand`.
        languagePreference?: Option<String>,
        /// Whether the person takes calls; by `expand`.
        routingStatus?: Option<RoutingStatus>,
        /// Whether the person is there; by `expand`.
        presence?: Option<Presence>,
        /// Presence in other systems; by `expand`.
        integrationPresence?: Option<Presence>,
        /// Conversations under way, counted; by `expand`.
        conversationSummary?: Option<Value>,
        /// Whether the person is away; by `expand`.
        outOfOffice?: Option<OutOfOffice>,
        /// Where the person is; by `expand`.
        geolocation?: Option<Value>,
        /// The telephones; by `expand`.
        station?: Option<Value>,
        /// Roles and permissions; by `expand`.
        authorization?: Option<Value>,
        /// Places; by `expand`.
        locations?: Option<Vec<Value>>,
        /// The groups; by `expand`.
        groups?: Option<Vec<Reference>>,
        /// Skills for routing; by `expand`.
        skills?: Option<Vec<RoutingSkill>>,
        /// Languages for routing; by `expand`.
        languages?: Option<Vec<RoutingLanguage>>,
        /// The team; by `expand`.
        team?: Option<Reference>,
        /// Ranks in the bidding for work plans; by `expand`.
        workPlanBidRanks?: Option<Value>,
        /// What the person says of themselves; by `expand`.
        biography?: Option<Value>,
        /// The employer's data; by `expand`.
        employerInfo?: Option<Value>,
        /// When a token was last issued, ISO 8601; by `expand`.
        lastTokenIssued?: Option<Value>,
        /// When the person last signed in, ISO 8601; by `expand`.
        dateLastLogin?: Option<DateTime>,
        /// When the person was welcomed, ISO 8601; by `expand`.
        dateWelcomeSent?: Option<DateTime>,
        /// The path of the record.
        selfUri?: Option<String>,
    }

    /// A picture.
    pub struct Image as "GenesysImage" {
        /// Its size, such as `640x480` or `x128`.
        resolution?: Option<String>,
        /// Its URL.
        imageUri?: Option<String>,
    }

    /// Something by its id.
    pub struct Reference as "GenesysReference" {
        /// The id.
        id: String,
        /// The name.
        name?: Option<String>,
        /// The path of the record.
        selfUri?: Option<String>,
    }

    /// Where a person chats.
    pub struct Chat as "GenesysChat" {
        /// The address, like an email address.
        jabberId?: Option<String>,
    }

    /// A way to reach a person.
    pub struct Contact as "GenesysContact" {
        /// The number or address.
        address?: Option<String>,
        /// The same, as it is shown; read only.
        display?: Option<String>,
        /// What it is.
        mediaType?: Option<ContactMedia>,
        /// What it is for.
        r#type?: Option<ContactType>,
        /// A number within the organization, in place of `address`.
        extension?: Option<String>,
        /// The country of the number.
        countryCode?: Option<String>,
        /// The system it comes from.
        integration?: Option<String>,
    }

    /// Whether a person takes calls.
    pub struct RoutingStatus as "GenesysRoutingStatus" {
        /// The person's id.
        userId?: Option<String>,
        /// The status, such as `IDLE`.
        status?: Option<String>,
        /// Since when, ISO 8601.
        startTime?: Option<DateTime>,
    }

    /// Whether a person is there.
    pub struct Presence as "GenesysPresence" {
        /// The id.
        id?: Option<String>,
        /// What set it, such as `PURECLOUD`.
        source?: Option<String>,
        /// The presence itself.
        presenceDefinition?: Option<PresenceDefinition>,
        /// What the person says.
        message?: Option<String>,
        /// Since when, ISO 8601.
        modifiedDate?: Option<DateTime>,
        /// The path of the record.
        selfUri?: Option<String>,
    }

    /// A presence that people can choose.
    pub struct PresenceDefinition as "GenesysPresenceDefinition" {
        /// The id.
        id?: Option<String>,
        /// One of Genesys' own, such as `Available`.
        systemPresence?: Option<String>,
        /// The path of the record.
        selfUri?: Option<String>,
    }

    /// Whether a person is away.
    pub struct OutOfOffice as "GenesysOutOfOffice" {
        /// Whether it is on.
        active?: Option<bool>,
        /// Whether it has no end.
        indefinite?: Option<bool>,
        /// Since when, ISO 8601.
        startDate?: Option<DateTime>,
        /// Until when, ISO 8601.
        endDate?: Option<DateTime>,
    }

    /// A skill that calls are routed by.
    pub struct RoutingSkill as "GenesysRoutingSkill" {
        /// The id.
        id: String,
        /// The name.
        name?: Option<String>,
        /// How good, from 0 to 5.
        proficiency?: Option<f64>,
        /// Whether it is in use.
        state?: Option<String>,
        /// The path of the skill.
        skillUri?: Option<String>,
        /// The path of the record.
        selfUri?: Option<String>,
    }

    /// A language that calls are routed by.
    pub struct RoutingLanguage as "GenesysRoutingLanguage" {
        /// The id.
        id: String,
        /// The name.
        name?: Option<String>,
        /// How good, from 0 to 5.
        proficiency?: Option<f64>,
        /// Whether it is in use.
        state?: Option<String>,
        /// The path of the language.
        languageUri?: Option<String>,
        /// The path of the record.
        selfUri?: Option<String>,
    }
}

open_enum! {
    /// Whether something is in use.
    pub enum State as "GenesysState" growing {
        /// Yes.
        Active = "active",
        /// Not now.
        Inactive = "inactive",
        /// Never again.
        Deleted = "deleted",
    }

    /// What a way to reach a person is.
    pub enum ContactMedia as "GenesysContactMedia" growing {
        /// A telephone number.
        Phone = "PHONE",
        /// An email address.
        Email = "EMAIL",
        /// A number for text messages.
        Sms = "SMS",
    }

    /// What a way to reach a person is for.
    pub enum ContactType as "GenesysContactType" growing {
        /// The first choice.
        Primary = "PRIMARY",
        /// At work.
        Work = "WORK",
        /// At work, the second.
        Work2 = "WORK2",
        /// At work, the third.
        Work3 = "WORK3",
        /// At work, the fourth.
        Work4 = "WORK4",
        /// At home.
        Home = "HOME",
        /// On the way.
        Mobile = "MOBILE",
        /// The main number.
        Main = "MAIN",
        /// Anything else.
        Elsewhere = "OTHER",
    }
}
