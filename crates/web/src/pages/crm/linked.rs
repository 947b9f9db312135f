//! A CRM task that is linked to Projects: where the link stands, what Projects takes, what became of changes.

use askama::Template;
use bridge::checks::{ChangedTask, Constraint, TaskCheck};
use bridge::field::{Field, FieldValue, Shown, SideName};
use bridge::history::{Action, Entry, Filter, Outcome};
use bridge::plan::LinkState;
use bridge::reading::links::LinkView;
use bridge::refusal::{self, Refusal, RefusalState};
use crm::Record;
use i18n::Words;
use ports::{CrmTaskId, Date, Email, Moment};

use super::joined::{optional, task_address, why_address};
use super::people::People;
use super::value::{History, Line};
use super::words::choice_label;
use crate::error::PageError;
use crate::show::{Diff, PriorityMark, Sign, Sync, When, in_step_text};
use crate::visit::Ctx;

/// Entries of the log that a page shows.
const ENTRIES_MAX: usize = 8;
/// So long a refusal that was set back stays on the page; it stands under "Why?" forever.
const TOLD_FOR_MS: i64 = 7 * 24 * 3_600_000;

/// Everything a page needs to know of a link.
pub(super) struct Linked {
    pub(super) view: LinkView,
    people: People,
    entries: Vec<Entry>,
    refusals: Vec<Refusal>,
}

/// The link of a task; none if it is not linked, or the two sides are not connected.
pub(super) fn of_task(ctx: &Ctx, id: &str) -> Result<Option<LinkView>, PageError> {
    let task = CrmTaskId::new(id);
    let found = optional(ctx.web.bridge.links_of_crm_tasks(&ctx.acting, std::slice::from_ref(&task)))?;
    Ok(found.and_then(|mut links| links.remove(&task)))
}

/// What Projects takes at present, or what it would make of changes.
pub(super) fn check(
    ctx: &Ctx,
    id: &str,
    changes: &[(Field, bridge::checks::NewValue)],
) -> Result<Option<TaskCheck>, PageError> {
    let task = ChangedTask::Crm(CrmTaskId::new(id));
    let check = optional(ctx.web.bridge.check_task_change(&ctx.acting, &task, SideName::Crm, changes))?;
    Ok(check.filter(|check| check.link.is_some()))
}

impl Linked {
    /// Reads the log and the refusals of a link.
    pub(super) fn read(ctx: &Ctx, view: LinkView) -> Result<Self, PageError> {
        let link = Some(view.link.id.clone());
        let log = Filter { link: link.clone(), ..Filter::default() };
        let entries = ctx.web.bridge.history(&ctx.acting, &log, &[], &[], None, ENTRIES_MAX)?.rows;
        let entries: Vec<Entry> = entries.into_iter().map(|entry| entry.entry).collect();
        let refused = refusal::Filter { link, ..refusal::Filter::default() };
        let refusals = ctx.web.bridge.refusals(&ctx.acting, &refused, &[], &[], None, ENTRIES_MAX)?.rows;
        let refusals: Vec<Refusal> = refusals.into_iter().map(|refusal| refusal.refusal).collect();
        let values = entries.iter().flat_map(|entry| [&entry.old, &entry.new]).flatten().map(|shown| &shown.value);
        let values = values.chain(refusals.iter().map(|refusal| &refusal.tried.value));
        let mut emails: Vec<Email> = values.filter_map(FieldValue::as_person).collect();
        emails.extend(view.link.agreed.owner.as_person());
        emails.extend(entries.iter().filter_map(|entry| entry.person.clone()));
        emails.extend(refusals.iter().filter_map(|refusal| refusal.person.clone()));
        emails.extend(view.link.seen.gone_by.as_deref().and_then(|by| Email::parse(by).ok()));
        Ok(Self { people: People::of(ctx, &emails)?, view, entries, refusals })
    }

    fn name(&self, ctx: &Ctx, person: Option<&Email>) -> String {
        match person {
            Some(person) => self.people.name(person),
            None => ctx.w.somebody_else().to_owned(),
        }
    }

