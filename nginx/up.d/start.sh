# Steps of ./nginx/up: database, the first tenant, programs; and what is said at the end.
demo_number=+442079460958 demo_forward=+442079460123 admin_email=admin@demo.test

database_failed() { fail 1 "$1" './nginx/up --reset   (forgets its data)' "$dir/log/postgres.log"; }

database_url() { printf 'postgresql://postgres@/%s?host=%s/run&port=5432' "$1" "$dir"; }

# psql [-d URL] ...; with nothing of our environment, such as PGOPTIONS.
psql_run() {
    env -i "PATH=$PATH" LANG=C.UTF-8 "$pg/psql" -qAtX -v ON_ERROR_STOP=1 -d "$database" "$@" 2>>"$dir/log/psql.log"
}

database_make() {
    local all
    all=$(database_url postgres)
    [[ $(psql_run -d "$all" -c "select 1 from pg_database where datname = 'switchhook'") == 1 ]] ||
        psql_run -d "$all" -c 'create database switchhook'
}

start_database() {
    pg=$(compgen -G '/usr/lib/postgresql/1[5-9]/bin' | head -n 1)
    [[ ! -s $dir/data/PG_VERSION ]] || pg=/usr/lib/postgresql/$(<"$dir/data/PG_VERSION")/bin
    [[ -x $pg/postgres ]] || database_failed "There is no PostgreSQL for the data in $dir/data."
    sim_port=0 sim_url=''
    if [[ ! $env_file ]]; then
        sim_port=$(port_from 18380) sim_url=http://127.0.0.1:$sim_port
    fi
    copy_settings
    if [[ ! -s $dir/data/PG_VERSION ]]; then
        detail=initdb
        run_job "$dir/log/initdb.log" no_progress as_user "$pg/initdb" -D "$dir/data" -A trust -U postgres \
            --no-sync -E UTF8 --locale=C.UTF-8 || fail 1 'initdb failed.' '' "$dir/log/initdb.log"
    fi
    copy_own
    copy_start postgres
    detail='starting'
    until_true 30 psql_run -d "$(database_url postgres)" -c 'select 1' || database_failed 'PostgreSQL does not start.'
    database_make || database_failed 'The database could not be made.'
    detail='migrating'
    run_job "$dir/log/migrate.log" no_progress switchhook migrate up --dir "$dir/prefix/share/switchhook/migrations" ||
        fail 1 'The migrations failed.' './nginx/up --reset   (forgets its data)' "$dir/log/migrate.log"
    detail="PostgreSQL $(<"$dir/data/PG_VERSION") $dot $(find "$tree/migrations" -name '*.sql' | wc -l) migrations"
}

switchhook() { as_user "$bin/switchhook" --env "$dir/switchhook.env" "$@"; }

http_get() { curl -s -o /dev/null -m 2 -w '%{http_code}' "$1"; }

nginx_answers() { [[ -s $dir/run/nginx.pid && $(http_get "$base_url/") == 302 ]]; }

# Whoever answers is a worker: nginx itself would say 502 or 504.
pool_answers() { [[ $(http_get "$base_url$1") == 4[0-9][0-9] ]]; }

# nginx tries a taken port for 2.5 s and ends; its owner starts it again, with the next port if we write one.
start_nginx() {
    copy_nginx
    copy_start nginx
    local i
    for i in 1 2 3 4 5; do
        until_true 3 nginx_answers && return
        grep -q 'Address already in use' "$dir/log/nginx.log" || break
        note "Port $port was taken meanwhile."
        : >"$dir/log/nginx.log"
        port=$(port_from $((port + 1)))
        copy_settings
        copy_nginx
    done
    until_true 10 nginx_answers || fail 1 'nginx does not answer.' '' "$dir/log/nginx.log"
}

# The number at the simulated Twilio, with the addresses that an operator would enter at the real one; the command adds
# that of its document for bad times.
start_number() {
    jq -n --arg n "$demo_number" --arg u "$base_url" '{phone_number: $n, friendly_name: "Demo line",
        voice_url: ($u + "/api/twilio/voice/answer"), voice_method: "POST",
        status_callback: ($u + "/api/twilio/voice/status"), status_callback_method: "POST"}' |
        curl -sf -m 5 -o /dev/null -H 'Content-Type: application/json' -d @- "$sim_url/sim/numbers" &&
        switchhook number apply --number "$demo_number" >"$dir/log/number.log" 2>&1
}

