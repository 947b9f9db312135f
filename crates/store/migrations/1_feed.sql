-- What changed, as hints: pruned behind its readers.
create table store_feed (
  n serial_key,
  position bigint not null,
  feed text not null,
  tenant text not null,
  kind text not null,
  record text not null,
  version bigint not null,
  audience text not null,
  origin text not null
);
create index store_feed_position on store_feed (feed, position, n);

-- Where a feed stood at a moment, so that entries can be kept for days although they carry no time.
create table store_feed_age (
  feed text not null,
  noted_at bigint not null,
  position bigint not null,
  n bigint not null,
  primary key (feed, noted_at)
);
