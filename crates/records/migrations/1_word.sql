-- Folded words of names, titles, keys and addresses; a prefix is a range.
create table record_word (
  tenant text not null,
  module text not null,
  word text not null,
  record text not null,
  primary key (tenant, module, word, record)
);
create index record_word_record on record_word (tenant, module, record, word);
