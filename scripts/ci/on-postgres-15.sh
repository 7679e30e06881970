#!/usr/bin/env bash
# Runs a command with TEST_DATABASE_URL set to a PostgreSQL 15 that lives as long as the command does.
# Exits with 77 (skipped) where no PostgreSQL 15 is installed. As root the database runs as `postgres` or `nobody`.
set -euo pipefail

find_binaries() {
  local folder
  for folder in /usr/lib/postgresql/15/bin /usr/pgsql-15/bin "$(dirname "$(command -v pg_ctl || echo /none/)")"; do
    if [ -x "$folder/initdb" ] && "$folder/pg_ctl" --version | grep -q ' 15\.'; then echo "$folder" && return; fi
  done
  return 1
}

if ! bin=$(find_binaries); then
  echo 'skipped: no PostgreSQL 15 is installed (looked in /usr/lib/postgresql/15/bin, /usr/pgsql-15/bin, on PATH)'
  exit 77
fi

base=$(mktemp -d /tmp/troupe-pg15.XXXXXX)
as_owner() { (cd / && "$@"); }
if [ "$(id -u)" = 0 ]; then
  owner=postgres
  id "$owner" >/dev/null 2>&1 || owner=nobody
  chown "$owner" "$base"
  as_owner() { (cd / && setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups "$@"); }
fi

stop() {
  as_owner "$bin/pg_ctl" -D "$base/data" -m immediate -s stop || true
  rm -rf "$base"
}
trap stop EXIT

# Only the owner of the folder reaches the socket; nothing listens on the network.
as_owner "$bin/initdb" -D "$base/data" -U troupe -A trust -E UTF8 --locale=C --no-sync >"$base/initdb.log"
as_owner "$bin/pg_ctl" -D "$base/data" -s -w -t 60 -l "$base/data/server.log" start -o \
  "-c listen_addresses='' -c unix_socket_directories=$base -c max_connections=300 -c fsync=off -c synchronous_commit=off"
echo "on $("$bin/postgres" --version)"
TEST_DATABASE_URL="postgresql://troupe@localhost/postgres?host=$base" "$@"
