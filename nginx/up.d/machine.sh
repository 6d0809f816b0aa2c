# Steps 1 and 2 of ./nginx/up: is this machine fit, which packages are missing, apt.

# What must be there: "package" or "package:path", where a path (a pattern) counts however it came.
packages=(cmake:/usr/bin/cmake make:/usr/bin/make gcc:/usr/bin/gcc g++:/usr/bin/g++ pkg-config:/usr/bin/pkg-config
    libfcgi-dev libpq-dev libcurl4-openssl-dev libcjson-dev libxml2-dev libssl-dev libphonenumber-dev
    libmicrohttpd-dev ca-certificates curl:/usr/bin/curl jq:/usr/bin/jq espeak-ng:/usr/bin/espeak-ng
    nginx:/usr/sbin/nginx spawn-fcgi:/usr/bin/spawn-fcgi 'postgresql:/usr/lib/postgresql/1[5-9]/bin/postgres')

port_taken() {
    local hex
    printf -v hex %04X "$1"
    grep -qsE "^ *[0-9]+: [0-9A-F]+:$hex [0-9A-F:]+ 0A " /proc/net/tcp /proc/net/tcp6
}

port_from() { # the first free port from $1 on
    local port=$1
    while port_taken "$port"; do
        ((++port < $1 + 200)) || fail 3 "No free port from $1 to $port." './nginx/up --port N'
    done
    printf '%s' "$port"
}

