#!/usr/bin/env bash
# Runs every check: form, tidy rules, lints, tests on SQLite and PostgreSQL, scripts, browser tests.
#
# What is missing is installed with apt when this runs as root; another user is told what to install. PostgreSQL is
# started for this run only, in a temporary folder and without a port; a server that runs already is left alone.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

readonly NODE_MIN=20
summary=()
failures=0
folder=

stop() {
  printf '\n%s\n' "$1" >&2
  exit 1
}

# ------------------------------------------------------------------------------------------------- what is needed --

pg_bin() {
  local newest
  newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort --version-sort | tail -n 1)
  if [[ -x $newest ]]; then
    dirname "$newest"
  elif command -v initdb >/dev/null; then
    dirname "$(readlink -f "$(command -v initdb)")"
  fi
}

browser_path() {
  type -P chromium || type -P chromium-browser || type -P google-chrome || true
}

missing_packages() {
  command -v cc >/dev/null || echo gcc libc6-dev
  [[ -n $(browser_path) ]] || echo chromium
  command -v fc-list >/dev/null && fc-list :lang=zh-cn | grep -q . || echo fonts-noto-cjk
  [[ -n $(pg_bin) ]] || echo postgresql
}

check_tools() {
  command -v cargo >/dev/null || stop "Rust is missing. Install it from https://rustup.rs and run ./test.sh again."
  for component in fmt clippy; do
    cargo "$component" --version >/dev/null 2>&1 ||
      stop "cargo $component is missing. Run: rustup component add rustfmt clippy"
  done
  local version
  version=$(node --version 2>/dev/null | sed 's/^v//; s/\..*//')
  [[ $version =~ ^[0-9]+$ && $version -ge $NODE_MIN ]] && command -v npm >/dev/null ||
    stop "Node.js $NODE_MIN or newer with npm is needed, found: $(node --version 2>/dev/null || echo none). Install it from https://nodejs.org (Debian 12 has an older one) and run ./test.sh again."

  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [[ -n ${missing// /} ]] || return 0
  if [[ $EUID -ne 0 ]]; then
    stop "Missing: $missing
Install it and run ./test.sh again:
  sudo apt-get install --no-install-recommends $missing"
  fi
  command -v apt-get >/dev/null || stop "Missing: $missing. Install it and run ./test.sh again."
  echo "== Installing $missing"
  # shellcheck disable=SC2086 # a list of words
  apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends $missing ||
    stop "apt could not install: $missing"
}

# ---------------------------------------------------------------------------------------- PostgreSQL for this run --

as_server() {
  # PostgreSQL refuses to run as root.
  if [[ $EUID -eq 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start_postgres() {
  local bin settings
  bin=$(pg_bin)
  folder=$(mktemp -d "${TMPDIR:-/tmp}/lockstep-test.XXXXXX") || return 1
  trap stop_postgres EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [[ $EUID -eq 0 ]]; then chown postgres "$folder" || return 1; fi
  (cd "$folder" && as_server "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --no-sync \
    --encoding=UTF8 --locale=C.UTF-8 >"$folder.log" 2>&1) || { cat "$folder.log"; return 1; }
  # The data lives as long as this run: nothing has to survive a power cut.
  settings="-c listen_addresses='' -c unix_socket_directories=$folder -c max_connections=200 -c fsync=off -c autovacuum=off"
  settings+=" -c synchronous_commit=off -c full_page_writes=off -c log_statement=ddl"
  (cd "$folder" && as_server "$bin/pg_ctl" start --wait --silent --pgdata="$folder/data" --log="$folder/server.log" \
    --options="$settings") || { cat "$folder/server.log"; return 1; }
  export LOCKSTEP_TEST_PG="postgresql://postgres@${folder//\//%2F}/postgres"
}

stop_postgres() {
  [[ -n $folder ]] || return 0
  (cd / && as_server "$(pg_bin)/pg_ctl" stop --silent --mode=immediate --pgdata="$folder/data" >/dev/null 2>&1)
  rm -rf "$folder" "$folder.log"
  folder=
}

# ---------------------------------------------------------------------------------------------------------- steps --

step() {
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    summary+=("ok       $name ($((SECONDS - start)) s)")
  else
    summary+=("FAILED   $name ($((SECONDS - start)) s)")
    failures=$((failures + 1))
  fi
}

packages() {
  local lock=$1/package-lock.json installed=$1/node_modules/.package-lock.json
  [[ -e $installed && ! $lock -nt $installed ]] ||
    (cd "$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund)
}

scripts() {
  packages crates/web/assets && packages e2e || return 1
  (cd crates/web/assets && npm run --silent check) && (cd e2e && npm run --silent check)
}

# One test at a time: on PostgreSQL a feed shows nothing behind the oldest open transaction of the whole server, so a
# test beside would hold back what another one has just saved.
tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --workspace --locked --no-fail-fast -j 1
  else
    cargo test --workspace --locked -- --test-threads=1
  fi
}

both_databases() {
  local count
  count=$(grep -ci 'create database' "$folder/server.log")
  echo "PostgreSQL: $count databases made by the tests"
  [[ $count -gt 0 ]] || { echo "No test used PostgreSQL: only one of two databases was tested."; return 1; }
}

browser() {
  packages e2e && cargo build --locked --package lockstep || return 1
  local binary
  binary=$(realpath "${CARGO_TARGET_DIR:-target}/debug/lockstep") || return 1
  (cd e2e && LOCKSTEP_CHROMIUM=$(browser_path) LOCKSTEP_BINARY=$binary npx --no-install playwright test)
}

# ------------------------------------------------------------------------------------------------------------ run --

check_tools
# A snapshot that differs is a failure, not a new file.
export INSTA_UPDATE=${INSTA_UPDATE:-no}

step "PostgreSQL for this run" start_postgres
[[ -n ${LOCKSTEP_TEST_PG:-} ]] || stop "PostgreSQL could not be started; its messages are above."

step "Page assets" cargo xtask assets
step "Form" cargo fmt --all --check
step "Tidy" cargo xtask tidy
step "Scripts" scripts
step "Lints" cargo clippy --workspace --all-targets --locked -- -D warnings
step "Tests" tests
step "Both databases" both_databases
if find e2e -name '*.spec.ts' -not -path '*/node_modules/*' | grep -q .; then
  step "Browser" browser
else
  printf '\n== Browser\nThere is no browser test yet (e2e/tests/*.spec.ts): skipped.\n'
  summary+=("skipped  Browser: there is no test yet")
fi

printf '\n== Summary\n'
printf '%s\n' "${summary[@]}"
if [[ $failures -gt 0 ]]; then
  printf '%s of %s steps failed.\n' "$failures" "${#summary[@]}"
  exit 1
fi
printf 'All checks passed.\n'
