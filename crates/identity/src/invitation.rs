//! Invitations (M7): the link in a mail with which a person chooses name, password and language.
//!
//! Who may invite whom is decided by the rooms that own the users; here is only the way in. The functions that take a
//! transaction belong into the one that makes the user.

use mail::letter::{InvitationLetter, Letter, NewLetter, Place};
use ports::{Email, Language, LetterId, Moment, Tenant};
use store::{Bind, Read, Row, Sql, Tx};

use crate::account::{self, AccountCard, AccountChange, AccountSeed};
use crate::error::{FieldError, IdentityError};
use crate::secret::{Secret, random_hex};
use crate::throttle::{self, Kind};
use crate::{Identity, password};

/// Days for which the link of an invitation works.
pub const VALID_DAYS: i32 = 7;
const DAY_MS: i64 = 24 * 60 * 60_000;

/// Who is invited to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// Organisation and portal.
    pub tenant: Tenant,
    /// Who is invited; the account is there already ([`account::ensure`]).
    pub email: Email,
    /// What kind of access it gives.
    pub place: Place,
    /// Name of the portal, project or organisation.
    pub place_name: String,
    /// Role or profile in words; empty if none is told.
    pub role: String,
    /// Who invites.
    pub invited_by: Email,
    /// Language of the letter.
    pub language: Language,
}

/// How far an invitation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// It waits for the person.
    Open,
    /// The person came in.
    Accepted,
    /// It was taken back.
    Withdrawn,
    /// A newer one was sent.
    Replaced,
    /// Nobody answered in time.
    Expired,
}

impl InvitationState {
    fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
            Self::Expired => "expired",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::Open, Self::Accepted, Self::Withdrawn, Self::Replaced, Self::Expired]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// An invitation as its page and the list of users show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationView {
    /// Its id.
    pub id: String,
    /// How far it is.
    pub state: InvitationState,
    /// Organisation and portal.
    pub tenant: Tenant,
    /// Who is invited.
    pub email: Email,
    /// The name known so far.
    pub name: String,
    /// What kind of access it gives.
    pub place: Place,
    /// Name of the portal, project or organisation.
    pub place_name: String,
    /// Role or profile in words.
    pub role: String,
    /// Who invites.
    pub invited_by: Email,
    /// Name of who invites.
    pub invited_by_name: String,
    /// Language of the letter.
    pub language: Language,
    /// When it was sent.
    pub sent_at: Moment,
    /// Until when it can be accepted.
    pub expires_at: Moment,
}

impl InvitationView {
    /// From when on it may be sent again.
    pub fn again_from(&self) -> Moment {
        self.sent_at.plus_ms(DAY_MS)
    }
}

/// What a person who accepts chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The name shown.
    pub name: String,
    /// The password.
    pub password: Secret,
    /// Language of pages and mails.
    pub language: Language,
    /// Time zone.
    pub zone: String,
}

const INSERT: Sql = Sql::new(
    "insert into identity_invitation (organisation_id, portal_id, id, email, place, place_name, role, invited_by, \
     language, token_hash, state, sent_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12)",
);
const END_OPEN: Sql = Sql::new(
    "update identity_invitation set state = $4, ended_at = $5 \
     where organisation_id = $1 and portal_id = $2 and email = $3 and state = 'open'",
);
const ACCEPT: Sql = Sql::new(
    "update identity_invitation set state = 'accepted', ended_at = $2 where token_hash = $1 and state = 'open'",
);
/// With the account made, all that is open for the address is answered, in every portal.
const ACCEPT_OTHERS: Sql =
    Sql::new("update identity_invitation set state = 'accepted', ended_at = $2 where email = $1 and state = 'open'");
const BY_TOKEN: Sql = Sql::new(
    "select organisation_id, portal_id, id, email, place, place_name, role, invited_by, language, state, sent_at, \
     expires_at from identity_invitation where token_hash = $1",
);
const OPEN: Sql = Sql::new(
    "select organisation_id, portal_id, id, email, place, place_name, role, invited_by, language, state, sent_at, \
     expires_at from identity_invitation where organisation_id = $1 and portal_id = $2 and state = 'open' order by id",
);
const OPEN_OF: Sql = Sql::new(
    "select organisation_id, portal_id, id, email, place, place_name, role, invited_by, language, state, sent_at, \
     expires_at from identity_invitation where organisation_id = $1 and portal_id = $2 and email = $3 and state = 'open' \
     order by id desc limit 1",
);

