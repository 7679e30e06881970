# stage <name> <command…>: runs it within its time, says how it went. finish: the summary, and the exit code.
SKIPPED=77
STAGE_LIMIT_SECONDS=${STAGE_LIMIT_SECONDS:-720}
summary=()
failures=0

stage() {
  local name=$1 began=$SECONDS code=0 result
  shift
  printf '\n== %s\n' "$name"
  within_limit "$@" || code=$?
  case $code in
    0) result=ok ;;
    "$SKIPPED") result=skipped ;;
    124 | 137) result="FAILED: not done within $STAGE_LIMIT_SECONDS s" ;;
    *) result="FAILED with $code" ;;
  esac
  [[ $result != FAILED* ]] || failures=$((failures + 1))
  summary+=("$(printf '%5d s  %-36s %s' $((SECONDS - began)) "$name" "$result")")
  printf -- '-- %s: %s, %d s\n' "$name" "$result" $((SECONDS - began))
}

within_limit() {
  # Not every machine has it (macOS); a limit is no reason not to run.
  if command -v timeout >/dev/null; then timeout --kill-after=20 "$STAGE_LIMIT_SECONDS" "$@"; else "$@"; fi
}

finish() {
  printf '\n== summary\n'
  printf '%s\n' "${summary[@]}"
  printf '%5d s  in all: ' "$SECONDS"
  if [ "$failures" = 0 ]; then echo 'everything passed'; else echo "$failures FAILED"; fi
  exit $((failures > 0))
}
