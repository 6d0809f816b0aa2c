# The last step of ./nginx/up: an inbound, an outbound and a missed call in the simulator, told line by line as they
# become facts in the database, and the keys that play them again.
demo_customer=+442079460321

sim_put() { curl -sf -m 5 -o /dev/null -X PUT -H 'Content-Type: application/json' -d "$2" "$sim_url/sim/phones/$1"; }

demo_phones() { # how the agent's phone behaves: yes or no
    sim_put "$demo_forward" "{\"answer\":\"$1\",\"after_s\":4,\"who\":\"agent\"}" &&
        sim_put "$demo_customer" "{\"answer\":\"yes\",\"after_s\":4,\"who\":\"customer\"}"
}

# Both print the call's sid.
demo_dial_in() {
    jq -n --arg f "$demo_customer" --arg t "$demo_number" '{from: $f, to: $t}' |
        curl -sf -m 10 -H 'Content-Type: application/json' -d @- "$sim_url/sim/calls" | jq -r .sid
}

demo_dial_out() {
    jq -n --arg t "$demo_customer" '{to: $t}' |
        curl -s -m 30 -H "Authorization: Bearer $api_key" -H 'Content-Type: application/json' -d @- \
            "$base_url/api/calls/initiate" |
        tee "$dir/log/initiate.json" | jq -r '.callSid // empty'
}

# What is true of a call by now, one fact a line: its name, then words. Facts appear in this order and never go away.
demo_facts() {
    psql_run -v sid="$1" -v dot="$dot" <<'END'
with c as (select * from calls where twilio_call_sid = :'sid'),
     r as (select r.* from recordings r join c on r.call_id = c.id order by r.created_at limit 1),
     t as (select t.* from transcripts t join r on t.recording_id = r.id order by t.version desc limit 1),
     a as (select a.* from analyses a join t on a.transcript_id = t.id order by a.version desc limit 1),
     l as (select count(*) as n, max(endpoint) filter (where role = 'agent') as who
             from call_legs where call_id = (select id from c))
select 'ringing ' || from_number || ' calls ' || to_number from c
union all select 'answered by ' || coalesce(l.who, 'the agent') || ', ' || l.n || ' legs' from c, l
           where answered_at is not null
union all select status || ' ' || coalesce(duration_seconds, 0) || ' s'
                 || coalesce(', ' || talk_seconds || ' s of talk', '') from c
           where status in ('completed', 'busy', 'failed', 'no-answer', 'canceled')
union all select 'recording ' || sid || ', ' || duration_seconds || ' s, ' || channels || ' channels, '
                 || bytes / 1024 || ' KiB, sha256 ' || left(encode(sha256, 'hex'), 8) from r where status = 'stored'
union all select 'transcript ' || cardinality(regexp_split_to_array(trim(text), '\s+')) || ' words, '
    || (select count(distinct s ->> 'speaker') from jsonb_array_elements(segments) s) || ' speakers' from t
union all select 'analysis sentiment ' || sentiment || ' (' || sentiment_score || '), '
                 || jsonb_array_length(action_items) || ' action items' from a
END
}

# Follows a call until its last fact. demo_follow SID LAST, where LAST, a pattern, is the name of the fact that ends it.
demo_follow() {
    local at line name end over=''
    local -A said=()
    at=$(now) end=$((at + 90000000))
    while [[ ! $over ]]; do
        while read -r name line; do
            [[ ! ${said[$name]:-} ]] || continue
            said[$name]=yes
            say_close
            printf '    %5s s  %-12s %s\n' "$(since "$at")" "$name" "$line"
            beat_at=$(now)
            [[ ! $name =~ ^($2)$ ]] || over=yes
        done < <(demo_facts "$1")
        (($(now) < end)) || return 1
        detail="call $demo_n"
        if [[ ${demo_key_pressed:-} ]]; then check_signal; else tick_draw; fi
        [[ $over ]] || read -rt 0.2 -u "$never"
    done
}

demo_title() { note " Call $demo_n  $1"; }

demo_one() { # inbound, outbound or missed
    local sid='' last='analysis'
    demo_n=$((${demo_n:-0} + 1))
    demo_phones yes
    case $1 in
    inbound)
        demo_title "inbound   $demo_customer $arrow $demo_number"
        sid=$(demo_dial_in)
        ;;
    outbound)
        demo_title "outbound  $demo_number $arrow $demo_customer"
        sid=$(demo_dial_out)
        ;;
    missed)
        demo_title "missed    $demo_customer $arrow $demo_number, nobody picks up"
        demo_phones no
        last='no-answer|busy|failed|canceled|completed'
        sid=$(demo_dial_in)
        ;;
    esac
    [[ $sid ]] && demo_follow "$sid" "$last"
}

demo_failed() {
    local log=$dir/log/hooks.log
    case $1 in
    outbound) log=$dir/log/api.log ;;
    inbound) [[ $(psql_run -c 'select count(*) from jobs') == 0 ]] || log=$dir/log/sweep.log ;;
    esac
    [[ $1 != outbound ]] || cat "$dir/log/initiate.json" >&2
    fail 1 "The $1 call did not go through in 90 s." "curl $sim_url/sim/alerts" "$log"
}

demo_calls() {
    local kind
    for kind in inbound outbound missed; do
        demo_one "$kind" || demo_failed "$kind"
    done
    demo_phones yes
    say_close
    printf '\n'
    demo_table
    detail='3 calls, all stored'
}

demo_table() { # the last three calls as they are stored
    psql_run -P format=aligned -P tuples_only=off -P border=0 -P footer=off <<'END' | sed 's/^/ /; s/ *$//'
select c.direction, c.from_number as "from", c.to_number as "to", c.status, c.duration_seconds as seconds,
       to_char(c.answered_at, 'HH24:MI:SS') as answered, to_char(c.ended_at, 'HH24:MI:SS') as ended,
       (select count(*) from call_legs l where l.call_id = c.id) as legs,
       (select string_agg(r.status, ' ') from recordings r where r.call_id = c.id) as recording,
       (select string_agg(a.sentiment, ' ') from recordings r join transcripts t on t.recording_id = r.id
          join analyses a on a.transcript_id = t.id where r.call_id = c.id) as sentiment
  from (select * from calls order by created_at desc limit 3) c order by c.created_at
END
}

demo_key() { # i, o or m
    local demo_key_pressed=yes kind=inbound
    case $1 in
    o) kind=outbound ;;
    m) kind=missed ;;
    esac
    demo_one $kind && return
    check_signal
    note 'That call did not go through.'
}
