# What ./nginx/up says: on a terminal one line per step, redrawn; elsewhere plain lines that do not change their form.
#   step=3 name=build status=ok seconds=18.4 detail="..."

now() { printf '%s' "${EPOCHREALTIME/[^0-9]/}"; } # microseconds

since() { # microseconds -> seconds with one digit
    local us=$(($(now) - $1))
    printf '%d.%d' $((us / 1000000)) $((us / 100000 % 10))
}

say_open() {
    started=$(now) step=0 job='' detail='' percent=''
    steps=6
    [[ ! $pages ]] || ((steps++))
    [[ ! $demo || $env_file ]] || ((steps++))
    tty=''
    [[ ! -t 1 || ${TERM:-dumb} == dumb ]] || tty=yes
    if [[ $tty && $(locale charmap 2>/dev/null) == UTF-8 ]]; then
        tick=✓ cross=✗ warn=! full=█ empty=░ dot='·' arrow=→ spin=(⠋ ⠙ ⠹ ⠸ ⠼ ⠴ ⠦ ⠧)
    else
        tick=ok cross=FAILED warn=! full='#' empty=. dot=- arrow='->' spin=('|' / - '\')
    fi
    bold='' dim='' red='' green='' plain=''
    if [[ $tty && ! ${NO_COLOR:-} ]]; then
        bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
    fi
    # A pipe that nobody writes to: reading it with a time limit is a pause without a process.
    exec {never}<> <(:)
    if [[ $tty && ! ${1:-} ]]; then
        printf '%sswitchhook%s  private copy in %s  Ctrl-C stops everything\n' "$bold" "$plain" "$dir"
    fi
}

columns() {
    local size
    size=$(stty size <&1 2>/dev/null) && size=${size#* }
    ((${size:-0} > 20)) || size=80
    printf '%s' "$size"
}

# A line that the next one overwrites; cut to the width of the terminal.
draw() {
    local text=$1 width
    width=$(columns)
    printf '\r\e[2K%s' "${text:0:width-1}"
    drawn=yes
}

say_close() {
    [[ ! ${drawn:-} ]] || printf '\r\e[2K'
    drawn=''
}

# A sentence for people, never part of a step's line.
note() {
    say_close
    printf '%s\n' "$1"
}

bar() { # percent
    local i n=$(($1 * 24 / 100)) out=''
    for ((i = 0; i < 24; i++)); do
        if ((i < n)); then out+=$full; else out+=$empty; fi
    done
    printf '%s %3d %%' "$out" "$1"
}

title() { # "3/7 Build    "
    printf '%d/%d %-9s' "$step" "$steps" "${step_name^}"
}

plain_line() { # status, what else
    printf 'step=%d name=%s status=%s seconds=%s%s\n' "$step" "$step_name" "$1" "$(since "$step_at")" "$2"
}

# Runs a step: a function that sets detail, and on failure says why (fail).
step() {
    step=$((step + 1)) step_name=$1 detail='' percent=''
    step_at=$(now) beat_at=$step_at
    tick_draw
    "$2"
    check_signal
    if [[ $tty ]]; then
        say_close
        printf ' %s%s%s %s %s  %s%s s%s\n' "$green" "$tick" "$plain" "$(title)" "$detail" \
            "$dim" "$(since "$step_at")" "$plain"
    else
        plain_line ok "${detail:+ detail=\"$detail\"}"
    fi
}

# A signal is only noted by its trap, for bash does not survive a long trap inside of read; here it is acted on.
check_signal() { [[ ! ${caught:-} ]] || finish "$caught"; }

# Once there is an owner of processes, nothing goes on without it.
check_owner() {
    if [[ ! ${owner:-} ]] || copy_owner_lives; then return; fi
    owner=''
    [[ -e $dir/pids ]] || fail 1 'Everything was stopped by ./nginx/up --stop.'
    copy_clean_stale
    fail 1 'The process that owned all others was killed.' './nginx/up' "$dir/log/own.log"
}

# The running step's line; without a terminal a sign of life every 15 s.
tick_draw() {
    check_signal
    check_owner
    ((step > 0)) || return 0
    if [[ $tty ]]; then
        local text
        spun=$(((${spun:-0} + 1) % ${#spin[@]}))
        text=" ${spin[spun]} $(title)"
        [[ ! $percent ]] || text+=" $(bar "$percent")"
        draw "$text  $detail  $(since "$step_at") s"
    elif (($(now) - beat_at >= 15000000)); then
        beat_at=$(now)
        plain_line running "${percent:+ percent=$percent}"
    fi
}

# The end of a failed step: what, why, one thing to try, the log's last lines. fail STATUS WHAT [TRY] [LOG]
fail() {
    check_signal
    say_close
    if [[ $tty ]]; then
        printf ' %s%s%s %s %s s\n' "$red" "$cross" "$plain" "$(title)" "$(since "$step_at")"
    else
        plain_line failed ''
    fi
    {
        printf '%s\n' "$2"
        [[ ! ${3:-} ]] || printf 'Try: %s\n' "$3"
        if [[ -s ${4:-} ]]; then
            printf 'Log: %s\n' "$4"
            tail -n 15 -- "$4" | sed 's/^/    /'
        fi
    } >&2
    finish "$1"
}

# Runs a command beside the drawing; its output goes to a log. run_job LOG PROGRESS COMMAND... ; PROGRESS is a function
# that sets percent and detail. The command dies with this script.
run_job() {
    local log=$1 progress=$2
    shift 2
    : >"$log"
    [[ ! $verbose ]] || note "+ $*"
    "$@" >>"$log" 2>&1 </dev/null &
    job=$!
    while kill -0 "$job" 2>/dev/null; do
        "$progress" "$log"
        tick_draw
        read -rt 0.1 -u "$never"
    done
    local rc=0
    wait "$job" || rc=$?
    job=''
    return "$rc"
}

end_job() {
    [[ ${job:-} ]] || return 0
    if [[ ${in_apt:-} ]]; then
        note 'apt is not interrupted; this waits for its end.'
        wait "$job"
        return
    fi
    kill -TERM "$job" 2>/dev/null
    wait "$job" 2>/dev/null
    job=''
}

no_progress() { :; }

# Waits for a fact. until_true SECONDS COMMAND...
until_true() {
    local end=$(($(now) + $1 * 1000000))
    shift
    until "$@" >/dev/null 2>&1; do
        (($(now) < end)) || return 1
        tick_draw
        read -rt 0.05 -u "$never"
    done
    return 0
}