# The directory: its name goes into configuration files and socket names (at most 107 bytes), its owner must be us.
machine_directory() {
    local elsewhere='./nginx/up --dir /srv/demo'
    [[ $dir =~ ^/[A-Za-z0-9._/+-]+$ ]] || fail 2 "$dir: only letters, digits and . _ / + - are fit." "$elsewhere"
    ((${#dir} <= 80)) || fail 2 "$dir: over 80 bytes, socket names below it would be too long." "$elsewhere"
    [[ $dir/ != "$tree"/* ]] || fail 2 "$dir lies in the source tree." "$elsewhere"
    [[ -d $dir ]] || mkdir -p "$dir" 2>/dev/null
    [[ -d $dir && -O $dir && -w $dir ]] || fail 3 "$dir is not a directory of user $(id -un)." "$elsewhere"
    chmod 711 "$dir"
}

machine_space() { # the first time a build, a database and packages need room
    local need=3000000 free memory at=$dir
    [[ ! -d $dir/build ]] || need=300000
    free=$(df -Pk "$at" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
    ((free >= need)) ||
        fail 3 "Needs $((need / 1000)) MB in $dir, $((free / 1000)) MB free." './nginx/up --dir /srv/demo'
    memory=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    ((memory >= 900000)) || fail 3 "Needs 1 GB of memory, has $((memory / 1000)) MB."
    detail+=" $dot $(nproc) cores $dot $((memory / 1048576)) GiB"
}

machine_system() {
    local ID='' VERSION_ID='' PRETTY_NAME=unknown
    # shellcheck source=/dev/null
    [[ ! -r /etc/os-release ]] || . /etc/os-release
    detail="$ID $VERSION_ID $(uname -m)"
    [[ $ID == debian && $VERSION_ID == 12 ]] && return
    [[ ! $install ]] || fail 3 "This is $PRETTY_NAME; Debian 12 is known." \
        "./nginx/up --no-install   after installing the likes of: ${packages[*]%%:*}"
}

machine_check() {
    machine_system
    machine_directory
    machine_space
    exec {lock}>>"$dir/lock"
    if ! flock -n "$lock"; then
        already_running
    fi
    copy_clean_stale
    copy_mode
    if [[ $port ]]; then
        ! port_taken "$port" || fail 3 "Port $port is taken." "./nginx/up --port $(port_from $((port + 1)))"
    else
        port=$(port_from 8380)
    fi
    detail+=" $dot port $port free"
}

already_running() {
    local url=''
    [[ ! -r $dir/up.env ]] || url=$(sed -n "s/^BASE_URL='\(.*\)'$/\1/p" "$dir/up.env")
    note "Already running in $dir${url:+ at $url}. Stop it: ./nginx/up --stop${given_dir:+ --dir $dir}"
    exit 0
}

packages_missing() { # prints them
    local word path name ui=()
    [[ ! $pages ]] || ui=(nodejs:/usr/bin/node npm:/usr/bin/npm)
    for word in "${packages[@]}" "${ui[@]}"; do
        name=${word%%:*} path=${word#"$name"}
        if [[ $path ]] && compgen -G "${path#:}" >/dev/null; then continue; fi
        [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null) == ii* ]] || printf '%s\n' "$name"
    done
}

# Runs as root. Services that the new packages bring are not started, and no database cluster is made: the private copy
# brings its own. Both switches are taken away again. $1: the file for apt's progress; then packages.
# shellcheck disable=SC2016
apt_script='
set -e
export DEBIAN_FRONTEND=noninteractive
status=$1; shift
policy=/usr/sbin/policy-rc.d mark="of switchhook nginx/up"
cluster=/etc/postgresql-common/createcluster.conf made=
restore() {
    if grep -qs "$mark" $policy; then rm -f $policy; fi
    if [ "$made" ]; then
        if [ -e /usr/share/postgresql-common/createcluster.conf ]; then
            cp /usr/share/postgresql-common/createcluster.conf $cluster; rm -f $cluster.ucf-dist
        else
            rm -f $cluster; rmdir --ignore-fail-on-non-empty /etc/postgresql-common
        fi
    fi
}
trap restore EXIT
if [ ! -e $policy ]; then
    printf "#!/bin/sh\n# %s: nothing is started while it installs\nexit 101\n" "$mark" >$policy
    chmod 755 $policy
fi
if [ ! -e $cluster ] && ! dpkg -s postgresql-common >/dev/null 2>&1; then
    mkdir -p /etc/postgresql-common; echo "create_main_cluster = false" >$cluster; made=yes
fi
apt-get -q -o DPkg::Lock::Timeout=120 update
apt-get -q -y -o DPkg::Lock::Timeout=120 -o APT::Status-Fd=3 --no-install-recommends install "$@" 3>"$status"
'

apt_progress() { # "pmstatus:package:percent:words", "dlstatus:n:percent:words"; downloads are the first half
    local line kind what share rest
    line=$(tail -n 1 "$dir/log/apt.status" 2>/dev/null)
    IFS=: read -r kind what share rest <<<"$line"
    share=${share%%.*}
    [[ $share =~ ^[0-9]+$ ]] || return 0
    case $kind in
    dlstatus) percent=$((share / 2)) detail="downloading" ;;
    pmstatus) percent=$((50 + share / 2)) detail="${what%%:*}" ;;
    esac
}

packages_install() {
    local missing=() line asroot=() answer='' rc=0
    mapfile -t missing < <(packages_missing)
    if ((${#missing[@]} == 0)); then
        detail='nothing missing'
        return
    fi
    line="apt-get install -y --no-install-recommends ${missing[*]}"
    [[ $install ]] || fail 3 "${#missing[@]} packages are missing: ${missing[*]}" "$line"
    if ((EUID != 0)); then
        asroot=(sudo -n --)
        [[ ! -t 0 || ! $tty ]] || sudo -v
        sudo -n true 2>/dev/null ||
            fail 3 "${#missing[@]} packages are missing and sudo wants a password." "as root: $line"
    fi
    if [[ -t 0 && $tty && ! $once && ! $detach ]]; then
        say_close
        printf '%d packages are missing: %s\n' "${#missing[@]}" "${missing[*]}"
        trap 'finish 130' INT
        read -rp 'Install them with apt? [Y/n] ' answer
        trap 'caught=130' INT
        [[ ! $answer || $answer == [Yy]* ]] || fail 3 'Nothing was installed.' "as root: $line"
    fi
    mkdir -p "$dir/log"
    rm -f "$dir/log/apt.status"
    in_apt=yes
    run_job "$dir/log/apt.log" apt_progress \
        "${asroot[@]}" sh -c "$apt_script" sh "$dir/log/apt.status" "${missing[@]}" || rc=$?
    in_apt=''
    percent=''
    ((rc == 0)) || fail 3 "apt could not install ${missing[*]}." "as root: $line" "$dir/log/apt.log"
    detail="${#missing[@]} installed"
}