start_services() {
    detail=nginx
    start_nginx
    if [[ $sim_url ]]; then
        detail=simulator
        copy_start sim
        until_true 15 curl -sf -m 2 "$sim_url/sim" || fail 1 'The simulator does not answer.' '' "$dir/log/sim.log"
        start_number || fail 1 'The simulator refused the number.' '' "$dir/log/sim.log"
    fi
    detail=workers
    copy_start hooks api auth sweep courier webhooks
    until_true 15 pool_answers /api/twilio/voice/status || fail 1 'No hooks worker answers.' '' "$dir/log/hooks.log"
    until_true 15 pool_answers /api/calls/initiate || fail 1 'No api worker answers.' '' "$dir/log/api.log"
    until_true 15 test -S "$dir/run/auth.sock" || fail 1 'No auth worker answers.' '' "$dir/log/auth.log"
    copy_up_env
    detail="nginx $dot ${sim_url:+simulator $dot }hooks x2 $dot api x4 $dot auth x1 $dot sweeps x3"
}

tenant_failed() { fail 1 "$1" './nginx/up --reset   (forgets its data)' "$dir/log/tenant.log"; }

setting() { # the value of a setting in the file that the programs read; nothing if it is not there
    sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*[\"']\{0,1\}\([^\"']*\).*/\1/p" "$dir/switchhook.env" | tail -n 1
}

# Everything is made once; later starts find it.
tenant_make() {
    local id
    id=$(psql_run -c 'select id from tenants order by created_at limit 1')
    if [[ ! $id ]]; then
        switchhook -o json tenant add --name "$tenant_name" --from-env || return 1
        id=$(psql_run -c 'select id from tenants order by created_at limit 1')
    fi
    if [[ $(psql_run -c "select count(*) from users where email = '$admin_email'") == 0 ]]; then
        switchhook user add --tenant "$id" --email "$admin_email" --role admin --password-stdin \
            ${demo_forward:+--forward-to "$demo_forward"} <<<"$password" || return 1
    fi
    if [[ $demo_number && $(psql_run -c "select count(*) from numbers where e164 = '$demo_number'") == 0 ]]; then
        switchhook number add --tenant "$id" --number "$demo_number" --forward-to "$demo_forward" || return 1
    fi
    if [[ ! ${api_key:-} ]]; then
        api_key=$(switchhook -o json key add --tenant "$id" --name up ${sim_url:+--test} |
            jq -r '.. | strings | select(test("^shk_[a-z]+_[0-9a-z]+_"))')
        [[ $api_key ]] || return 1
        printf "api_key='%s'\n" "$api_key" >>"$dir/secrets"
    fi
}

start_tenant() {
    tenant_name='Demo Ltd'
    if [[ $env_file ]]; then
        tenant_name=Default
        demo_number=$(setting TWILIO_PHONE_NUMBER) demo_forward=$(setting FORWARD_PHONE_NUMBER)
        account=$(setting TWILIO_ACCOUNT_SID) token=$(setting TWILIO_AUTH_TOKEN)
    fi
    tenant_make >"$dir/log/tenant.log" 2>&1 || tenant_failed 'The tenant could not be made.'
    detail="$tenant_name $dot $admin_email${demo_number:+ $dot $demo_number}${demo_forward:+ $arrow $demo_forward}"
}

summary() {
    say_close
    printf '\n'
    [[ ! -e $dir/html/app/index.html ]] ||
        printf ' %-10s %s   %s   %s\n' Pages "$base_url/app/" "$admin_email" "$password"
    printf ' %-10s %s\n' API "curl -H 'Authorization: Bearer $api_key' \\" \
        '' "  -H 'Content-Type: application/json' -d '{\"to\":\"$demo_customer\"}' \\" \
        '' "  $base_url/api/calls/initiate"
    printf ' %-10s %s\n' Calls "curl -H 'Authorization: Bearer $api_key' \\" '' "  $base_url/api/v1/calls?limit=3"
    printf ' %-10s %s\n' Database "psql '$database'"
    [[ ! $sim_url ]] || printf ' %-10s %s\n' Simulator "$sim_url/sim/ledger"
    printf ' %-10s %s\n' Settings "$dir/up.env   (for scripts: . $dir/up.env)" Logs "$dir/log"
    [[ ! $env_file ]] || summary_twilio
    printf 'Ready in %s s.' "$(since "$started")"
    [[ $once || $detach ]] || printf ' Ctrl-C stops everything, ./nginx/up brings it back.'
    printf '\n'
    [[ ! $tty || $once || $detach || ! $sim_url ]] || printf ' Keys: i inbound  o outbound  m missed call  q quit\n'
}

summary_twilio() {
    local public
    public=$(setting PUBLIC_URL)
    printf '\nTwilio is real here; no call was placed and no number was changed.\n'
    printf 'At Twilio, set for %s:\n' "${demo_number:-your number}"
    printf '  A call comes in, POST   %s/api/twilio/voice/answer\n' "$public"
    printf '  Status callback, POST   %s/api/twilio/voice/status\n' "$public"
    printf '%s must lead to %s on this machine.\n\n' "$public" "$base_url"
}
