-- Two tasks joined. One that is unlinked stays for its history.
create table bridge_link (
  connection_id text not null,
  id text not null,
  crm_task_id text not null,
  projects_task_id text not null,
  project_id text not null,
  state text not null,
  reason text,
  note text not null,
  title text not null,
  title_key text not null,
  agreed text not null,
  seen text not null,
  crm_version text not null,
  projects_version text not null,
  note_base text not null,
  comment_base text not null,
  note_seen text not null,
  comment_seen text not null,
  failing_since bigint,
  since bigint not null,
  linked_at bigint not null,
  linked_by text not null,
  changed_at bigint not null,
  revision bigint not null,
  primary key (connection_id, id)
);
create unique index bridge_link_crm on bridge_link (connection_id, crm_task_id) where state <> 'unlinked';
create unique index bridge_link_projects on bridge_link (connection_id, projects_task_id) where state <> 'unlinked';
create index bridge_link_changed on bridge_link (connection_id, changed_at, id);
create index bridge_link_project on bridge_link (connection_id, project_id, id);
create index bridge_link_state on bridge_link (connection_id, state, project_id, id);
create index bridge_link_pair on bridge_link (connection_id, crm_task_id, projects_task_id);

-- Writes of ours that have been or may have been sent and are not settled.
create table bridge_intent (
  connection_id text not null,
  link_id text not null,
  id text not null,
  fence bigint not null,
  side text not null,
  field text not null,
  wanted text not null,
  expected text not null,
  document text not null,
  created_at bigint not null,
  primary key (connection_id, link_id, id)
);

-- Values that were refused: one row for a value of a field by one author.
create table bridge_refusal (
  connection_id text not null,
  id text not null,
  link_id text not null,
  project_id text not null,
  field text not null,
  side text not null,
  tried_key text not null,
  tried text not null,
  agreed text not null,
  person text not null,
  reason_code text not null,
  reason text not null,
  fingerprint text not null,
  state text not null,
  is_told bigint not null,
  refused_at bigint not null,
  changed_at bigint,
  settled_at bigint,
  settled_how text,
  letter text,
  letter_id text,
  primary key (connection_id, id)
);
create unique index bridge_refusal_value on bridge_refusal (connection_id, link_id, field, side, tried_key, person);
create index bridge_refusal_time on bridge_refusal (connection_id, refused_at, id);
create index bridge_refusal_open on bridge_refusal (connection_id, state, link_id);

-- What became of every change.
create table bridge_history (
  connection_id text not null,
  id text not null,
  decided_at bigint not null,
  changed_at bigint,
  link_id text not null,
  project_id text not null,
  record text not null,
  job_id text not null,
  action text not null,
  field text not null,
  old_value text,
  new_value text,
  person text not null,
  side text not null,
  outcome text not null,
  reason text,
  cause text not null,
  detail text not null,
  primary key (connection_id, id)
);
create index bridge_history_link on bridge_history (connection_id, link_id, id);
create index bridge_history_project on bridge_history (connection_id, project_id, id);
create index bridge_history_record on bridge_history (connection_id, record, id);
create index bridge_history_person on bridge_history (connection_id, person, id);

-- Comments that are carried over, once each.
create table bridge_comment (
  connection_id text not null,
  link_id text not null,
  side text not null,
  origin_id text not null,
  mark text not null,
  state text not null,
  author text not null,
  author_name text not null,
  written_at bigint not null,
  body text not null,
  copy_id text,
  reason text,
  noted_at bigint not null,
  primary key (connection_id, link_id, side, origin_id)
);
create index bridge_comment_state on bridge_comment (connection_id, state, link_id);

-- How far the feed of each side has been read, and whether the side answers.
create table bridge_cursor (
  connection_id text not null,
  side text not null,
  cursor text not null,
  read_at bigint not null,
  state text not null,
  state_since bigint not null,
  primary key (connection_id, side)
);
