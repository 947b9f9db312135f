-- Answers to requests that came with a key, so that a repeated request has one effect and one answer.
-- `boot` is the run of the program that works on it: a row left running by a run that has ended is taken over.
create table api_press (
  person text not null,
  press_key text not null,
  fingerprint text not null,
  boot text not null,
  state text not null,
  status bigint not null,
  kind text not null,
  headers text not null,
  body bytea not null,
  made_at bigint not null,
  primary key (person, press_key)
);
create index api_press_made on api_press (made_at);
