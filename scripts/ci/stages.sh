# stage <name> <command…>: runs it within its time, says how it went.
# begin_beside <name> <command…>: the same beside the stages that follow, one at a time; join_beside waits for it, and says it.
# finish: the ends of what failed once more, where nobody has to look for them; the summary; the exit code.
SKIPPED=77
STAGE_LIMIT_SECONDS=${STAGE_LIMIT_SECONDS:-720}
LINES_OF_A_FAILURE=80
summary=()
failed_logs=()
beside_pid=
logs=$(mktemp -d)
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What runs beside would not hear of it when somebody loses patience: shells shield it from Ctrl-C.
clean_up() {
  [ -z "$beside_pid" ] || kill "$beside_pid" 2>/dev/null
  rm -rf "$logs"
}

stage() {
  local name=$1 began=$SECONDS code=0 log="$logs/${#summary[@]}.log"
  shift
  printf '\n== %s\n' "$name"
  # No pipe: what a stage left running, and still writes, must not hold up the next.
  (within_limit "$@") > >(tee "$log") 2>&1 || code=$?
  record "$name" "$began" "$code" "$log"
}

begin_beside() {
  beside_name=$1 beside_began=$SECONDS beside_log="$logs/beside.log"
  shift
  within_limit "$@" >"$beside_log" 2>&1 &
  beside_pid=$!
}

join_beside() {
  local code=0
  wait "$beside_pid" || code=$?
  beside_pid=
  printf '\n== %s (beside those above)\n' "$beside_name"
  cat "$beside_log"
  record "$beside_name" "$beside_began" "$code" "$beside_log"
}

record() {
  local name=$1 began=$2 code=$3 log=$4 result
  case $code in
    0) result=ok ;;
    "$SKIPPED") result=skipped ;;
    124 | 137) result="FAILED: not done within $STAGE_LIMIT_SECONDS s" ;;
    *) result="FAILED with $code" ;;
  esac
  [[ $result != FAILED* ]] || failed_logs+=("$name:$log")
  summary+=("$(printf '%5d s  %-36s %s' $((SECONDS - began)) "$name" "$result")")
  printf -- '-- %s: %s, %d s\n' "$name" "$result" $((SECONDS - began))
}

# In place of the shell that asks, which has to be one of its own: told to end, it leaves nothing behind.
within_limit() {
  # Not every machine has it (macOS); a limit is no reason not to run.
  if command -v timeout >/dev/null; then exec timeout --kill-after=20 "$STAGE_LIMIT_SECONDS" "$@"; else exec "$@"; fi
}

finish() {
  local failures=${#failed_logs[@]} entry
  # An array without elements is unbound in older shells.
  for entry in ${failed_logs[@]+"${failed_logs[@]}"}; do
    printf '\n== %s: its last lines\n' "${entry%:*}"
    tail -n "$LINES_OF_A_FAILURE" "${entry##*:}"
  done
  printf '\n== summary\n'
  printf '%s\n' "${summary[@]}"
  printf '%5d s  in all: ' "$SECONDS"
  if [ "$failures" = 0 ]; then echo 'everything passed'; else echo "$failures FAILED"; fi
  exit $((failures > 0))
}
