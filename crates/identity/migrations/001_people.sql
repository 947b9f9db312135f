-- The two kinds of tenant. A portal names the organisation whose pages stand beside it.
create table identity_organisation (
    id text not null primary key,
    name text not null,
    language text not null,
    currency text not null,
    zone text not null,
    created_at bigint not null
);
create table identity_portal (
    id text not null primary key,
    organisation_id text not null,
    name text not null,
    created_at bigint not null
);

-- What holds for the whole installation: the public address.
create table identity_setting (
    name text not null primary key,
    content text not null
);

-- One row a person, found by the folded address. No password: invited, not yet in.
create table identity_account (
    id text not null primary key,
    email text not null,
    name text not null,
    password text,
    language text not null,
    zone text not null,
    is_active bigint not null,
    hue bigint not null,
    created_at bigint not null,
    signed_in_at bigint
);
create unique index identity_account_email on identity_account (email);

-- Sessions by the hash of their token.
create table identity_session (
    id text not null primary key,
    account_id text,
    content text not null,
    expires_at bigint not null
);
create index identity_session_account on identity_session (account_id);
create index identity_session_expiry on identity_session (expires_at);

-- Tries that failed, per account and per address.
create table identity_throttle (
    kind text not null,
    subject text not null,
    failures bigint not null,
    last_at bigint not null,
    primary key (kind, subject)
);
create index identity_throttle_age on identity_throttle (last_at);

-- The token with which the first administrator is made; one row at most.
create table identity_first_start (
    id text not null primary key,
    token_hash text not null,
    expires_at bigint not null
);

create table identity_invitation (
    organisation_id text not null,
    portal_id text not null,
    id text not null primary key,
    email text not null,
    place text not null,
    place_name text not null,
    role text not null,
    invited_by text not null,
    language text not null,
    token_hash text not null,
    state text not null,
    sent_at bigint not null,
    expires_at bigint not null,
    ended_at bigint
);
create unique index identity_invitation_token on identity_invitation (token_hash);
create index identity_invitation_person on identity_invitation (organisation_id, portal_id, email, state);
create index identity_invitation_email on identity_invitation (email, state);

create table identity_api_client (
    id text not null primary key,
    organisation_id text not null,
    portal_id text not null,
    name text not null,
    account_id text not null,
    secret_hash text not null,
    refresh_hash text not null,
    scopes text not null,
    created_at bigint not null
);
create unique index identity_api_client_refresh on identity_api_client (refresh_hash);
create index identity_api_client_account on identity_api_client (account_id);

create table identity_access_token (
    token_hash text not null primary key,
    client_id text not null,
    made_at bigint not null,
    expires_at bigint not null
);
create index identity_access_token_client on identity_access_token (client_id, made_at);
