-- Every change of a field, kept.
create table record_history (
  tenant text not null,
  module text not null,
  record text not null,
  n bigint not null,
  field text not null,
  old text,
  new text,
  who text not null,
  at bigint not null,
  origin text not null,
  primary key (tenant, module, record, n)
);

-- The last change of each field: who and when, without a walk through the history.
create table record_stamp (
  tenant text not null,
  module text not null,
  record text not null,
  field text not null,
  who text not null,
  at bigint not null,
  origin text not null,
  primary key (tenant, module, record, field)
);
