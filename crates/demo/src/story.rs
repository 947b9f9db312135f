//! What has happened before the demo begins: a few changes carried over, one refused, one held (section 9).

use ::bridge::{BridgeError, Engine};
use crm::{Draft, Module};
use mail::{Delivery, Handed, Mail, Outgoing};
use ports::{Date, Directory, Moment, Patch, ProjectsTaskId, Tenant};
use projects::TaskPatch;

use crate::error::DemoError;
use crate::people::by;
use crate::{Loaded, Options, Rooms};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const STEPS_MAX: usize = 10_000;

/// What moves the story on.
pub struct Teller<'a> {
    /// Carries the changes over.
    pub engine: &'a mut Engine,
    /// Turns the loader's clock to an instant.
    pub turn: &'a dyn Fn(Moment),
    /// The outbox.
    pub mail: &'a Mail,
    /// Who the letters go to.
    pub directory: &'a dyn Directory,
    /// Address in the links of letters.
    pub public_url: &'a str,
}

/// Lets it happen: each change at its time before `now`, carried over before the next one.
///
/// The clock of `rooms` stands at `now` afterwards. Letters count as sent; no file is written for them.
pub fn tell(
    rooms: &Rooms,
    loaded: &Loaded,
    options: &Options,
    teller: &mut Teller<'_>,
    now: Moment,
) -> Result<(), DemoError> {
    let day = |days: i32| options.today.plus_days(days);
    teller.settle(now.plus_ms(-30 * HOUR_MS))?;
    let old_title = title(rooms, loaded, "DM-4")?;
    let new_title = format!("{old_title} (v2)");
    let chapters: [(i64, &dyn Fn() -> Result<(), DemoError>); 7] = [
        (27 * HOUR_MS, &|| rename_task(rooms, loaded, "DM-4", "U9", &new_title)),
        (26 * HOUR_MS, &|| change_crm(rooms, loaded, "K2", "U4", "subject", &old_title)),
        (22 * HOUR_MS, &|| change_crm(rooms, loaded, "K2", "U5", "due", &day(12).to_string())),
        (6 * HOUR_MS, &|| due_of_task(rooms, loaded, "DM-4", "U9", day(14))),
        (5 * HOUR_MS, &|| change_crm(rooms, loaded, "K2", "U4", "due", &day(10).to_string())),
        (3 * HOUR_MS, &|| change_crm(rooms, loaded, "K10", "U7", "priority", "Someday")),
        (2 * HOUR_MS, &|| change_crm(rooms, loaded, "K6", "U4", "due", &day(118).to_string())),
    ];
    for (before, chapter) in chapters {
        let at = now.plus_ms(-before);
        (teller.turn)(at);
        chapter()?;
        teller.settle(at)?;
    }
    teller.send_all(now.plus_ms(-HOUR_MS))?;
    (teller.turn)(now);
    Ok(())
}

impl Teller<'_> {
    /// Carries over what is there, with the clock running on a little at a time.
    fn settle(&mut self, at: Moment) -> Result<(), DemoError> {
        let mut at = at;
        for _ in 0..3 {
            (self.turn)(at);
            self.engine.run_until_quiet(at, STEPS_MAX)?;
            at = at.plus_ms(1_000);
        }
        Ok(())
    }

    fn send_all(&self, at: Moment) -> Result<(), DemoError> {
        (self.turn)(at);
        while self.mail.deliver_due(at, &Taken, self.directory, self.public_url)? != mail::Step::Idle {}
        Ok(())
    }
}

/// Takes every letter and keeps none.
struct Taken;

impl Delivery for Taken {
    fn hand_over(&self, _letter: &Outgoing) -> Handed {
        Handed::Sent(String::new())
    }
}

fn change_crm(rooms: &Rooms, loaded: &Loaded, key: &str, who: &str, field: &str, value: &str) -> Result<(), DemoError> {
    let draft = Draft::new().with(field, value);
    let id = loaded.keys.id(key)?;
    let changed = rooms.crm.update(&called(&loaded.tenant, who)?, Module::Task, id, None, &draft);
    changed.map(|_| ()).map_err(|error| DemoError::Crm { what: key.to_owned(), error })
}

fn rename_task(rooms: &Rooms, loaded: &Loaded, key: &str, who: &str, title: &str) -> Result<(), DemoError> {
    change_task(rooms, loaded, key, who, &TaskPatch { title: Some(title.to_owned()), ..TaskPatch::default() })
}

fn due_of_task(rooms: &Rooms, loaded: &Loaded, key: &str, who: &str, due: Date) -> Result<(), DemoError> {
    change_task(rooms, loaded, key, who, &TaskPatch { due: Patch::Set(due), ..TaskPatch::default() })
}

fn change_task(rooms: &Rooms, loaded: &Loaded, key: &str, who: &str, patch: &TaskPatch) -> Result<(), DemoError> {
    let id = ProjectsTaskId::new(loaded.keys.id(key)?);
    let changed = rooms.projects.edit_task(&called(&loaded.tenant, who)?, &id, patch, None);
    changed.map(|_| ()).map_err(|error| DemoError::Projects { what: key.to_owned(), error })
}

fn title(rooms: &Rooms, loaded: &Loaded, key: &str) -> Result<String, DemoError> {
    let id = ProjectsTaskId::new(loaded.keys.id(key)?);
    let task = rooms.projects.task(&by(&loaded.tenant, "U9")?, &id);
    task.map(|card| card.task.title).map_err(|error| DemoError::Projects { what: key.to_owned(), error })
}

/// A person's own call, as by an API: a value outside of a pick list is taken.
fn called(tenant: &Tenant, who: &str) -> Result<ports::Acting, DemoError> {
    Ok(ports::Acting { origin: ports::Origin::Api, ..by(tenant, who)? })
}

impl From<ports::SideError> for DemoError {
    fn from(error: ports::SideError) -> Self {
        Self::Bridge(BridgeError::from(error))
    }
}
