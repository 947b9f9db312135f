//! What a hand-off would do, in words.

use bridge::BridgeError;
use bridge::handoff::{Effect, HandOffInput};
use i18n::Words;

use crate::error::PageError;
use crate::show::Tile;
use crate::visit::Ctx;

/// The panel beside the form.
pub(super) struct Preview {
    pub(super) tile: Tile,
    pub(super) name: String,
    pub(super) dates: String,
    pub(super) is_strict: bool,
    /// What would be made, with an icon.
    pub(super) effects: Vec<(&'static str, String)>,
    /// What stands in the way.
    pub(super) problems: Vec<String>,
}

/// Looks at what the order would do; nothing is written.
pub(super) fn preview(ctx: &Ctx, input: &HandOffInput, is_complete: bool) -> Result<Preview, PageError> {
    let w = ctx.w;
    let project = &input.project;
    let dates = match (project.start, project.end) {
        (Some(start), Some(end)) => w.date_range(start, end, ctx.today),
        (Some(start), None) => w.crm_preview_from(w.date(start, ctx.today)),
        (None, Some(end)) => w.crm_preview_until(w.date(end, ctx.today)),
        (None, None) => w.crm_preview_no_dates().to_owned(),
    };
    let mut preview = Preview {
        tile: Tile::projects("app-projects").large(),
        name: project.name.clone(),
        dates,
        is_strict: project.is_strict,
        effects: Vec::new(),
        problems: Vec::new(),
    };
    if !is_complete {
        return Ok(preview);
    }
    match ctx.web.bridge.check_hand_off(&ctx.acting, input) {
        Ok(found) => {
            preview.effects = found.effects.iter().map(|effect| line(effect, w)).collect();
            let problem = |step: &bridge::operation::StepRefused| {
                w.crm_preview_problem(super::people::reason(ctx, &step.reason), step_name(&step.step, w))
            };
            preview.problems = found.problems.iter().map(problem).collect();
        }
        // What is wrong with fields stands at the fields once the form is sent.
        Err(BridgeError::Invalid(_) | BridgeError::Refused(_) | BridgeError::WrongState) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(preview)
}

fn line(effect: &Effect, w: Words) -> (&'static str, String) {
    match effect {
        Effect::CreateProject { name } => ("app-projects", w.crm_effect_project(name)),
        Effect::CreateCompany { name } => ("building", w.crm_effect_company(name)),
        Effect::UseCompany { company } => ("building", w.crm_effect_use_company(company.label())),
        Effect::Map { company, account } => ("map", w.crm_effect_map(account.label(), company)),
        Effect::Associate { name, .. } => ("link", w.crm_effect_associate(name)),
        Effect::AddMember { name, .. } => ("user", w.crm_effect_member(name)),
        Effect::Invite { name, person, is_client: true } => ("mail", w.crm_effect_invite_client(person.as_str(), name)),
        Effect::Invite { name, person, is_client: false } => ("mail", w.crm_effect_invite(person.as_str(), name)),
    }
}

/// The name of a step of a hand-off.
pub(super) fn step_name(step: &str, w: Words) -> &'static str {
    match step {
        "company" => w.crm_step_company(),
        "association" => w.crm_step_association(),
        "mapping" => w.crm_step_mapping(),
        "users" => w.crm_step_users(),
        "client_users" => w.crm_step_client_users(),
        _ => w.crm_step_project(),
    }
}

/// A preview for samples.
pub(super) fn sample(w: Words) -> Preview {
    Preview {
        tile: Tile::projects("app-projects").large(),
        name: "病房无线路由器".into(),
        dates: w.crm_preview_no_dates().into(),
        is_strict: true,
        effects: vec![("building", w.crm_effect_company("医院客户"))],
        problems: vec![w.crm_preview_problem(w.crm_step_mapping(), w.crm_step_company())],
    }
}
