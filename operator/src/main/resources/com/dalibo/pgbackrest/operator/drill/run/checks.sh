# Asks a restored Cluster (CheckJob sets the variables). The answer is the termination message: one JSON object of less than 4096 bytes. It is
# written whatever the answers are; the program fails only if it could not ask.
set -u
dir=${SCRATCH:-/tmp}
secret=${SUPERUSER:-/superuser}
message=${MESSAGE:-/dev/termination-log}
export PGHOST PGPORT="${PGPORT:-5432}" PGUSER PGPASSWORD PGDATABASE=postgres PGCONNECT_TIMEOUT=10 PGAPPNAME=pgbackrest-drill HOME="$dir"
PGUSER=$(cat "$secret/username")
PGPASSWORD=$(cat "$secret/password")
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)
left=2400
until=$(($(date +%s) + ${LIMIT:-86400}))
# What the source has set for its databases or its roles is not meant for those who look for damage.
own='-c client_min_messages=warning -c statement_timeout=0 -c lock_timeout=0 -c default_transaction_read_only=off'

# text BYTES: standard input as the inside of a JSON string, on one line, without control characters, shortened
text() {
  tr '\n\r\t' '   ' | LC_ALL=C tr -d '\000-\037\177-\377' | cut -c "1-$1" | sed 's/\\/\\\\/g; s/"/\\"/g; s/ *$//' | tr -d '\n'
}

# answer BYTES: the same, of what is left of the room for answers
answer() {
  size=$1
  [ "$size" -le "$left" ] || size=$left
  [ "$size" -gt 0 ] || size=0
  if [ "$size" -eq 0 ]; then shown=; else shown=$(text "$size"); fi
  left=$((left - ${#shown}))
}

ask() { psql -XAtq -v ON_ERROR_STOP=1 -o "$dir/out" -c "$1" >/dev/null 2>"$dir/error"; }

tries=0
until ask 'SELECT 1'; do
  tries=$((tries + 1))
  if [ "$tries" -ge "${TRIES:-30}" ]; then
    printf '{"error":"%s"}' "$(text 500 <"$dir/error")" >"$message"
    exit 1
  fi
  sleep 2
done

ask "SELECT current_setting('server_version')" && version=$(text 60 <"$dir/out")
ask "SELECT sum(pg_database_size(oid)) FROM pg_database" && size=$(text 20 <"$dir/out")
printf '{"postgres":"%s","size":%s,"checks":[' "${version:-}" "${size:-0}" >"$dir/report"

i=0
while [ "$i" -lt "$CHECKS" ]; do
  eval "database=\$DATABASE_$i sql=\$SQL_$i"
  passed=false
  rest=$((until - $(date +%s)))
  [ "$rest" -ge 1 ] || rest=1
  if PGDATABASE=$database PGOPTIONS="-c default_transaction_read_only=on -c statement_timeout=${rest}s" ask "$sql"; then
    value=$(head -n 1 "$dir/out" | cut -d '|' -f 1)
    [ "$value" = t ] || [ "$value" = true ] && passed=true
    answer 100 <<END
$value
END
  else
    answer 300 <"$dir/error"
  fi
  [ "$i" -eq 0 ] || printf , >>"$dir/report"
  if [ "$passed" = true ]; then printf '{"passed":true}'; else printf '{"passed":false,"answer":"%s"}' "$shown"; fi >>"$dir/report"
  i=$((i + 1))
done
printf ']' >>"$dir/report"

# Every page of tables and B-tree indexes is checked by amcheck; then every block of every relation is read through PostgreSQL's buffers, which compares its checksum.
if [ "$PAGES" = yes ]; then
  passed=true
  read=0
  shown=
  checksums=false
  ask 'SHOW data_checksums' && [ "$(cat "$dir/out")" = on ] && checksums=true
  if ! PGOPTIONS=$own pg_amcheck --all --install-missing --jobs=2 >"$dir/damage" 2>&1; then
    passed=false
    answer 500 <"$dir/damage"
  fi
  ask 'SELECT datname FROM pg_database WHERE datallowconn' && cp "$dir/out" "$dir/databases"
  while IFS= read -r database; do
    # It may be there already, in a schema of its own.
    if PGDATABASE=$database PGOPTIONS=$own ask 'CREATE EXTENSION IF NOT EXISTS pg_prewarm SCHEMA pg_catalog' &&
      PGDATABASE=$database PGOPTIONS=$own ask "DO \$\$ BEGIN
          PERFORM set_config('search_path', (SELECT quote_ident(nspname) FROM pg_extension e, pg_namespace n WHERE extname = 'pg_prewarm' AND n.oid = extnamespace), false);
        END \$\$;
        SELECT coalesce(sum(pg_prewarm(c.oid, 'buffer', f)), 0) FROM pg_class c, unnest(ARRAY['main', 'fsm', 'vm']) f
        WHERE c.relkind IN ('r', 'm', 't', 'i', 'S') AND c.relpersistence = 'p' AND pg_relation_size(c.oid, f) > 0"; then
      read=$((read + $(cat "$dir/out")))
    else
      passed=false
      [ -n "$shown" ] || answer 500 <"$dir/error"
    fi
  done <"$dir/databases"
  printf ',"pages":{"passed":%s,"read":%s,"checksums":%s,"answer":"%s"}' "$passed" "$read" "$checksums" "$shown" >>"$dir/report"
fi
printf '}' >>"$dir/report"
cat "$dir/report" >"$message"
