//! `lockstep api-client create`: a program that acts as one user.

use identity::Scopes;
use ports::Email;

use crate::Failure;
use crate::cli::ApiClientArgs;
use crate::config::place;
use crate::wiring::{Rooms, Sources, open};

/// Makes the client and shows its secrets, once.
///
/// Errors: an address without an account, a scope that does not exist, the database.
pub fn create(args: &ApiClientArgs) -> Result<(), Failure> {
    let email = Email::parse(&args.user).map_err(|error| Failure(format!("--user: {error}")))?;
    let scopes = if args.scopes.is_empty() {
        Scopes::all()
    } else {
        Scopes::parse(&args.scopes.join(",")).map_err(|error| Failure(format!("--scopes: {error}")))?
    };
    let place = place(&args.common).map_err(Failure::of)?;
    let sources = Sources::system();
    let db = open(&place, sources.clock.now()).map_err(Failure::of)?;
    let rooms = Rooms::new(db, sources).map_err(Failure::of)?;
    let client = rooms.identity.create_api_client(&args.name, &email, &scopes);
    let client = client.map_err(|error| match error {
        identity::IdentityError::NotFound => Failure(format!("--user: nobody here has the address {email}")),
        other => Failure::of(other),
    })?;
    let document = serde_json::to_value(&client).map_err(Failure::of)?;
    if args.json {
        println!("{document}");
    } else if let Some(members) = document.as_object() {
        for (name, value) in members {
            println!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
    }
    Ok(())
}
