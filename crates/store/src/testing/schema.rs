//! What the migrations made: the same on both engines, and never changed after release.

use crate::migrate::{OWN, checksum};
use crate::{Db, Engine, Migrations, Read, Sql, StoreError, migration_text};

const COLUMNS_SQLITE: Sql = Sql::new(
    "select tables.name as table_name, columns.name as column_name, lower(columns.type) as kind, \
     columns.\"notnull\" as is_filled, columns.pk as in_key from sqlite_master tables, pragma_table_info(tables.name) columns \
     where tables.type = 'table' and substr(tables.name, 1, 7) <> 'sqlite_' order by tables.name, columns.name",
);
const COLUMNS_POSTGRES: Sql = Sql::new(
    "select cast(c.table_name as text) as table_name, cast(c.column_name as text) as column_name, \
     cast(c.data_type as text) as kind, case when c.is_nullable = 'NO' then 1 else 0 end as is_filled, \
     coalesce((select cast(k.ordinal_position as bigint) from information_schema.table_constraints t \
     join information_schema.key_column_usage k on k.constraint_name = t.constraint_name \
     and k.table_schema = t.table_schema where t.constraint_type = 'PRIMARY KEY' and t.table_schema = c.table_schema \
     and t.table_name = c.table_name and k.column_name = c.column_name), 0) as in_key \
     from information_schema.columns c where c.table_schema = current_schema() \
     order by cast(c.table_name as text) collate \"C\", cast(c.column_name as text) collate \"C\"",
);

/// Every column of every table, a line each, in the same words for both engines: table, column, type, whether it may
/// be null, place in the primary key.
pub fn schema(db: &Db) -> Result<Vec<String>, StoreError> {
    let sql = match db.engine() {
        Engine::Sqlite => &COLUMNS_SQLITE,
        Engine::Postgres => &COLUMNS_POSTGRES,
    };
    let rows = db.read(|read: &mut Read<'_>| read.rows(sql, &[]))?;
    rows.iter()
        .map(|row| {
            let kind = match row.text("kind")?.as_str() {
                "integer" => "bigint".to_owned(),
                "real" => "double precision".to_owned(),
                "blob" => "bytea".to_owned(),
                other => other.to_owned(),
            };
            let in_key = row.int("in_key")?;
            // A key is never null; SQLite says so only where it was written.
            let null = if row.flag("is_filled")? || in_key > 0 { "not null" } else { "null" };
            Ok(format!("{}.{} {kind} {null} key {in_key}", row.text("table_name")?, row.text("column_name")?))
        })
        .collect()
}

/// One line a migration, with a sum of the text that reaches each engine. A room's test holds them, so that a released
/// migration cannot change unseen.
pub fn migration_sums(room: &Migrations) -> Vec<String> {
    let sum = |engine, text: &str| checksum(&migration_text(engine, text));
    let line = |(version, name, text): &(u32, &str, &str)| {
        format!("{version} {name} {} {}", sum(Engine::Sqlite, text), sum(Engine::Postgres, text))
    };
    room.files.iter().map(line).collect()
}

/// The tables of this room itself.
pub fn own_migrations() -> Migrations {
    OWN
}
