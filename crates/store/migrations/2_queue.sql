-- Work to do, one row a key. A claim holds a row until lease_until.
create table store_queue (
  queue text not null,
  lane text not null,
  key text not null,
  priority bigint not null,
  due bigint not null,
  generation bigint not null,
  fence bigint not null,
  lease_owner text not null,
  lease_until bigint not null,
  attempts bigint not null,
  first_marked bigint not null,
  payload text not null,
  primary key (queue, lane, key)
);
create index store_queue_by_priority on store_queue (queue, lane, priority desc, due);
create index store_queue_by_due on store_queue (queue, lane, due);
-- Its rows come and go: what is dead must be cleared away often, or every claim walks over it.
alter table store_queue set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);

-- When each lane was served last, and its last fencing number, which outlives its rows.
create table store_lane (
  queue text not null,
  lane text not null,
  served bigint not null,
  fence bigint not null,
  primary key (queue, lane)
);