    /// Whether the bridge has seen the value that the task has now. Long texts are left to the state of the link.
    fn has_seen(&self, field: Field, record: &Record) -> bool {
        let Some(shown) = self.view.link.seen.shown(SideName::Crm, field) else { return false };
        let present = record.text(form_name(field));
        match (field, &shown.native) {
            (Field::Description, _) => true,
            (Field::Priority | Field::Status, Some(native)) => native == present,
            (Field::Priority | Field::Status, None) => true,
            (Field::Title | Field::Due | Field::Owner, _) => shown.value.code().unwrap_or_default() == present.trim(),
        }
    }

    /// The sign of a field: the same on both sides, on its way, or not.
    pub(super) fn sign(&self, ctx: &Ctx, field: Field, record: &Record) -> Option<Sync> {
        let w = ctx.w;
        let link = &self.view.link;
        let (crm, projects) = (link.seen.shown(SideName::Crm, field)?, link.seen.shown(SideName::Projects, field)?);
        let sign = match link.state {
            LinkState::Unlinked | LinkState::Broken => return None,
            LinkState::Paused => Sign::Paused,
            _ if !self.has_seen(field, record) => Sign::Moving,
            _ if crm.value == projects.value => Sign::InStep,
            LinkState::OutOfStep | LinkState::Conflict => Sign::Rejected,
            LinkState::InStep | LinkState::Pending => Sign::Moving,
        };
        let other = self.shown(ctx, projects);
        let here = self.shown(ctx, crm);
        let text = match sign {
            Sign::InStep if other == here => w.crm_same_in_projects().to_owned(),
            _ => w.crm_in_projects_value(&other),
        };
        Some(Sync::new(sign, text).quiet())
    }

    /// A value as pages show it.
    fn shown(&self, ctx: &Ctx, shown: &Shown) -> String {
        let w = ctx.w;
        match &shown.value {
            FieldValue::Day(_) => {
                shown.value.as_day().map_or_else(|| w.value_empty().to_owned(), |day| w.date(day, ctx.today))
            }
            FieldValue::Person(_) => shown
                .value
                .as_person()
                .map_or_else(|| w.somebody_nobody().to_owned(), |person| self.people.name(&person)),
            FieldValue::Priority(_) => {
                let native = shown.native.clone().or_else(|| shown.value.code()).unwrap_or_default();
                PriorityMark::new(&native, w).text().to_owned()
            }
            FieldValue::Closed(is_closed) => match &shown.native {
                Some(native) => status_label(native, w),
                None if *is_closed => w.crm_status_closed().to_owned(),
                None => w.crm_status_open().to_owned(),
            },
            FieldValue::Text(_) | FieldValue::Unmapped(_) => {
                shown.value.code().unwrap_or_else(|| w.value_empty().to_owned())
            }
        }
    }
}

/// The name of a status of either side.
pub(super) fn status_label(native: &str, w: Words) -> String {
    match native {
        "Open" => w.crm_status_open().to_owned(),
        "In Review" => w.crm_status_in_review().to_owned(),
        "Closed" => w.crm_status_closed().to_owned(),
        "Cancelled" => w.crm_status_cancelled().to_owned(),
        other => choice_label(other, w),
    }
}

/// The name of a synced field.
pub(super) fn label(field: Field, w: Words) -> &'static str {
    match field {
        Field::Title => w.crm_field_subject(),
        Field::Description => w.crm_field_description(),
        Field::Due => w.crm_field_due(),
        Field::Priority => w.crm_field_priority(),
        Field::Status => w.crm_field_status(),
        Field::Owner => w.crm_field_owner(),
    }
}

/// The two ends of a link, what was not applied, and how it stands.
#[derive(Template)]
#[template(path = "components/sync_card.html")]
pub(super) struct SyncCard {
    pub(super) w: Words,
    pub(super) project: String,
    pub(super) task: String,
    pub(super) task_href: Option<String>,
    pub(super) under: String,
    pub(super) under_name: String,
    pub(super) under_href: Option<String>,
    pub(super) sign: Sign,
    pub(super) summary: Sync,
    pub(super) why: String,
    pub(super) told: Vec<Told>,
    pub(super) applied: Vec<String>,
    pub(super) letter: Option<(String, String)>,
    pub(super) choose: Option<(String, String)>,
    pub(super) gone: Option<(String, String)>,
    pub(super) topics: String,
}