impl Identity {
    /// Invites a person by letter; an open invitation of the same person is replaced. `None`: the person has a password
    /// and needs no invitation.
    pub fn invite(&self, tx: &mut Tx<'_>, new: &NewInvitation) -> Result<Option<LetterId>, IdentityError> {
        let invited = account::by_email(tx, &new.email)?.ok_or(IdentityError::NotFound)?;
        if invited.has_password {
            return Ok(None);
        }
        self.end_open(tx, &new.tenant, &new.email, InvitationState::Replaced)?;
        let now = self.clock.now();
        let expires = now.plus_ms(i64::from(VALID_DAYS) * DAY_MS);
        let id = self.ids.next();
        let token = Secret::new(random_hex(self.entropy.as_ref(), 20));
        tx.execute(
            &INSERT,
            &[
                new.tenant.organisation.as_str().into(),
                new.tenant.portal.as_str().into(),
                id.as_str().into(),
                new.email.as_str().into(),
                place_code(new.place).into(),
                new.place_name.as_str().into(),
                new.role.as_str().into(),
                new.invited_by.as_str().into(),
                new.language.code().into(),
                token.hash().into(),
                now.ms().into(),
                expires.ms().into(),
            ],
        )?;
        let inviter = account::by_email(tx, &new.invited_by)?;
        let letter = Letter::Invitation(InvitationLetter {
            invited_by: inviter.map_or_else(|| new.invited_by.as_str().to_owned(), |card| card.name),
            place: new.place,
            place_name: new.place_name.clone(),
            role: new.role.clone(),
            language: new.language,
            token: token.reveal().to_owned(),
            expires,
        });
        let new_letter = NewLetter {
            id: LetterId::new(self.ids.next()),
            at: now,
            tenant: new.tenant.clone(),
            to: new.email.clone(),
            letter,
            message_key: format!("invitation/{id}"),
        };
        Ok(mail::enqueue(tx, &new_letter)?)
    }

    /// Makes the account of a person if there is none, and invites who has no password yet, in one transaction. For
    /// rooms that do not know the people of their users.
    pub fn bring_in(&self, seed: &AccountSeed, new: &NewInvitation) -> Result<Option<LetterId>, IdentityError> {
        let now = self.clock.now();
        self.db.write(|tx| {
            account::ensure(tx, &new.email, seed, self.ids.as_ref(), now)?;
            self.invite(tx, new)
        })
    }

    /// Sends the open or expired invitation of a person again, with a new link; the old one ends.
    ///
    /// Errors: `TooSoon` within 24 hours; `NotFound` if there is none.
    pub fn invite_again(&self, tx: &mut Tx<'_>, tenant: &Tenant, email: &Email) -> Result<LetterId, IdentityError> {
        let row = tx.row(&OPEN_OF, &address(tenant, email))?.ok_or(IdentityError::NotFound)?;
        let last = self.view(tx, &row)?;
        if last.again_from() > self.clock.now() {
            return Err(IdentityError::TooSoon { until: last.again_from() });
        }
        let new = NewInvitation {
            tenant: last.tenant,
            email: last.email,
            place: last.place,
            place_name: last.place_name,
            role: last.role,
            invited_by: last.invited_by,
            language: last.language,
        };
        self.invite(tx, &new)?.ok_or(IdentityError::NotFound)
    }

    /// Takes the open invitation of a person back; none is fine too.
    pub fn withdraw(&self, tx: &mut Tx<'_>, tenant: &Tenant, email: &Email) -> Result<(), IdentityError> {
        self.end_open(tx, tenant, email, InvitationState::Withdrawn)
    }

    /// The invitations of a portal that wait for an answer, those included whose time is over.
    pub fn open_invitations(&self, read: &mut Read<'_>, tenant: &Tenant) -> Result<Vec<InvitationView>, IdentityError> {
        let binds = [tenant.organisation.as_str().into(), tenant.portal.as_str().into()];
        let rows = read.rows(&OPEN, &binds)?;
        rows.iter().map(|row| self.view(read, row)).collect()
    }

    /// The invitation behind a link. `NotFound`: no such link.
    pub fn invitation(&self, token: &Secret) -> Result<InvitationView, IdentityError> {
        self.db.read(|read| {
            let row = read.row(&BY_TOKEN, &[token.hash().into()])?.ok_or(IdentityError::NotFound)?;
            self.view(read, &row)
        })
    }

