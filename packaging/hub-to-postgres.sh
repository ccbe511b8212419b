#!/usr/bin/env bash
# Moves all that a message server on SQLite holds to its PostgreSQL: tokens, addresses, what waits.
# All of it or nothing; both sides must have the same tables, and PostgreSQL's must be empty.
set -euo pipefail

if (($# != 2)) || [[ $1 == -* ]]; then
    cat >&2 <<'TEXT'
usage: hub-to-postgres.sh FILE.sqlite3 DATABASE

FILE is the stopped server's database, and keeps what it holds; DATABASE a name or an address as psql takes
it, whose tables `tillcode-hub migrate` has made.
TEXT
    exit 2
fi
file=$1
database=$2

fail() {
    echo "hub-to-postgres.sh: $*" >&2
    exit 1
}

# Columns by table and name, of both sides in one form.
readonly ours="SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY 1, 2"
readonly theirs="SELECT table_name COLLATE \"C\", column_name COLLATE \"C\" FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name <> 'tillcode_hub' ORDER BY 1, 2"
# A table comes after those that it refers to.
readonly tables=(stream shop endpoint secret terminal hook feed link open_sale claim seen sticker passed_version)

sqlite() { sqlite3 -batch -bail "$file" "$@"; }
postgres() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="$database" "$@"; }

[[ -f $file ]] || fail "there is no file $file"
# Changing this takes the file for oneself alone: it fails as long as a server has it open.
sqlite "PRAGMA journal_mode = DELETE" >/dev/null 2>&1 ||
    fail "$file is in use, or not yours: stop the server first"
[[ $(sqlite "PRAGMA integrity_check") == ok ]] || fail "$file is damaged: restore a backup"

here=$(sqlite "$ours")
there=$(postgres --no-align --tuples-only --command="$theirs")
[[ $here == "$there" ]] ||
    fail "the two do not have the same tables: start both with this release once (tillcode-hub migrate)"
[[ $(cut -d '|' -f 1 <<<"$here" | uniq | wc -l) == "${#tables[@]}" ]] ||
    fail "this script is older than the database: take the one of this release"

# Prints the statement that prints a table's rows as statements.
statement() {
    local table=$1 names='' values='' name type
    while IFS='|' read -r name type; do
        names+="${names:+, }\"$name\""
        values+="${values:+ || ', ' || }"
        if [[ $type == BLOB ]]; then
            values+="'''\\x' || hex(\"$name\") || ''''"
        else
            values+="quote(\"$name\")"
        fi
    done < <(sqlite "SELECT name, type FROM pragma_table_info('$table')")
    echo "SELECT 'INSERT INTO $table ($names) OVERRIDING SYSTEM VALUE VALUES (' || $values || ');' FROM $table;"
}

rows() {
    local table
    echo "SET standard_conforming_strings = on;"
    for table in "${tables[@]}"; do
        # Two at the same time would mix; and nothing is added to what is there.
        echo "LOCK TABLE $table IN EXCLUSIVE MODE;"
        echo "DO \$\$ BEGIN IF EXISTS (SELECT FROM $table) THEN
            RAISE 'the table $table is not empty: move into a database of its own'; END IF; END \$\$;"
    done
    for table in "${tables[@]}"; do
        statement "$table" | sqlite
        echo "DO \$\$ BEGIN IF (SELECT count(*) FROM $table) <> $(sqlite "SELECT count(*) FROM $table") THEN
            RAISE 'rows of $table are missing'; END IF; END \$\$;"
    done
    # The next stream's number follows those that were brought.
    echo "SELECT setval(pg_get_serial_sequence('stream', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL)
        FROM stream;"
    # Without this line nothing is there: what was cut off is not committed.
    echo "COMMIT;"
}

{ echo "BEGIN;"; rows; } | postgres --output=/dev/null
echo "moved: $(sqlite "SELECT count(*) FROM terminal") terminals, $(sqlite "SELECT count(*) FROM endpoint") endpoints, $(sqlite "SELECT count(*) FROM feed") notifications and claims"
