//! The first start: who holds the token that the program printed makes organisation, portal and administrator.

use ports::{Email, Language, Tenant};
use store::{Sql, Tx};

use crate::account::{self, AccountCard, AccountSeed};
use crate::error::{FieldError, IdentityError};
use crate::secret::{Secret, is_equal, random_readable};
use crate::tenant::{self, NewTenant, TenantCard};
use crate::{Identity, password};

const VALID_MS: i64 = 60 * 60_000;

const PUT_TOKEN: Sql = Sql::new(
    "insert into identity_first_start (id, token_hash, expires_at) values ('first', $1, $2) \
     on conflict (id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at",
);
const TOKEN: Sql = Sql::new("select token_hash, expires_at from identity_first_start where id = 'first'");
const USE_TOKEN: Sql = Sql::new("delete from identity_first_start where id = 'first' and token_hash = $1");

/// What the page of the first start asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstStart {
    /// The token from the console.
    pub token: Secret,
    /// Name of the organisation and of its portal.
    pub organisation: String,
    /// Address of the administrator.
    pub email: String,
    /// Name of the administrator; empty: taken from the address.
    pub name: String,
    /// The password.
    pub password: Secret,
    /// Language of the administrator and the tenants.
    pub language: Language,
    /// Time zone of both.
    pub zone: String,
    /// Currency of the organisation.
    pub currency: String,
}

/// What the first start made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founded {
    /// Organisation and portal.
    pub tenant: TenantCard,
    /// The administrator.
    pub administrator: AccountCard,
}

impl Identity {
    /// Whether nobody has an account yet: then the pages lead to the first start.
    pub fn is_new(&self) -> Result<bool, IdentityError> {
        self.db.read(|read| Ok(!account::is_anybody_here(read)?))
    }

    /// A new one-time token for the console, valid for an hour, in place of an earlier one; `None` once there is an
    /// account.
    pub fn first_start_token(&self) -> Result<Option<Secret>, IdentityError> {
        let token = Secret::new(random_readable(self.entropy.as_ref()));
        let expires = self.clock.now().plus_ms(VALID_MS).ms();
        let is_new = self.db.write(|tx| {
            if account::is_anybody_here(tx)? {
                return Ok::<_, IdentityError>(false);
            }
            tx.execute(&PUT_TOKEN, &[typed(&token).hash().into(), expires.into()])?;
            Ok(true)
        })?;
        Ok(is_new.then_some(token))
    }

    /// A password for accounts that are not a person's own, such as those of a demo: 60 random bits that can be read out.
    pub fn readable_secret(&self) -> Secret {
        Secret::new(random_readable(self.entropy.as_ref()))
    }

    /// Makes organisation and portal with these ids, and the administrator; `also` makes, in the same transaction, what the other rooms need:
    /// the CRM user, the portal owner, the connection.
    ///
    /// Errors: `Invalid` for fields, the token among them (`wrong`, `expired`); `TooManyTries`; `NotFound` when the
    /// first start is over.
    pub fn first_start<E>(
        &self,
        form: &FirstStart,
        tenant: &Tenant,
        from: &str,
        also: impl Fn(&mut Tx<'_>, &Founded) -> Result<(), E>,
    ) -> Result<Founded, E>
    where
        E: From<IdentityError> + From<store::StoreError>,
    {
        let now = self.clock.now();
        let email = checked(form)?;
        self.count_try("first start", from, now)?;
        let hash = self.hash_of_new(&form.password)?;
        let founded = self.db.write(|tx| {
            self.use_token(tx, &form.token)?;
            let new = NewTenant {
                tenant: tenant.clone(),
                organisation: form.organisation.trim().to_owned(),
                portal: form.organisation.trim().to_owned(),
                language: form.language,
                currency: form.currency.clone(),
                zone: form.zone.clone(),
            };
            let tenant = tenant::create(tx, &new, now)?;
            let seed = AccountSeed { name: form.name.clone(), language: form.language, zone: form.zone.clone() };
            let administrator = account::ensure(tx, &email, &seed, self.ids.as_ref(), now)?;
            account::set_password(tx, &administrator.id, &hash)?;
            let founded = Founded { tenant, administrator };
            also(tx, &founded)?;
            Ok::<_, E>(founded)
        })?;
        self.admit(&founded.administrator, from, now)?;
        self.clear_tries("first start")?;
        Ok(founded)
    }

    fn use_token(&self, tx: &mut Tx<'_>, token: &Secret) -> Result<(), IdentityError> {
        if account::is_anybody_here(tx)? {
            return Err(IdentityError::NotFound);
        }
        let given = typed(token).hash();
        let Some(row) = tx.row(&TOKEN, &[])? else { return Err(IdentityError::field("token", "wrong")) };
        if !is_equal(&given, &row.text("token_hash")?) {
            return Err(IdentityError::field("token", "wrong"));
        }
        if row.int("expires_at")? <= self.clock.now().ms() {
            return Err(IdentityError::field("token", "expired"));
        }
        // Two at once: the row goes once, the other transaction finds nothing to delete.
        match tx.execute(&USE_TOKEN, &[given.into()])? {
            1 => Ok(()),
            _ => Err(IdentityError::NotFound),
        }
    }

    fn clear_tries(&self, account: &str) -> Result<(), IdentityError> {
        self.db.write(|tx| crate::throttle::succeed(tx, crate::throttle::Kind::Account, account))
    }
}

/// A token as it is compared: small letters, blanks and hyphens make no difference to who types it.
fn typed(token: &Secret) -> Secret {
    let letters = token.reveal().chars().filter(char::is_ascii_alphanumeric);
    Secret::new(letters.map(|letter| letter.to_ascii_uppercase()).collect::<String>())
}

fn checked(form: &FirstStart) -> Result<Email, IdentityError> {
    let mut errors = Vec::new();
    let mut note = |field, code| errors.push(FieldError { field, code });
    if let Err(code) = account::checked_name(&form.organisation) {
        note("organisation", code);
    }
    if !form.name.trim().is_empty()
        && let Err(code) = account::checked_name(&form.name)
    {
        note("name", code);
    }
    if let Err(code) = password::check(&form.password) {
        note("password", code);
    }
    if !account::is_zone(&form.zone) {
        note("zone", "unknown");
    }
    let is_currency = form.currency.len() == 3 && form.currency.bytes().all(|letter| letter.is_ascii_uppercase());
    if !is_currency {
        note("currency", "unknown");
    }
    let email = Email::parse(&form.email);
    if email.is_err() {
        note("email", "invalid");
    }
    match email {
        Ok(email) if errors.is_empty() => Ok(email),
        Ok(_) | Err(_) => Err(IdentityError::Invalid(errors)),
    }
}