impl askama::filters::HtmlSafe for SyncCard {}

/// A change that Projects did not take.
pub(super) struct Told {
    pub(super) is_held: bool,
    pub(super) sync: Sync,
    pub(super) field: &'static str,
    pub(super) diff: Diff,
    pub(super) who: String,
    pub(super) at: When,
    pub(super) text: String,
}

impl Linked {
    /// The card.
    pub(super) fn card(&self, ctx: &Ctx, record: &Record) -> SyncCard {
        let (w, link) = (ctx.w, &self.view.link);
        let told = self.told(ctx);
        let is_seen = Field::ALL.into_iter().all(|field| self.has_seen(field, record));
        let sign = Sign::of_link_state(link.state.code()).filter(|sign| is_seen || *sign != Sign::InStep);
        let sign = sign.unwrap_or(Sign::Moving);
        let under = record.named("related");
        let module = under.map(|named| crm::Module::from(named.reference.module));
        let letter = told.iter().find_map(|(refusal, _)| self.letter(ctx, refusal));
        let first = told.first().map(|(refusal, _)| *refusal);
        let choose = first.and_then(|refusal| refusal.field).map(|field| {
            let text = if field == Field::Due { w.crm_choose_other_date() } else { w.crm_choose_other_value() };
            let anchor = form_name(field);
            (
                format!("{}#f-{anchor}", super::kind::part_address(crm::Module::Task, &record.id, "edit")),
                text.to_owned(),
            )
        });
        SyncCard {
            w,
            project: link.seen.project.clone(),
            task: w.crm_key_and_title(&link.seen.key, self.title(SideName::Projects)),
            task_href: self.view.sees_projects.then(|| task_address(&self.view)),
            under: match module {
                Some(module) => w.crm_in_crm_under(super::kind::singular(module, w)),
                None => w.side_crm().to_owned(),
            },
            under_name: under.map_or_else(|| record.name().to_owned(), |named| named.name.clone()),
            under_href: under
                .zip(module)
                .map(|(named, module)| super::kind::record_address(module, &named.reference.id)),
            sign,
            summary: Sync::new(
                sign,
                if sign == Sign::Moving { w.crm_on_its_way().to_owned() } else { self.summary(ctx) },
            ),
            why: why_address(&self.view),
            applied: first.map_or_else(Vec::new, |refusal| self.applied_with(refusal, w)),
            told: told.into_iter().map(|(_, told)| told).collect(),
            letter,
            choose,
            gone: self.gone(ctx),
            topics: self.topics(&record.id),
        }
    }

    /// What the page of a linked task listens to.
    pub(super) fn topics(&self, task: &str) -> String {
        format!("link:{},task:{task},crm_task:{task}", self.view.link.id)
    }

    fn title(&self, side: SideName) -> String {
        let shown = self.view.link.seen.shown(side, Field::Title);
        shown.and_then(|shown| shown.value.code()).unwrap_or_default()
    }

    fn summary(&self, ctx: &Ctx) -> String {
        let (w, link) = (ctx.w, &self.view.link);
        match link.state {
            LinkState::InStep => in_step_text(&link.note, w).to_owned(),
            LinkState::Pending => w.crm_on_its_way().to_owned(),
            LinkState::Paused => w.crm_link_rests().to_owned(),
            LinkState::OutOfStep | LinkState::Conflict | LinkState::Broken | LinkState::Unlinked => link
                .reason
                .as_ref()
                .map_or_else(|| w.link_out_of_step().to_owned(), |reason| super::people::reason(ctx, reason)),
        }
    }

