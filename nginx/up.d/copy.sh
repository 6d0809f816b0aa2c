# The private copy: its folders, secrets, settings, and the process that owns everything that runs (own.sh).
#   D/up.env  D/secrets            for people and scripts, 0600         D/build D/prefix   programs
#   D/switchhook.env D/keys        for the programs, 0400               D/data             PostgreSQL
#   D/state/{recordings,spool,fallback}   D/run (sockets)   D/sim   D/nginx   D/log
# As root all but this script, make and apt runs as user postgres, which PostgreSQL insists on.

as=() user=$(id -un)
if ((EUID == 0)); then
    as=(--reuid=postgres --regid=postgres --clear-groups) user=postgres
fi

# A command as the user of the copy, with nothing of our environment: a TWILIO_AUTH_TOKEN there must not get in.
as_user() {
    env -i "PATH=$PATH" LANG=C.UTF-8 "HOME=$dir/tmp" "TMPDIR=$dir/tmp" setpriv "${as[@]}" --pdeathsig TERM -- "$@"
}

random_text() { # length, characters: at least 5 bits a character
    LC_ALL=C tr -dc "$2" </dev/urandom | head -c "$1"
}

# The start time of a process in ticks since boot: with it a number names one process for ever. Nothing if it is gone.
proc_start() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    # shellcheck disable=SC2206
    stat=(${stat##*) })
    [[ ${#stat[@]} -gt 19 && ${stat[0]} != Z ]] && printf '%s' "${stat[19]}"
}

# The processes of a group that are not older than its leader was.
copy_group() {
    local file stat pid
    for file in /proc/[0-9]*/stat; do
        { read -r stat <"$file"; } 2>/dev/null || continue
        # shellcheck disable=SC2206
        pid=${stat%% *} stat=(${stat##*) })
        [[ ${#stat[@]} -gt 19 && ${stat[0]} != Z ]] || continue
        if ((stat[2] == $1 && stat[19] >= $2)); then printf '%s\n' "$pid"; fi
    done
}

# The recorded processes that still live, as pids: same start time, or in the process group they were given; and named
# like ours.
copy_survivors() {
    local name pid start boot other
    [[ -r $dir/pids ]] || return 0
    {
        read -r boot
        [[ $boot == "$(</proc/sys/kernel/random/boot_id)" ]] || return 0
        while read -r name pid start; do
            if [[ $(proc_start "$pid") == "$start" ]] && copy_is_ours "$pid"; then printf '%s\n' "$pid"; fi
            for other in $(copy_group "$pid" "$start"); do
                if copy_is_ours "$other"; then printf '%s\n' "$other"; fi
            done
        done
    } 2>/dev/null <"$dir/pids" | sort -un
}

copy_is_ours() {
    local line
    line=$(tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null)
    [[ $line == *"$dir/"* || $line == *"own.sh $dir "* || $line == 'nginx: '* || $line == 'postgres: '* ]]
}

# Ends what an earlier start left behind when it was killed.
copy_clean_stale() {
    local left owner='' # nobody to miss while we do this
    mapfile -t left < <(copy_survivors)
    if ((${#left[@]})); then
        note "An earlier start was killed and left ${#left[@]} processes: ending them."
        kill -TERM "${left[@]}" 2>/dev/null
        until_true 5 copy_is_clean || mapfile -t left < <(copy_survivors)
        copy_is_clean || kill -KILL "${left[@]}" 2>/dev/null
        until_true 5 copy_is_clean || fail 1 "Processes of an earlier start do not end: ${left[*]}"
    fi
    rm -f "$dir/pids" "$dir/leash" "$dir/run/"*.sock "$dir/run/"*.pid
}

copy_is_clean() { [[ ! $(copy_survivors) ]]; }

# Calls of the simulator and of the real Twilio do not mix.
copy_mode() {
    local mode=simulator
    [[ ! $env_file ]] || mode=twilio
    [[ ! $reset ]] || (cd "$dir" && rm -rf data state sim secrets keys up.env mode switchhook.env)
    [[ ! -e $dir/mode || $(<"$dir/mode") == "$mode" ]] ||
        fail 2 "The data in $dir came from $(<"$dir/mode"), not used this time." './nginx/up --dir D, or --reset'
    printf '%s\n' "$mode" >"$dir/mode"
}

# The folders. log/ is root's, so what nginx opens there by itself is made beforehand.
copy_prepare() {
    local folder
    mkdir -p "$dir/log" "$dir/nginx/snippets/switchhook"
    for folder in run data state state/recordings state/spool state/fallback sim tmp; do
        [[ -d $dir/$folder ]] || mkdir -m 700 "$dir/$folder"
    done
    : >"$dir/log/nginx.log"
    : >"$dir/log/access.log"
    ((EUID != 0)) || chown postgres:postgres "$dir"/{run,data,state,state/*,sim,tmp} "$dir"/log/{nginx,access}.log
    copy_secrets
}

# Random for each copy, kept for the next start.
copy_secrets() {
    local hex=0123456789abcdef
    if [[ ! -s $dir/secrets ]]; then
        (
            umask 077
            {
                printf "account='AC%s'\ntoken='%s'\n" "$(random_text 32 $hex)" "$(random_text 32 $hex)"
                printf "openai='sk-%s'\n" "$(random_text 32 a-z0-9)"
                printf "password='%s-%s-%s-%s'\n" "$(random_text 5 a-km-z2-9)" "$(random_text 5 a-km-z2-9)" \
                    "$(random_text 5 a-km-z2-9)" "$(random_text 5 a-km-z2-9)"
            } >"$dir/secrets"
        )
    fi
    # shellcheck source=/dev/null
    . "$dir/secrets"
    [[ -s $dir/keys ]] || copy_write keys "k1 $(random_text 64 $hex)"
}

copy_write() { # name text: a file that only the programs read
    rm -f "$dir/$1"
    (umask 077 && printf '%s\n' "$2" >"$dir/$1")
    ((EUID != 0)) || chown postgres:postgres "$dir/$1"
    chmod 400 "$dir/$1"
}

copy_settings() {
    local text own
    base_url=http://127.0.0.1:$port database=$(database_url switchhook)
    own="DATABASE_URL=$database
RECORDINGS_DIR=$dir/state/recordings
PLAY_DIR=$dir/run/play
STATE_DIR=$dir/state
KEY_FILE=$dir/keys"
    if [[ $env_file ]]; then
        grep -qE '^[[:space:]]*(PUBLIC_URL|NEXT_PUBLIC_APP_URL|TWILIO_WEBHOOK_URL)(_FILE)?[[:space:]]*=' "$env_file" ||
            fail 3 "PUBLIC_URL is not set in $env_file: the address under which Twilio reaches this machine."
        local ours='DATABASE_URL|RECORDINGS_DIR|PLAY_DIR|STATE_DIR|KEY_FILE'
        text=$(grep -vE "^[[:space:]]*($ours)[[:space:]]*=" "$env_file")
    else
        text="PUBLIC_URL=$base_url
TWILIO_ACCOUNT_SID=$account
TWILIO_AUTH_TOKEN=$token
TWILIO_PHONE_NUMBER=$demo_number
FORWARD_PHONE_NUMBER=$demo_forward
WEBHOOKS_TO_LOOPBACK=1
TWILIO_API_BASE_URL=$sim_url
OPENAI_BASE_URL=$sim_url/v1
OPENAI_API_KEY=$openai"
    fi
    copy_write switchhook.env "$text
$own"
}

# nginx's files: the product's own, with the private folders in place of the system's.
copy_nginx() {
    local file to=$dir/nginx/snippets/switchhook
    rm -f "$to"/*.conf
    for file in "$here"/*.conf; do
        sed -e "s#/run/switchhook#$dir/run#g; s#/var/lib/switchhook#$dir/state#g" \
            -e "s#/usr/share/switchhook/html#$dir/html#g" "$file" >"$to/${file##*/}"
    done
    sed -e "s#@DIR@#$dir#g; s#@PORT@#$port#g; s#@WORKERS@#1#g" "$here/private.conf.in" >"$dir/nginx/nginx.conf"
}

copy_up_env() {
    (
        umask 077
        cat >"$dir/up.env.new" <<END
BASE_URL='$base_url'
SIM_URL='$sim_url'
DATABASE_URL='$database'
TWILIO_ACCOUNT_SID='$account'
TWILIO_AUTH_TOKEN='$token'
API_KEY='$api_key'
ADMIN_EMAIL='$admin_email'
ADMIN_PASSWORD='$password'
NUMBER='$demo_number'
FORWARD_TO='$demo_forward'
END
    )
    mv "$dir/up.env.new" "$dir/up.env"
}

# The owner: a process of its own session that starts what we tell it through the leash, and stops everything when the
# leash's other end is gone, whatever became of us.
copy_own() {
    rm -f "$dir/leash"
    mkfifo -m 600 "$dir/leash"
    setsid bash "$here/up.d/own.sh" "$dir" "$sim_port" "$speed" "$lock" \
        <"$dir/leash" >>"$dir/log/own.log" 2>&1 {never}>&- &
    owner=$!
    disown "$owner" # its end is no news of the shell
    exec {leash}>"$dir/leash"
    owner_start=$(proc_start "$owner")
}

copy_start() { # names of what shall run, in order
    local name
    for name in "$@"; do printf 'start %s\n' "$name" >&"$leash"; done
}

copy_owner_lives() { [[ $(proc_start "$owner") == "$owner_start" ]]; }

copy_stop_owner() {
    exec {leash}>&-
    local end=$(($(now) + 30000000))
    while copy_owner_lives && (($(now) < end)); do read -rt 0.05 -u "$never"; done
    copy_clean_stale
}

# --detach: the owner stays.
copy_keep() {
    printf 'keep\n' >&"$leash"
    until_true 5 test -e "$dir/kept" || fail 1 'The background process does not answer.' '' "$dir/log/own.log"
    note "Everything runs in the background. Stop it: ./nginx/up --stop${given_dir:+ --dir $dir}"
}

# --stop
copy_stop() {
    local name pid start
    say_open quiet
    if [[ ! -r $dir/pids ]] || copy_is_clean; then
        note "Nothing runs in $dir."
        exit 0
    fi
    read -r name pid start < <(sed -n '/^owner /p' "$dir/pids" 2>/dev/null)
    if [[ ${name:-} && $(proc_start "$pid") == "$start" ]]; then
        kill -TERM "$pid"
        until_true 30 copy_is_clean
    fi
    copy_clean_stale
    note "Stopped. Data kept in $dir; ./nginx/up continues, --reset forgets."
    exit 0
}
