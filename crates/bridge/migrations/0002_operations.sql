-- One CRM organisation joined with one portal (CFG-1).
create table bridge_connection (
  connection_id text not null primary key,
  organisation_id text not null,
  organisation_name text not null,
  portal_id text not null,
  portal_name text not null,
  state text not null,
  connection_user text not null,
  settings text not null,
  version bigint not null,
  created_at bigint not null,
  created_by text
);
create unique index bridge_connection_organisation on bridge_connection (organisation_id);
create unique index bridge_connection_portal on bridge_connection (portal_id);

-- A client company and its account (MAP-7: one to one).
create table bridge_mapping (
  connection_id text not null,
  id text not null,
  company_id text not null,
  account_id text not null,
  origin text not null,
  mapped_at bigint not null,
  mapped_by text,
  primary key (connection_id, id)
);
create unique index bridge_mapping_company on bridge_mapping (connection_id, company_id);
create unique index bridge_mapping_account on bridge_mapping (connection_id, account_id);

-- Pairs of which a person said that they do not belong together.
create table bridge_mapping_different (
  connection_id text not null,
  company_id text not null,
  account_id text not null,
  said_at bigint not null,
  said_by text not null,
  primary key (connection_id, company_id, account_id)
);

-- Who mapped and unmapped what; names as they were at that moment.
create table bridge_mapping_event (
  connection_id text not null,
  id text not null,
  action text not null,
  company_id text not null,
  company_name text not null,
  account_id text not null,
  account_name text not null,
  origin text not null,
  happened_at bigint not null,
  person text,
  primary key (connection_id, id)
);

-- A sales record and a project joined by a person; those of mapped companies are computed, not stored (MAP-1).
create table bridge_association (
  connection_id text not null,
  id text not null,
  module text not null,
  record_id text not null,
  project_id text not null,
  origin text not null,
  hand_off_id text,
  created_at bigint not null,
  created_by text not null,
  primary key (connection_id, id)
);
create unique index bridge_association_pair on bridge_association (connection_id, module, record_id, project_id);
create index bridge_association_project on bridge_association (connection_id, project_id, module, id);

-- A project made from a sales record.
create table bridge_hand_off (
  connection_id text not null,
  id text not null,
  module text not null,
  record_id text not null,
  project_id text not null,
  association_id text not null,
  company_id text,
  mapping_id text,
  invited text not null,
  created_at bigint not null,
  created_by text not null,
  primary key (connection_id, id)
);
create index bridge_hand_off_record on bridge_hand_off (connection_id, module, record_id, id);
create index bridge_hand_off_project on bridge_hand_off (connection_id, project_id, id);

-- Work of several steps that a person ordered. The press token finds it again when the same form comes twice;
-- exclusive is what only one operation may work on at a time.
create table bridge_operation (
  connection_id text not null,
  id text not null,
  kind text not null,
  person text not null,
  origin text not null,
  press_token text not null,
  exclusive text,
  state text not null,
  is_open bigint not null,
  document text not null,
  failed_step text,
  reason text,
  rows_done bigint not null,
  rows_total bigint,
  counts text not null,
  fence bigint not null,
  lease_until bigint not null,
  due_at bigint not null,
  attempts bigint not null,
  created_at bigint not null,
  finished_at bigint,
  primary key (connection_id, id)
);
create unique index bridge_operation_token on bridge_operation (connection_id, person, kind, press_token);
create unique index bridge_operation_exclusive on bridge_operation (connection_id, exclusive);
create index bridge_operation_open on bridge_operation (is_open, due_at, id);
create index bridge_operation_kind on bridge_operation (connection_id, kind, id);

-- The report of an operation, in the order of its input.
create table bridge_operation_row (
  connection_id text not null,
  operation_id text not null,
  number bigint not null,
  outcome text not null,
  document text not null,
  primary key (connection_id, operation_id, number)
);

-- Tasks that Projects saved and the CRM did not take (TASK-11).
create table bridge_add_notice (
  connection_id text not null,
  task_id text not null,
  project_id text not null,
  module text not null,
  record_id text not null,
  copy_comments bigint not null,
  reason text not null,
  person text not null,
  noticed_at bigint not null,
  primary key (connection_id, task_id)
);
create index bridge_add_notice_project on bridge_add_notice (connection_id, project_id, task_id);
