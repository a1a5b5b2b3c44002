//! Users: <https://developer.close.com/api/resources/users>.

use super::MAX_LIMIT;
use super::wire::STYLE;
use crate::client::{Answer, operation};
use crate::query::{Accepts, Names, Selectable};
use crate::schema::{DateTime, Typed, model, open_enum};

model! {
    /// A person. Former members of the organization are still listed, with no `organizations`.
    pub struct User as "CloseUser" {
        /// The id, `user_…`.
        id: String,
        /// The email address.
        email: String,
        /// The first name; null or empty until the person has signed up.
        first_name: Option<String>,
        /// The last name; null or empty until the person has signed up.
        last_name: Option<String>,
        /// The URL of a picture.
        image?: Option<String>,
        /// The ids of the organizations that the person shares with the caller.
        organizations?: Vec<String>,
        /// When the user was made, ISO 8601.
        date_created?: DateTime,
        /// When the user was last changed, ISO 8601.
        date_updated?: DateTime,
        /// The IANA time zone the person was last seen in.
        last_used_timezone?: Option<String>,
    }

    /// The person whose credentials a call has.
    pub struct Me as "CloseMe" {
        /// The id, `user_…`.
        id: String,
        /// The email address.
        email: String,
        /// The first name.
        first_name: Option<String>,
        /// The last name.
        last_name: Option<String>,
        /// The URL of a picture.
        image?: Option<String>,
        /// The organizations, as objects, where a `CloseUser` has ids. A key or token belongs to one of them.
        organizations: Vec<MyOrganization>,
        /// The person's own memberships.
        memberships?: Vec<MyMembership>,
        /// The email accounts connected.
        email_accounts?: Vec<EmailAccount>,
        /// The phone numbers.
        phone_numbers?: Vec<PhoneNumber>,
        /// When the user was made, ISO 8601.
        date_created?: DateTime,
        /// When the user was last changed, ISO 8601.
        date_updated?: DateTime,
        /// The IANA time zone the person was last seen in.
        last_used_timezone?: Option<String>,
    }

    /// An organization of `CloseMe`.
    pub struct MyOrganization as "CloseMyOrganization" {
        /// The id, `orga_…`.
        id: String,
        /// The name.
        name: String,
        /// Who made it, a user's id.
        created_by?: Option<String>,
        /// Who last changed it, a user's id.
        updated_by?: Option<String>,
        /// When it was made, ISO 8601.
        date_created?: DateTime,
        /// When it was last changed, ISO 8601.
        date_updated?: DateTime,
        /// The statuses that a lead may have, in order.
        lead_statuses?: Vec<super::organizations::LeadStatus>,
        /// The pipelines of opportunities.
        pipelines?: Vec<super::organizations::Pipeline>,
    }

    /// A membership of `CloseMe`.
    pub struct MyMembership as "CloseMyMembership" {
        /// The id, `memb_…`.
        id: String,
        /// The organization's id.
        organization_id: String,
        /// The user's id.
        user_id: String,
        /// The role's id, a plain word for built-in roles.
        role_id: String,
        /// What the role allows.
        permissions_granted?: Vec<String>,
        /// Whether calls are recorded.
        auto_record_calls?: super::memberships::Recording,
        /// Whether the opening of emails is tracked.
        track_email_opens?: bool,
    }

    /// An email account that a person connected.
    pub struct EmailAccount as "CloseEmailAccount" {
        /// The id, `emailacct_…`.
        id: String,
        /// The kind, such as `google`.
        _type?: String,
        /// The user's id.
        user_id?: String,
        /// The organization's id.
        organization_id?: String,
        /// The addresses that it sends from.
        identities?: Vec<Identity>,
    }

    /// An address that an email account sends from.
    pub struct Identity as "CloseIdentity" {
        /// The address.
        email: String,
        /// The name beside it.
        name?: Option<String>,
    }

    /// A phone number.
    pub struct PhoneNumber as "ClosePhoneNumber" {
        /// The id, `phon_…`.
        id: String,
        /// The number, E.164.
        number: String,
        /// The organization's id.
        organization_id?: String,
        /// When it was made, ISO 8601.
        date_created?: DateTime,
        /// When it was last changed, ISO 8601.
        date_updated?: DateTime,
    }

    /// How a user can be reached now.
    pub struct Availability as "CloseAvailability" {
        /// The user's id.
        user_id: String,
        /// One entry for each kind of client.
        availability: Vec<Presence>,
    }

    /// Whether a user is online with one kind of client.
    pub struct Presence as "ClosePresence" {
        /// The kind of client.
        r#type: ClientKind,
        /// Whether it is online.
        status: PresenceStatus,
        /// The calls it is in.
        active_calls?: Vec<ActiveCall>,
    }

    /// A call under way.
    pub struct ActiveCall as "CloseActiveCall" {
        /// The id of the call's activity, `acti_…`.
        id: String,
        /// How the call was made; `regular` was seen.
        method?: Option<String>,
        /// Whom it is with.
        lead?: Option<CallLead>,
    }

    /// The lead of a call.
    pub struct CallLead as "CloseCallLead" {
        /// The id, `lead_…`.
        id: String,
        /// The name.
        display_name?: Option<String>,
    }

    /// The answer of `GET /user/availability/`.
    pub struct Availabilities as "CloseAvailabilities" {
        /// One entry for each user.
        data: Vec<Availability>,
    }
}

open_enum! {
    /// A kind of client.
    pub enum ClientKind as "CloseClientKind" {
        /// The app on a phone.
        Mobile = "mobile",
        /// The app on a computer.
        Native = "native",
        /// The web app.
        Web = "web",
    }

    /// Whether somebody is online.
    pub enum PresenceStatus as "ClosePresenceStatus" {
        /// Yes.
        Online = "online",
        /// No.
        Offline = "offline",
    }
}

const ME: Accepts =
    Accepts { fields: Selectable::Of { record: Me::RECORD, except: &[], default: &[] }, ..Accepts::NOTHING };
const ONE: Accepts = Accepts {
    fields: Selectable::Of { record: User::RECORD, except: &[], default: &[] },
    ..Accepts::NOTHING
};
// Close lists no filter for users, and its framework ignores those it does not know: everybody would come back.
const MANY: Accepts = Accepts {
    orders: Names::Of(&["last_name,first_name", "first_name,last_name"]),
    max_limit: Some(MAX_LIMIT),
    ..ONE
};
const AVAILABILITY: Accepts = Accepts { filters: Names::Of(&["organization_id"]), ..Accepts::NOTHING };

operation! {
    /// The person whose credentials these are. <https://developer.close.com/api/resources/users/me>
    GetMe() = "users.me" Get "/me/",
        accepts &ME, answer Answer::One(Me::SHAPE) => Me, repeat Safe;

    /// All users. <https://developer.close.com/api/resources/users/list>
    ListUsers() = "users.list" Get "/user/",
        accepts &MANY, answer Answer::Page { items: "data", of: User::SHAPE, style: STYLE } => serde_json::Value,
        repeat Safe;

    /// Who is online. The answer has no pages. <https://developer.close.com/api/resources/users/availability>
    ListAvailability() = "users.availability" Get "/user/availability/",
        accepts &AVAILABILITY, answer Answer::Member(Availabilities::SHAPE, "data") => Vec<Availability>, repeat Safe;

    /// One user. <https://developer.close.com/api/resources/users/get>
    GetUser(id) = "users.get" Get "/user/{id}/",
        accepts &ONE, answer Answer::One(User::SHAPE) => User, repeat Safe;
}