    /// Refusals of late, the newest of each field.
    fn told(&self, ctx: &Ctx) -> Vec<(&Refusal, Told)> {
        let since = ctx.now.ms() - TOLD_FOR_MS;
        let mut fields = Vec::new();
        let mut told = Vec::new();
        for refusal in self.refusals.iter().filter(|refusal| refusal.side == SideName::Crm) {
            let Some(field) = refusal.field else { continue };
            let is_held = refusal.state == RefusalState::Held;
            let is_over = refusal.state == RefusalState::Settled || (!is_held && refusal.at.ms() < since);
            // A later change of the field that got through makes it an old story.
            let is_overtaken = self.entries.iter().any(|entry| {
                entry.outcome == Outcome::Applied
                    && entry.field.as_deref() == Some(field.code())
                    && entry.at > refusal.at
            });
            if is_over || is_overtaken || fields.contains(&field) {
                continue;
            }
            fields.push(field);
            told.push((refusal, self.tell(ctx, refusal, field, is_held)));
        }
        told
    }

    fn tell(&self, ctx: &Ctx, refusal: &Refusal, field: Field, is_held: bool) -> Told {
        let w = ctx.w;
        let agreed = self.agreed(ctx, field, &refusal.agreed);
        let reason = super::people::reason(ctx, &refusal.reason);
        let (sync, text) = if is_held {
            (Sync::new(Sign::Rejected, w.crm_not_applied_held()), w.crm_told_held(&reason))
        } else if refusal.state == RefusalState::Open {
            (Sync::new(Sign::Rejected, w.crm_not_applied_held()), w.crm_told_setting_back(&reason))
        } else if field == Field::Description {
            (Sync::new(Sign::Rejected, w.crm_not_applied_set_back()), w.crm_told_set_back_text(&reason))
        } else {
            (Sync::new(Sign::Rejected, w.crm_not_applied_set_back()), w.crm_told_set_back(&agreed, &reason))
        };
        Told {
            is_held,
            sync,
            field: label(field, w),
            diff: Diff::rejected(agreed, self.shown(ctx, &refusal.tried), w),
            who: w.crm_who_in_crm(self.name(ctx, refusal.person.as_ref())),
            at: When::new(refusal.changed_at.unwrap_or(refusal.at), &ctx.zone, ctx.now, w),
            text,
        }
    }

    /// The agreed value in the words of the CRM, if that is what the CRM shows now.
    fn agreed(&self, ctx: &Ctx, field: Field, agreed: &FieldValue) -> String {
        let present = self.view.link.seen.shown(SideName::Crm, field).filter(|shown| shown.value == *agreed);
        match present {
            Some(shown) => self.shown(ctx, shown),
            None => self.shown(ctx, &Shown::plain(agreed.clone())),
        }
    }

    /// The fields of the same save that got through.
    fn applied_with(&self, refusal: &Refusal, w: Words) -> Vec<String> {
        let same_save = |entry: &&Entry| {
            entry.outcome == Outcome::Applied
                && entry.action == Action::Change
                && entry.side == Some(SideName::Crm)
                && entry.person == refusal.person
                && entry.changed_at.is_some()
                && entry.changed_at == refusal.changed_at
        };
        let fields =
            self.entries.iter().filter(same_save).filter_map(|entry| entry.field.as_deref().and_then(Field::parse));
        fields.map(|field| label(field, w).to_owned()).collect()
    }

    /// The letter about a refusal, for the person to whom it was sent.
    fn letter(&self, ctx: &Ctx, refusal: &Refusal) -> Option<(String, String)> {
        let person = refusal.person.as_ref().filter(|person| **person == ctx.person.email)?;
        let (_, id) = refusal.letter.as_ref()?;
        Some((
            format!("/setup/mails/{}", crate::address::segment(id.as_str())),
            ctx.w.crm_letter_sent_to(person.as_str()),
        ))
    }

    /// Who deleted which task, and when.
    fn gone(&self, ctx: &Ctx) -> Option<(String, String)> {
        let (w, seen) = (ctx.w, &self.view.link.seen);
        if self.view.link.state != LinkState::Broken {
            return None;
        }
        let side = seen.gone.as_deref().and_then(SideName::parse)?;
        let title = match side {
            SideName::Crm => w.crm_gone_in_crm(),
            SideName::Projects => w.crm_gone_in_projects(),
        };
        let by = seen.gone_by.as_deref().and_then(|by| Email::parse(by).ok());
        let at = seen.gone_at.map(|at| w.moment(Moment::from_ms(at), &ctx.zone, ctx.now));
        let text = match (by, at) {
            (Some(by), Some(at)) => w.crm_gone_by_at(&at, self.name(ctx, Some(&by))),
            (_, _) => w.crm_gone_unknown().to_owned(),
        };
        Some((title.to_owned(), text))
    }

