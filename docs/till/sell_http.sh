#!/bin/sh
# Sells through the local API of a resident display with curl alone, and prints the outcome.
#
#     export PATRON_DISPLAY_URL=http://127.0.0.1:8790 PATRON_DISPLAY_TOKEN=pdt_...
#     sell_http.sh sell 12.50 A1-2047 [20.00]       a sale of 12.50, of a basket of 20.00
#     sell_http.sh refund CP-C7F-ZS5 R1 [5.00]      gives 5.00 back; without an amount, all that was paid
#
# It looks at the sale each second instead of following the events. Ends with the exit codes of `patron-display`.
set -u
url=${PATRON_DISPLAY_URL:-http://127.0.0.1:8790}
answer=$(mktemp) headers=$(mktemp) || exit 71
trap 'rm -f "$answer" "$headers"' EXIT
# In a file, so that the token is not in the list of processes.
printf 'Authorization: Bearer %s\nContent-Type: application/json\n' "$PATRON_DISPLAY_TOKEN" >"$headers"

# Puts the answer into a file, and its status into $status: 000 if none came. $refused: nothing was sent.
call() { # METHOD PATH [BODY]
    status=$(curl -s --noproxy '*' --max-time "${patience:-30}" -H "@$headers" -o "$answer" -w '%{http_code}' \
        -X "$1" ${3:+--data "$3"} "$url$2")
    case $? in
    0) refused=no ;;
    7) status=000 refused=yes ;;
    *) status=000 refused=no ;;
    esac
}
# The value of a key of the answer. Quotes in texts are escaped, so no text looks like a key.
text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$answer"; }
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$answer"; }
say() { echo "$*" >&2; }
give_up() { say "$*; not known: do not charge again; start this again with the same reference"; exit 30; }
refuse() { say "$(text reason): $(text detail)"; code=$(number exitCode); exit "${code:-75}"; }
ask() { printf '%s [y/n] ' "$1" >&2; read -r yes && [ "$yes" = y ]; }
# Repeats a call until it is answered. Fails with a problem only if nothing was carried out.
repeat() { # METHOD PATH BODY
    lost=no
    for pause in 1 2 5 5 0; do
        call "$@"
        case $status in
        2??) return ;;
        000) [ $refused = yes ] || lost=yes ;;
        408 | 429 | 5??) ;;
        *) [ $lost = yes ] || refuse ;;
        esac
        sleep $pause
    done
    [ $lost = no ] || give_up "the display does not answer"
    case $status in
    000) say "nothing answers at $url"; exit 75 ;;
    *) refuse ;;
    esac
}

case "$*" in *[!A-Za-z0-9._\ -]*) say "write references of letters, digits, dots and dashes"; exit 64 ;; esac
action=$1
if [ "$action" = refund ]; then
    patience=180
    repeat POST /v1/refunds "{\"payment\":\"$2\",\"ref\":\"$3\"${4:+,\"amount\":\"$4\"}}"
    cat "$answer" && echo
    exit "$(number exitCode)"
fi

terms="{\"ref\":\"$3\",\"amount\":\"$2\"${4:+,\"basket\":\"$4\"}}" sale=/v1/sales/$3
# A real till writes the terms to its disk before this line, and forgets them after the outcome.
# After a lost answer, another sale may have the display. Then this one is over, and the loop below finds it.
( repeat POST /v1/sales "$terms" )
begun=$?
case $begun in 0 | 30) ;; *) exit $begun ;; esac

command() { call POST "$sale/commands" "{\"command\":\"$1\"}"; }
# Sends a command if the sale is still in this state. A person at the display may have been faster.
command_if() { # COMMAND KEY VALUE
    call GET "$sale"
    [ "$status" = 200 ] && [ "$(text "$2")" = "$3" ] && command "$1"
}
missed=0 told=''
while :; do
    call GET "$sale"
    state=$(text state)
    if [ "$status" = 404 ] || [ "$state" = unsettled ]; then
        # The display ended during the sale: the same terms again go on with it.
        call POST /v1/sales "$terms"
    fi
    case $status in
    2??) missed=0 ;;
    *) missed=$((missed + 1)); [ $missed -lt 60 ] || give_up "the display does not answer" ;;
    esac
    case $status:$state in
    200:over) break ;;
    200:ended)
        ended=$(text ended) attempt=$(number attempt)
        case $ended in
        unknown) [ "$told" = unknown ] || say "not known yet: do not charge again; look at the display"; told=unknown ;;
        part-paid) command_if close state ended ;;
        expired | cancelled | rejected | unreachable)
            say "not paid: $ended"
            if ask "Try again?"; then answer_is=retry; else answer_is=close; fi
            call GET "$sale"
            [ "$(number attempt)" = "$attempt" ] && command_if $answer_is state ended
            ;;
        esac
        ;;
    200:under-way)
        message=$(text message)
        case $(sed -n 's/.*"waiting":{"reason":"\([a-z-]*\)".*/\1/p' "$answer") in
        condition)
            say "asked: $message"
            if ask "Accept?"; then answer_is=accept; else answer_is=decline; fi
            command_if $answer_is message "$message"
            ;;
        esac
        ;;
    esac
    sleep 1
done
code=$(number exitCode)
if [ "$code" = 0 ] && [ -z "$(number lastEventId)" ]; then
    # Paid while the display was away. Now its screen shows the tick, and need not show it before the next sale.
    call POST /v1/sales "$terms"
    call GET "$sale"
fi
cat "$answer" && echo
case $code in
10)
    # The rest was paid another way, or the part goes back.
    if ask "A part was paid. Is the rest paid another way?"; then part=confirm; else part=refund; fi
    patience=180 id=$(text id)
    (repeat POST /v1/settle "{\"part\":\"$part\",\"name\":\"$id\"}") || say "the part payment still needs a decision"
    ;;
30) say "not known: do not charge again" ;;
esac
exit "$code"
