-- The Projects app. Rows carry the portal, first in every key.

create table projects_portal (
  portal_id text not null primary key,
  name text not null,
  zone text not null,
  settings text not null,
  version bigint not null,
  created_at bigint not null
);

create table projects_user (
  portal_id text not null,
  id text not null,
  email text not null,
  name text not null,
  name_key text not null,
  profile text not null,
  role text not null,
  company_id text not null default '',
  is_active bigint not null,
  invited_at bigint,
  created_by text not null,
  created_at bigint not null,
  version bigint not null,
  primary key (portal_id, id)
);
create unique index projects_user_email on projects_user (portal_id, email);
create index projects_user_person on projects_user (email);
create unique index projects_user_owner on projects_user (portal_id) where profile = 'owner';
create index projects_user_name on projects_user (portal_id, name_key, id);
create index projects_user_company on projects_user (portal_id, company_id);

create table projects_company (
  portal_id text not null,
  id text not null,
  name text not null,
  name_key text not null,
  created_by text not null,
  created_at bigint not null,
  version bigint not null,
  deleted_at bigint,
  deleted_by text,
  primary key (portal_id, id)
);
create index projects_company_name on projects_company (portal_id, name_key, id);

create table projects_project (
  portal_id text not null,
  id text not null,
  key_prefix text not null,
  name text not null,
  name_key text not null,
  overview text not null,
  owner_id text not null,
  start_day text,
  start_sort text not null,
  end_day text,
  end_sort text not null,
  is_strict bigint not null,
  status text not null,
  is_closed bigint not null,
  tasks_total bigint not null default 0,
  tasks_closed bigint not null default 0,
  last_number bigint not null default 0,
  created_by text not null,
  created_at bigint not null,
  changed_by text not null,
  changed_at bigint not null,
  version bigint not null,
  deleted_at bigint,
  deleted_by text,
  primary key (portal_id, id)
);
create unique index projects_project_prefix on projects_project (portal_id, key_prefix);
create index projects_project_name on projects_project (portal_id, name_key, id);
create index projects_project_start on projects_project (portal_id, start_sort, id);
create index projects_project_end on projects_project (portal_id, end_sort, id);

create table projects_member (
  portal_id text not null,
  project_id text not null,
  user_id text not null,
  added_by text not null,
  added_at bigint not null,
  primary key (portal_id, project_id, user_id)
);
create index projects_member_user on projects_member (portal_id, user_id, project_id);

create table projects_client (
  portal_id text not null,
  project_id text not null,
  company_id text not null,
  place bigint not null,
  primary key (portal_id, project_id, company_id)
);
create index projects_client_company on projects_client (portal_id, company_id, project_id);

create table projects_list (
  portal_id text not null,
  id text not null,
  project_id text not null,
  name text not null,
  place text not null,
  tasks_total bigint not null default 0,
  tasks_closed bigint not null default 0,
  created_by text not null,
  created_at bigint not null,
  version bigint not null,
  deleted_at bigint,
  primary key (portal_id, id)
);
create index projects_list_project on projects_list (portal_id, project_id, place, id);

create table projects_task (
  portal_id text not null,
  id text not null,
  project_id text not null,
  list_id text not null,
  parent_id text not null default '',
  number bigint not null,
  title text not null,
  title_key text not null,
  description_html text not null,
  description_plain text not null,
  start_day text,
  due_day text,
  due_minute bigint,
  due_sort text not null,
  priority text not null,
  priority_rank bigint not null,
  status text not null,
  is_closed bigint not null,
  status_before_closing text,
  is_external bigint not null,
  place text not null,
  below_total bigint not null default 0,
  below_closed bigint not null default 0,
  comments_total bigint not null default 0,
  comments_shown bigint not null default 0,
  newest_comment_id text,
  closed_by text,
  closed_at bigint,
  created_by text not null,
  created_at bigint not null,
  changed_by text not null,
  changed_at bigint not null,
  version bigint not null,
  fields_version bigint not null,
  deleted_at bigint,
  deleted_by text,
  primary key (portal_id, id)
);
create unique index projects_task_number on projects_task (portal_id, project_id, number);
create index projects_task_project on projects_task (portal_id, project_id, id);
create index projects_task_place on projects_task (portal_id, list_id, parent_id, place, id);
create index projects_task_parent on projects_task (portal_id, parent_id, place, id);
create index projects_task_due on projects_task (portal_id, project_id, due_sort, id);

create table projects_task_owner (
  portal_id text not null,
  task_id text not null,
  user_id text not null,
  place bigint not null,
  primary key (portal_id, task_id, user_id)
);
create index projects_task_owner_user on projects_task_owner (portal_id, user_id, task_id);

create table projects_old_key (
  portal_id text not null,
  task_key text not null,
  task_id text not null,
  primary key (portal_id, task_key)
);

create table projects_comment (
  portal_id text not null,
  id text not null,
  task_id text not null,
  author text not null,
  author_name text not null,
  html text not null,
  plain text not null,
  is_internal bigint not null,
  written_at bigint not null,
  mark text,
  created_at bigint not null,
  primary key (portal_id, id)
);
create index projects_comment_task on projects_comment (portal_id, task_id, id);

-- What the bridge made, by the mark that came with it.
create table projects_mark (
  portal_id text not null,
  mark text not null,
  kind text not null,
  record_id text not null,
  project_id text not null,
  is_user_made bigint not null,
  is_member_made bigint not null,
  created_by text not null,
  created_at bigint not null,
  primary key (portal_id, mark)
);