    /// The last entries of the log.
    pub(super) fn log(&self, ctx: &Ctx) -> History {
        History { lines: self.entries.iter().map(|entry| self.line(ctx, entry)).collect() }
    }

    fn line(&self, ctx: &Ctx, entry: &Entry) -> Line {
        let w = ctx.w;
        let (icon, tone) = match (entry.action, entry.outcome) {
            (Action::Change | Action::Comment, Outcome::Refused | Outcome::Held) => ("rejected", "danger"),
            (Action::Change, Outcome::Reverted) => ("undo", ""),
            (Action::Change, Outcome::Overruled | Outcome::Skipped) => ("info", ""),
            (Action::Comment, _) => ("comment", "ok"),
            (Action::Link | Action::Create, _) => ("link", "accent"),
            (Action::Unlink | Action::Delete, _) => ("unlink", "danger"),
            (_, _) => ("check", "ok"),
        };
        let field = entry.field.as_deref().and_then(Field::parse);
        let diff = field.filter(|field| *field != Field::Description).and_then(|_| {
            let (old, new) = (entry.old.as_ref()?, entry.new.as_ref()?);
            let (old, new) = (self.shown(ctx, old), self.shown(ctx, new));
            match entry.outcome {
                Outcome::Applied => Some(Diff::applied(old, new, w)),
                Outcome::Refused | Outcome::Held | Outcome::Overruled => Some(Diff::rejected(old, new, w)),
                Outcome::Reverted | Outcome::Skipped => None,
            }
        });
        Line {
            icon,
            tone,
            text: self.sentence(ctx, entry, field),
            diff,
            at: When::new(entry.at, &ctx.zone, ctx.now, w),
        }
    }

    fn sentence(&self, ctx: &Ctx, entry: &Entry, field: Option<Field>) -> String {
        let w = ctx.w;
        let name = self.name(ctx, entry.person.as_ref());
        let what = field.map_or(w.crm_comment(), |field| label(field, w));
        let from_crm = entry.side != Some(SideName::Projects);
        match (entry.action, entry.outcome) {
            (Action::Change, Outcome::Applied) if from_crm => w.crm_log_applied_projects(what, &name),
            (Action::Change, Outcome::Applied) => w.crm_log_applied_crm(what, &name),
            (Action::Change, Outcome::Refused | Outcome::Held) => w.crm_log_refused(what, &name),
            (Action::Change, Outcome::Reverted) if from_crm => w.crm_log_set_back_crm(what),
            (Action::Change, Outcome::Reverted) => w.crm_log_set_back_projects(what),
            (Action::Change, Outcome::Overruled) => w.crm_log_overruled(what, &name),
            (Action::Change, Outcome::Skipped) => w.crm_log_skipped(what),
            (Action::Comment, Outcome::Refused | Outcome::Held) => w.crm_log_comment_refused(self.author(entry, &name)),
            (Action::Comment, _) if from_crm => w.crm_log_comment_projects(self.author(entry, &name)),
            (Action::Comment, _) => w.crm_log_comment_crm(self.author(entry, &name)),
            (Action::Unlink, _) => w.crm_log_unlinked(&name),
            (Action::Delete, _) if from_crm => w.crm_log_deleted_crm(&name),
            (Action::Delete, _) => w.crm_log_deleted_projects(&name),
            (_, _) => w.crm_log_linked(&name),
        }
    }

    fn author(&self, entry: &Entry, name: &str) -> String {
        if entry.detail.is_empty() { name.to_owned() } else { entry.detail.clone() }
    }

