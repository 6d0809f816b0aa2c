#!/usr/bin/env bash
# Runs one test file for prove, whatever it is: prove --exec t/tap.sh FILE...
#   .mjs  node:test; it writes TAP 13, whose YAML prove cannot read when a test fails: as comments it does no harm
#   .sql  pgTAP, in a migrated database of its own
#   else  a program that prints TAP (cmocka, fuzz targets)
# A file that takes longer than SWITCHHOOK_T_TIMEOUT seconds (600) is ended: that is a failure, and names itself.
# With SWITCHHOOK_T_LOG=DIR the output is also kept there, for ./t/all to count and to quote.
set -o pipefail
here=$(dirname "$(readlink -f "$0")")
cap() {
    timeout -k 10 "${SWITCHHOOK_T_TIMEOUT:-600}" "$@"
    local rc=$?
    [ $rc != 124 ] || printf 'not ok 9999 - took too long\n'
    return $rc
}
one() {
    case $1 in
    *.mjs)
        cap node --test-reporter=tap "$1" 2>&1 |
            sed -u -e '/^TAP version/d' -e '/^ *\(ok\|not ok\|1\.\.\|#\)/!s/^/# /'
        ;;
    *.sql) cap node "$here/lib/pgtap.mjs" "$1" 2>&1 ;;
    *)     cap "$1" 2>&1 ;;
    esac
}
[ -n "$SWITCHHOOK_T_LOG" ] || { one "$1"; exit; }
log=$SWITCHHOOK_T_LOG/$(printf %s "$1" | tr -c 'A-Za-z0-9._\n-' _).tap
one "$1" | tee "$log"
rc=$?
if [ $rc != 0 ] || grep -q '^ *not ok' "$log"; then printf '%s\t%s\n' "$1" "$log" >>"$SWITCHHOOK_T_LOG/failed"; fi
exit $rc
