-- One row a letter: what it tells (document), to whom, and how far it is on its way.
create table mail_letter (
    id text not null primary key,
    organisation_id text not null,
    portal_id text not null,
    code text not null,
    to_email text not null,
    message_key text not null,
    message_id text,
    document text not null,
    parts bigint not null,
    state text not null,
    queued_at bigint not null,
    due_at bigint not null,
    sending_at bigint,
    ended_at bigint,
    attempts bigint not null,
    answer text,
    file text
);
create unique index mail_letter_key on mail_letter (message_key);
create index mail_letter_list on mail_letter (organisation_id, portal_id, id);
create index mail_letter_person on mail_letter (organisation_id, portal_id, to_email, queued_at);
create index mail_letter_state on mail_letter (state, id);

-- The letters that a digest tells of, in the order in which they came.
create table mail_part (
    id text not null primary key,
    letter_id text not null,
    message_key text not null,
    document text not null,
    queued_at bigint not null
);
create unique index mail_part_key on mail_part (message_key);
create index mail_part_letter on mail_part (letter_id, id);

-- Refusals that a person was told of lately: the same one again gives no second letter.
create table mail_told (
    organisation_id text not null,
    portal_id text not null,
    to_email text not null,
    told_key text not null,
    told_at bigint not null,
    primary key (organisation_id, portal_id, to_email, told_key)
);
