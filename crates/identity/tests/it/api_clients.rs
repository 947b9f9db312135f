//! Programs that work in a person's name.

use identity::{IdentityError, Operation, Scopes, Secret, account};
use wire::oauth::{TokenAnswer, TokenRequest};

use crate::world::{MANAGER, each, email};

fn request(client: &wire::oauth::ApiClient) -> TokenRequest {
    TokenRequest {
        grant_type: Some("refresh_token".into()),
        client_id: Some(client.client_id.clone()),
        client_secret: Some(client.client_secret.clone()),
        refresh_token: Some(client.refresh_token.clone()),
        redirect_uri: None,
    }
}

#[test]
fn a_client_gets_all_it_needs_and_its_token_says_who_calls() {
    each(|world| {
        let tenant = world.tenant();
        world.member(MANAGER);
        world.identity.set_public_url("https://lockstep.zylker.example/").unwrap();
        let scopes = Scopes::parse("Lockstep.links.READ").unwrap();
        let client = world.identity.create_api_client("check", &email(MANAGER), &scopes).unwrap();
        assert!(client.client_id.starts_with("1000.") && client.client_id.len() == 35);
        assert_eq!(client.client_secret.len(), 42);
        for token in [&client.access_token, &client.refresh_token] {
            let parts: Vec<_> = token.split('.').map(str::len).collect();
            assert_eq!(parts, [4, 32, 32], "{token}");
        }
        assert_eq!((client.api_domain.as_str(), client.expires_in), ("https://lockstep.zylker.example", 3_600));
        assert_eq!((client.org_id.as_str(), client.portal_id.as_str()), ("540", "230"));
        let caller = world.identity.bearer(&Secret::new(&client.access_token)).unwrap().unwrap();
        assert_eq!((caller.email.clone(), caller.tenant.clone()), (email(MANAGER), tenant));
        assert!(caller.scopes.allows("links", Operation::Read) && !caller.scopes.allows("links", Operation::Create));
        assert_eq!(caller.acting().origin, ports::Origin::Api);
        assert_eq!(world.identity.bearer(&Secret::new(&client.refresh_token)).unwrap(), None);
        assert_eq!(world.identity.bearer(&Secret::new("")).unwrap(), None);
        world.pass_s(3_600);
        assert_eq!(world.identity.bearer(&Secret::new(&client.access_token)).unwrap(), None, "after an hour");
    });
}

#[test]
fn the_token_endpoint_answers_errors_as_documents() {
    each(|world| {
        world.tenant();
        world.member(MANAGER);
        let client = world.identity.create_api_client("check", &email(MANAGER), &Scopes::all()).unwrap();
        let other = world.identity.create_api_client("other", &email(MANAGER), &Scopes::all()).unwrap();
        let good = request(&client);
        let TokenAnswer::Token(token) = world.identity.token(&good).unwrap() else { panic!() };
        assert_eq!((token.token_type.as_str(), token.expires_in), ("Bearer", 3_600));
        assert!(world.identity.bearer(&Secret::new(&token.access_token)).unwrap().is_some());
        assert!(world.identity.bearer(&Secret::new(&client.access_token)).unwrap().is_some(), "the first lives on");
        let text = |value: &str| Some(value.to_owned());
        for (bad, error) in [
            (TokenRequest::default(), "unsupported_grant_type"),
            (TokenRequest { grant_type: text("password"), ..good.clone() }, "unsupported_grant_type"),
            (TokenRequest { client_id: None, ..good.clone() }, "invalid_client"),
            (TokenRequest { client_id: text("1000.X"), ..good.clone() }, "invalid_client"),
            (TokenRequest { client_secret: text("wrong"), ..good.clone() }, "invalid_client_secret"),
            (TokenRequest { client_secret: text(""), ..good.clone() }, "general_error"),
            (TokenRequest { refresh_token: None, ..good.clone() }, "general_error"),
            (TokenRequest { refresh_token: text("1000.x.y"), ..good.clone() }, "invalid_code"),
            (TokenRequest { refresh_token: text(&other.refresh_token), ..good.clone() }, "invalid_code"),
        ] {
            let TokenAnswer::Error(answer) = world.identity.token(&bad).unwrap() else { panic!("{bad:?}") };
            assert_eq!(answer.error, error, "{bad:?}");
        }
    });
}

#[test]
fn revoking_the_refresh_token_ends_its_access_tokens() {
    each(|world| {
        world.tenant();
        world.member(MANAGER);
        let client = world.identity.create_api_client("check", &email(MANAGER), &Scopes::all()).unwrap();
        let other = world.identity.create_api_client("other", &email(MANAGER), &Scopes::all()).unwrap();
        assert_eq!(world.identity.revoke(&Secret::new(&client.refresh_token)).unwrap().status, "success");
        assert_eq!(world.identity.bearer(&Secret::new(&client.access_token)).unwrap(), None);
        let TokenAnswer::Error(answer) = world.identity.token(&request(&client)).unwrap() else { panic!() };
        assert_eq!(answer.error, "invalid_code");
        assert_eq!(world.identity.revoke(&Secret::new(&client.refresh_token)).unwrap().status, "failure");
        assert!(world.identity.bearer(&Secret::new(&other.access_token)).unwrap().is_some());
        assert_eq!(world.identity.revoke(&Secret::new(&other.access_token)).unwrap().status, "success");
        assert_eq!(world.identity.bearer(&Secret::new(&other.access_token)).unwrap(), None);
    });
}

#[test]
fn thirty_access_tokens_live_at_once_and_one_more_ends_the_oldest() {
    each(|world| {
        world.tenant();
        world.member(MANAGER);
        let client = world.identity.create_api_client("check", &email(MANAGER), &Scopes::all()).unwrap();
        for count in 0..30 {
            let lives = world.identity.bearer(&Secret::new(&client.access_token)).unwrap().is_some();
            assert!(lives, "after {count} more");
            world.pass_s(1);
            assert!(matches!(world.identity.token(&request(&client)).unwrap(), TokenAnswer::Token(_)));
        }
        assert_eq!(world.identity.bearer(&Secret::new(&client.access_token)).unwrap(), None);
    });
}

#[test]
fn a_person_who_is_not_active_has_no_tokens() {
    each(|world| {
        world.tenant();
        world.member(MANAGER);
        let client = world.identity.create_api_client("check", &email(MANAGER), &Scopes::all()).unwrap();
        world.db.write(|tx| account::set_active(tx, &email(MANAGER), false)).unwrap();
        assert_eq!(world.identity.bearer(&Secret::new(&client.access_token)).unwrap(), None);
        assert!(matches!(world.identity.token(&request(&client)).unwrap(), TokenAnswer::Error(_)));
        let nobody = world.identity.create_api_client("x", &email("nobody@zylker.example"), &Scopes::all());
        assert!(matches!(nobody, Err(IdentityError::NotFound)));
    });
}
