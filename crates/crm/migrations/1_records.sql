-- Users of an organisation, sales records, tasks, notes, and what finds a created or imported record again.
create table crm_user (
  organisation_id text not null,
  id text not null,
  email text not null,
  profile text not null,
  is_active bigint not null,
  version bigint not null,
  created_at bigint not null,
  primary key (organisation_id, id)
);
create unique index crm_user_email on crm_user (organisation_id, email);

-- What fields a module has. Rows without an organisation are the standard fields of every organisation.
create table crm_field (
  organisation_id text not null,
  module text not null,
  name text not null,
  api_name text not null,
  kind text not null,
  max_length bigint not null,
  is_required bigint not null,
  is_read_only bigint not null,
  target text not null,
  default_value text not null,
  choices text not null,
  position bigint not null,
  primary key (organisation_id, module, name)
);

-- Leads, accounts, contacts and deals. Columns are what rules, relations, lists and sorts use; the other fields stand
-- in `more`. Empty amounts and days sort through keys that are never null.
create table crm_record (
  organisation_id text not null,
  id text not null,
  module text not null,
  version bigint not null,
  name text not null,
  name_key text not null,
  account_id text,
  contact_id text,
  company text,
  email text,
  stage text,
  -- open, won or lost for a deal, else empty
  stage_class text not null,
  amount bigint,
  amount_key bigint not null,
  closing text,
  closing_key text not null,
  description text not null,
  more text not null,
  owner_id text not null,
  created_at bigint not null,
  created_by text not null,
  modified_at bigint not null,
  modified_by text not null,
  deleted_at bigint,
  deleted_by text,
  primary key (organisation_id, id)
);
create index crm_record_name on crm_record (organisation_id, module, name_key, id) where deleted_at is null;
create index crm_record_closing on crm_record (organisation_id, module, closing_key, id) where deleted_at is null;
create index crm_record_amount on crm_record (organisation_id, module, amount_key, id) where deleted_at is null;
create index crm_record_modified on crm_record (organisation_id, module, modified_at, id) where deleted_at is null;
create index crm_record_account on crm_record (organisation_id, account_id, module, name_key, id)
  where deleted_at is null and account_id is not null;
create index crm_record_contact on crm_record (organisation_id, contact_id, module, name_key, id)
  where deleted_at is null and contact_id is not null;
create index crm_record_owner on crm_record (organisation_id, owner_id, module, stage_class) where deleted_at is null;

-- Tasks. `version` also counts new notes; `fields_version` is the version of the last change of a field, so that a
-- form is not stale because somebody commented.
create table crm_task (
  organisation_id text not null,
  id text not null,
  version bigint not null,
  fields_version bigint not null,
  subject text not null,
  subject_key text not null,
  description text not null,
  due text,
  due_key text not null,
  priority text,
  status text not null,
  is_closed bigint not null,
  status_before_closing text,
  closed_at bigint,
  related_module text,
  related_id text,
  person_module text,
  person_id text,
  newest_note_id text,
  owner_id text not null,
  created_at bigint not null,
  created_by text not null,
  modified_at bigint not null,
  modified_by text not null,
  deleted_at bigint,
  deleted_by text,
  primary key (organisation_id, id)
);
create index crm_task_subject on crm_task (organisation_id, subject_key, id) where deleted_at is null;
create index crm_task_due on crm_task (organisation_id, due_key, id) where deleted_at is null;
create index crm_task_open on crm_task (organisation_id, is_closed, due_key, id) where deleted_at is null;
create index crm_task_modified on crm_task (organisation_id, modified_at, id) where deleted_at is null;
create index crm_task_owner on crm_task (organisation_id, owner_id, is_closed, due_key, id) where deleted_at is null;
create index crm_task_related on crm_task (organisation_id, related_id, due_key, id)
  where deleted_at is null and related_id is not null;
create index crm_task_person on crm_task (organisation_id, person_id, due_key, id)
  where deleted_at is null and person_id is not null;

-- Notes on any record; those on a task are its comments.
create table crm_note (
  organisation_id text not null,
  id text not null,
  parent_module text not null,
  parent_id text not null,
  text text not null,
  author_id text not null,
  written_at bigint not null,
  created_at bigint not null,
  mark text,
  deleted_at bigint,
  deleted_by text,
  primary key (organisation_id, id)
);
create index crm_note_parent on crm_note (organisation_id, parent_id, id) where deleted_at is null;

-- Finds what was created with a mark, after a lost answer.
create table crm_create_mark (
  organisation_id text not null,
  mark text not null,
  kind text not null,
  record_id text not null,
  created_at bigint not null,
  primary key (organisation_id, mark)
);

-- Finds the record that a row of an earlier import made.
create table crm_import_key (
  organisation_id text not null,
  module text not null,
  key_column text not null,
  key_value text not null,
  record_id text not null,
  primary key (organisation_id, module, key_column, key_value)
);
