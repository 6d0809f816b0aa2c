#!/usr/bin/env bash
# The process that owns a running private copy: own.sh DIR SIM_PORT SPEED LOCK <LEASH. It reads "start NAME" and "keep"
# lines from the leash, starts each program as its child, starts it again when it dies, and on the leash's end (or
# SIGTERM) stops all in order. Should this process be killed, the kernel ends the children: PR_SET_PDEATHSIG.
set -uo pipefail
umask 022
verbose='' tty='' env_file='' reset=''
dir=$1 sim_port=$2 speed=$3 lock=$4 # the descriptor that holds the directory's lock
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/copy.sh"
exec {never}<> <(:)
cd / || exit 1
bin=$dir/prefix/bin env=$dir/switchhook.env
declare -A pid=() start=() born=() deaths=() retry=()
order=()

log() { printf '%(%Y-%m-%dT%H:%M:%S%z)T %s\n' -1 "$1"; }

pool() { # name, processes
    command=(spawn-fcgi -n -s "$dir/run/$1.sock" -M 0660 -b 1024 --
        "$bin/switchhook-worker" --pool "$1" --workers "$2" --env "$env")
}

# How each program is started, and with which signal it is asked to end; none of them leaves the foreground.
command_of() {
    signal=TERM command=()
    case $1 in
    postgres)
        signal=INT # fast: does not wait for clients
        local pg
        pg=/usr/lib/postgresql/$(<"$dir/data/PG_VERSION")/bin
        command=("$pg/postgres" -D "$dir/data" -k "$dir/run" -c listen_addresses= -c max_connections=60
            -c log_min_messages=warning)
        ;;
    sim)
        command=("$dir/build/t/sim/switchhook-sim" --port "$sim_port" --state "$dir/sim" --credentials "$env"
            --speed "$speed")
        ;;
    nginx) command=(/usr/sbin/nginx -p "$dir/nginx" -e "$dir/log/nginx.log" -c "$dir/nginx/nginx.conf") ;;
    hooks) pool hooks 2 ;;
    api) pool api 4 ;;
    auth) pool auth 1 ;;
    sweep) command=("$bin/switchhook-sweep" --env "$env" --loop 60) ;;
    courier) command=("$bin/switchhook-sweep" --env "$env" --loop 60 --kinds "notify alert mail report") ;;
    webhooks) command=("$bin/switchhook-sweep" --env "$env" --loop 60 --kinds webhook) ;;
    esac
}

record() { # all of us, for the next start and for --stop
    local name
    {
        cat /proc/sys/kernel/random/boot_id
        printf 'owner %s %s\n' $$ "$(proc_start $$)"
        for name in "${order[@]}"; do printf '%s %s %s\n' "$name" "${pid[$name]}" "${start[$name]}"; done
    } >"$dir/pids.new"
    mv "$dir/pids.new" "$dir/pids"
}

# A session of its own for each, so that a Ctrl-C meant for us does not reach it; nothing of our environment.
launch() {
    local signal command
    command_of "$1"
    env -i "PATH=$PATH:/usr/sbin" LANG=C.UTF-8 "HOME=$dir/tmp" "TMPDIR=$dir/tmp" \
        setsid setpriv "${as[@]}" --pdeathsig "$signal" -- "${command[@]}" \
        </dev/null >>"$dir/log/$1.log" 2>&1 {never}>&- {lock}>&- &
    pid[$1]=$! start[$1]=$(proc_start $!) born[$1]=$EPOCHSECONDS
    [[ " ${order[*]} " == *" $1 "* ]] || order+=("$1")
    record
    log "$1 runs as pid ${pid[$1]}"
}

alive() { [[ $(proc_start "${pid[$1]}") == "${start[$1]}" ]]; }

# What a dead parent left of its process group: a worker that still holds the socket would keep the next pool from it.
end_group() {
    local i left
    for ((i = 0; i < 600; i++)); do
        left=$(copy_group "${pid[$1]}" "${start[$1]}")
        [[ $left ]] || return 0
        # shellcheck disable=SC2086
        if ((i == 0)); then kill -TERM $left; elif ((i == 500)); then kill -KILL $left; fi
        read -rt 0.02 -u "$never"
    done
}

# Starts again what died: at once, then after as many seconds as it has died in a row, at most 10.
watch() {
    local name now=$EPOCHSECONDS
    for name in "${order[@]}"; do
        alive "$name" && continue
        if [[ ! ${retry[$name]:-} ]]; then
            wait "${pid[$name]}"
            log "$name ended with status $?"
            deaths[$name]=$((now - born[$name] > 30 ? 0 : ${deaths[$name]:--1} + 1))
            retry[$name]=$((now + (deaths[$name] < 10 ? deaths[$name] : 10)))
        fi
        if ((now >= ${retry[$name]})); then
            retry[$name]=''
            end_group "$name"
            launch "$name"
        fi
    done
}

# Asks one to end and waits; after 10 s it is killed, and with it what it leaves behind.
end_one() {
    local signal command limit=$((EPOCHSECONDS + 10))
    command_of "$1"
    alive "$1" && kill -s "$signal" "${pid[$1]}"
    while alive "$1" && ((EPOCHSECONDS < limit)); do read -rt 0.02 -u "$never"; done
    if alive "$1"; then
        log "$1 does not end: killed"
        kill -KILL "${pid[$1]}"
    fi
    end_group "$1"
}

stop_all() {
    trap '' TERM INT HUP
    local name
    for name in nginx hooks api auth sweep courier webhooks sim postgres; do
        [[ ! ${pid[$name]:-} ]] || end_one "$name"
    done
    rm -f "$dir/pids" "$dir/leash" "$dir/kept"
    log 'all stopped'
    exit 0
}

main() {
    local word name rc kept='' left=''
    record
    trap left=yes TERM
    trap '' INT HUP
    while [[ ! $left ]]; do
        rc=0
        read -rt 0.2 word name || rc=$?
        case $rc:${word:-} in
        0:start) launch "$name" ;;
        0:keep)
            kept=yes
            : >"$dir/kept"
            ;;
        *)
            if ((rc == 1)); then # the leash's other end is gone
                [[ $kept ]] || break
                exec <&"$never"
            fi
            ;;
        esac
        watch
    done
    stop_all
}

rm -f "$dir/kept"
main