    /// Lets the person in: name, password and language are set. The caller signs the account in.
    ///
    /// Errors: `Invalid` (fields `name`, `password`, `zone`); `Ended` with the state; `NotFound`.
    pub fn accept(&self, token: &Secret, chosen: &Acceptance) -> Result<AccountCard, IdentityError> {
        let view = self.invitation(token)?;
        if view.state != InvitationState::Open {
            return Err(IdentityError::Ended(view.state));
        }
        check(chosen)?;
        let hash = self.hash_of_new(&chosen.password)?;
        let now = self.clock.now();
        self.db.write(|tx| {
            if tx.execute(&ACCEPT, &[token.hash().into(), now.ms().into()])? != 1 {
                return Err(IdentityError::Ended(InvitationState::Accepted));
            }
            tx.execute(&ACCEPT_OTHERS, &[view.email.as_str().into(), now.ms().into()])?;
            let card = account::by_email(tx, &view.email)?.ok_or(IdentityError::NotFound)?;
            let change = AccountChange {
                name: Some(chosen.name.clone()),
                language: Some(chosen.language),
                zone: Some(chosen.zone.clone()),
            };
            account::change(tx, &card.id, &change)?;
            account::set_password(tx, &card.id, &hash)?;
            account::signed_in(tx, &card.id, now)?;
            throttle::succeed(tx, Kind::Account, view.email.as_str())?;
            account::by_email(tx, &view.email)?.ok_or(IdentityError::NotFound)
        })
    }

    fn end_open(
        &self,
        tx: &mut Tx<'_>,
        tenant: &Tenant,
        email: &Email,
        state: InvitationState,
    ) -> Result<(), IdentityError> {
        let [organisation, portal, email] = address(tenant, email);
        tx.execute(&END_OPEN, &[organisation, portal, email, state.code().into(), self.clock.now().ms().into()])?;
        Ok(())
    }

    fn view(&self, read: &mut Read<'_>, row: &Row) -> Result<InvitationView, IdentityError> {
        let broken = |what: &str| IdentityError::Internal(format!("an invitation has no readable {what}"));
        let email = Email::parse(&row.text("email")?).map_err(|_| broken("address"))?;
        let invited_by = Email::parse(&row.text("invited_by")?).map_err(|_| broken("inviter"))?;
        let stored = InvitationState::parse(&row.text("state")?).ok_or_else(|| broken("state"))?;
        let expires_at = Moment::from_ms(row.int("expires_at")?);
        let is_over = stored == InvitationState::Open && expires_at <= self.clock.now();
        let names = account::names(read, &[email.clone(), invited_by.clone()])?;
        let name = |email: &Email| names.get(email).cloned().unwrap_or_default();
        Ok(InvitationView {
            id: row.text("id")?,
            state: if is_over { InvitationState::Expired } else { stored },
            tenant: Tenant {
                organisation: ports::OrganisationId::new(row.text("organisation_id")?),
                portal: ports::PortalId::new(row.text("portal_id")?),
            },
            name: name(&email),
            invited_by_name: name(&invited_by),
            email,
            place: place(&row.text("place")?).ok_or_else(|| broken("place"))?,
            place_name: row.text("place_name")?,
            role: row.text("role")?,
            invited_by,
            language: Language::parse(&row.text("language")?).unwrap_or_default(),
            sent_at: Moment::from_ms(row.int("sent_at")?),
            expires_at,
        })
    }
}

fn check(chosen: &Acceptance) -> Result<(), IdentityError> {
    let mut errors = Vec::new();
    if let Err(code) = account::checked_name(&chosen.name) {
        errors.push(FieldError { field: "name", code });
    }
    if let Err(code) = password::check(&chosen.password) {
        errors.push(FieldError { field: "password", code });
    }
    if !account::is_zone(&chosen.zone) {
        errors.push(FieldError { field: "zone", code: "unknown" });
    }
    if errors.is_empty() { Ok(()) } else { Err(IdentityError::Invalid(errors)) }
}

fn address(tenant: &Tenant, email: &Email) -> [Bind; 3] {
    [tenant.organisation.as_str().into(), tenant.portal.as_str().into(), email.as_str().into()]
}

fn place_code(place: Place) -> &'static str {
    match place {
        Place::Portal => "portal",
        Place::Client => "client",
        Place::Crm => "crm",
    }
}

fn place(code: &str) -> Option<Place> {
    [Place::Portal, Place::Client, Place::Crm].into_iter().find(|place| place_code(*place) == code)
}