    /// Notes that are in Projects too, with the sign of it.
    pub(super) fn copied(&self, at: Moment, w: Words) -> Option<Sync> {
        let is_linked = matches!(self.view.link.state, LinkState::InStep | LinkState::OutOfStep | LinkState::Conflict);
        (is_linked && at >= self.view.link.linked_at)
            .then(|| Sync::new(Sign::InStep, w.crm_copied_to_projects()).quiet())
    }
}

/// The name of a synced field in the form of a task.
pub(super) fn form_name(field: Field) -> &'static str {
    match field {
        Field::Title => "subject",
        Field::Description => "description",
        Field::Due => "due",
        Field::Priority => "priority",
        Field::Status => "status",
        Field::Owner => "owner",
    }
}

/// The schedule of the project, if it is strict.
pub(super) fn schedule(ctx: &Ctx, view: &LinkView) -> Result<Option<(String, Date, Date)>, PageError> {
    Ok(optional(ctx.web.bridge.strict_schedule(&ctx.acting, &view.link.project))?.flatten())
}

/// What Projects takes at present, as lines with an icon.
pub(super) fn takes(check: &TaskCheck, view: &LinkView, ctx: &Ctx) -> Result<Vec<(&'static str, String)>, PageError> {
    let w = ctx.w;
    let mut lines = Vec::new();
    let strict = schedule(ctx, view)?;
    if let Some((project, first, last)) = &strict {
        lines.push(("lock", w.crm_takes_dates(project, w.date_range(*first, *last, ctx.today))));
    }
    for constraint in &check.constraints {
        match constraint {
            // The task's own start counts where it is later than that of the project.
            Constraint::Due { earliest: Some(first), .. }
                if strict.as_ref().is_none_or(|(_, start, _)| first > start) =>
            {
                lines.push(("cal", w.crm_takes_from(w.date(*first, ctx.today))));
            }
            Constraint::Due { .. } | Constraint::Title { .. } => {}
            Constraint::ClosedAncestor { ancestor } => {
                lines.push(("subtask", w.crm_takes_parent_closed(&ancestor.title)));
            }
            Constraint::OpenSubtasks { count } => lines.push(("subtask", w.crm_takes_open_subtasks(*count))),
            Constraint::Owner { project, .. } => lines.push(("users", w.crm_takes_members(project))),
        }
    }
    Ok(lines)
}

/// What deleting a linked task does to the other side.
pub(super) fn delete_warning(ctx: &Ctx, record: &Record) -> Result<Option<String>, PageError> {
    if record.module != crm::Module::Task {
        return Ok(None);
    }
    let view = of_task(ctx, &record.id)?;
    Ok(view.map(|view| ctx.w.crm_delete_linked(&view.link.seen.key, &view.link.seen.project)))
}

/// A card with refusals, for samples.
pub(super) fn sample(w: Words) -> SyncCard {
    let at = || When::new(Moment::from_ms(0), &jiff::tz::TimeZone::UTC, Moment::from_ms(1), w);
    let told = |is_held: bool| Told {
        is_held,
        sync: Sync::new(Sign::Rejected, w.crm_not_applied_set_back()),
        field: w.crm_field_due(),
        diff: Diff::rejected("6", "7", w),
        who: w.crm_who_in_crm("李明"),
        at: at(),
        text: w.crm_told_held(w.reason_title_parent_closed()),
    };
    SyncCard {
        w,
        project: "数据迁移".into(),
        task: w.crm_key_and_title("DM-4", "<试运行>"),
        task_href: None,
        under: w.crm_in_crm_under(w.crm_deal()),
        under_name: "数据迁移服务".into(),
        under_href: Some("/crm/deals/1".into()),
        sign: Sign::InStep,
        summary: Sync::new(Sign::InStep, in_step_text("", w)),
        why: "/bridge/links/1".into(),
        told: vec![told(false), told(true)],
        applied: vec![w.crm_field_description().into()],
        letter: Some(("/setup/mails/1".into(), w.crm_letter_sent_to("li.ming@zylker.example"))),
        choose: Some(("/crm/tasks/1/edit#f-due".into(), w.crm_choose_other_date().into())),
        gone: Some((w.crm_gone_in_projects().into(), w.crm_gone_unknown().into())),
        topics: "link:1".into(),
    }
}
