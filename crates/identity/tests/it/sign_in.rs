//! Signing in, and what happens to who guesses.

use identity::{IdentityError, Secret, account};

use crate::world::{MANAGER, PASSWORD, World, each, email, word};

#[test]
fn the_right_password_signs_in_and_nothing_else_does() {
    each(|world| {
        let card = world.member(MANAGER);
        world.person("invited@zylker.example");
        assert_eq!(world.sign_in(" Project.Manager@zylker.example ", PASSWORD).unwrap().id, card.id);
        for (address, password) in [
            (MANAGER, "wrong"),
            (MANAGER, ""),
            ("nobody@zylker.example", PASSWORD),
            ("invited@zylker.example", ""),
            ("invited@zylker.example", "nobody has this password"),
            ("no address", PASSWORD),
        ] {
            let error = world.sign_in(address, password).unwrap_err();
            assert!(matches!(error, IdentityError::WrongCredentials), "{address} {password}: {error:?}");
        }
        assert_eq!(world.identity.account(&card.email).unwrap().unwrap().signed_in_at, Some(world.now()));
    });
}

#[test]
fn a_person_who_is_not_active_does_not_come_in() {
    each(|world| {
        world.member(MANAGER);
        world.db.write(|tx| account::set_active(tx, &email(MANAGER), false)).unwrap();
        assert!(matches!(world.sign_in(MANAGER, PASSWORD), Err(IdentityError::WrongCredentials)));
        world.db.write(|tx| account::set_active(tx, &email(MANAGER), true)).unwrap();
        assert!(world.sign_in(MANAGER, PASSWORD).is_ok());
    });
}

fn guess(world: &World, address: &str, from: &str) -> IdentityError {
    world.identity.sign_in(address, &Secret::new("guess"), from).unwrap_err()
}

#[test]
fn five_wrong_tries_make_wait_whether_the_account_exists_or_not() {
    each(|world| {
        world.member(MANAGER);
        for address in [MANAGER, "nobody@zylker.example"] {
            for _ in 0..5 {
                assert!(matches!(guess(world, address, "192.0.2.1"), IdentityError::WrongCredentials));
            }
            let error = guess(world, address, "192.0.2.2");
            let until = world.now().plus_ms(30_000);
            assert!(
                matches!(&error, IdentityError::TooManyTries { until: told } if *told == until),
                "{}",
                word(&error)
            );
        }
        assert!(
            matches!(world.sign_in(MANAGER, PASSWORD), Err(IdentityError::TooManyTries { .. })),
            "not even the right one"
        );
        world.pass_s(30);
        assert!(world.sign_in(MANAGER, PASSWORD).is_ok());
        for _ in 0..5 {
            assert!(
                matches!(guess(world, MANAGER, "192.0.2.1"), IdentityError::WrongCredentials),
                "anew after success"
            );
        }
        world.pass_s(30);
        assert!(matches!(guess(world, MANAGER, "192.0.2.1"), IdentityError::WrongCredentials));
        world.pass_s(30);
        assert!(matches!(guess(world, MANAGER, "192.0.2.1"), IdentityError::TooManyTries { .. }), "a minute now");
        world.pass_hours(1);
        assert!(matches!(guess(world, MANAGER, "192.0.2.1"), IdentityError::WrongCredentials), "forgotten");
    });
}

#[test]
fn one_address_cannot_try_many_accounts() {
    each(|world| {
        world.member(MANAGER);
        for count in 0..30 {
            guess(world, &format!("person{count}@zylker.example"), "192.0.2.9");
        }
        assert!(matches!(guess(world, "another@zylker.example", "192.0.2.9"), IdentityError::TooManyTries { .. }));
        assert!(world.sign_in(MANAGER, PASSWORD).is_ok(), "from elsewhere");
        world.pass_hours(2);
        world.identity.forget_tries(world.now()).unwrap();
        let left = store::Sql::new("select subject from identity_throttle");
        assert_eq!(world.db.read(|read| read.rows(&left, &[])).unwrap(), []);
    });
}
