#!/usr/bin/env bash
# Runs the tests that depend on deadlines again and again on a busy machine, and says which of them failed how often.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rounds=20
busy=$((6 * $(nproc)))
tests=PingsOnTomcatIT,HeartbeatRacesOnTomcatIT,UpgradedConnectionsIT,PingedSessionsIT,PingedManySessionsIT
tests+=,HeartbeatLimitsOnJettyIT
round_seconds=3600

usage() {
  cat <<USAGE
Usage: it-tests/repeat.sh [-n ROUNDS] [-b BUSY] [TESTS]

  -n ROUNDS  how often, 1 to 999; each round is a new JVM (default: 20)
  -b BUSY    how many processes keep the machine busy meanwhile, 0 to 99 (default: 6 a core)
  TESTS      as -Dit.test of Maven has them, from it-tests/{tomcat-10.1,jetty-12.0,undertow}
             (default: those that depend on deadlines)

A round ends after $((round_seconds / 60)) minutes at the latest, and counts as failed then. Exit code: 0 if every round
passed, 1 if one failed, 2 if no test ran.
USAGE
}

while getopts n:b:h option; do
  case $option in
    n) rounds=$OPTARG ;;
    b) busy=$OPTARG ;;
    h) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
done
shift $((OPTIND - 1))
if [[ ! $rounds =~ ^[1-9][0-9]{0,2}$ || ! $busy =~ ^[0-9]{1,2}$ ]] || (($# > 1)); then
  usage >&2
  exit 2
fi
tests=${1:-$tests}

pids=()
end_all() {
  if ((${#pids[@]} > 0)); then
    kill "${pids[@]}" 2>/dev/null || true
    wait "${pids[@]}" 2>/dev/null || true
  fi
  pids=()
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Ends by itself, too, should this script be killed.
spin() {
  SECONDS=0
  while ((SECONDS < round_seconds)); do :; done
}

round() {
  local i status=0
  for ((i = 0; i < busy; i++)); do
    spin &
    pids+=($!)
  done
  timeout -k 10 "$round_seconds" mvn -B -fae verify -pl it-tests/tomcat-10.1,it-tests/jetty-12.0,it-tests/undertow -am \
    -Djacoco.skip -Dspotless.check.skip -Dtest=NONE -Dit.test="$tests" \
    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false >"$1" 2>&1 </dev/null &
  pids+=($!)
  wait $! || status=$?
  end_all
  return "$status"
}

logs=it-tests/target/repeat
rm -rf "$logs"
mkdir -p "$logs"
passed=0
for ((n = 1; n <= rounds; n++)); do
  log=$logs/$n.log
  began=$SECONDS
  result=failed
  if round "$log"; then
    result=passed
  fi
  if ! grep -qE 'Tests run: [1-9]' "$log"; then
    tail -n 20 "$log" >&2
    echo "it-tests/repeat.sh: no test ran, see $log" >&2
    exit 2
  fi
  if [[ $result == passed ]]; then
    ((++passed))
    rm "$log"
  fi
  echo "Round $n of $rounds: $result after $((SECONDS - began)) s"
done

echo "$passed of $rounds rounds passed, beside $busy busy processes: $tests"
if ((passed < rounds)); then
  echo "Failed, and how often; the logs of these rounds are in $logs:"
  # Failsafe's summary; each round names each line once. A JVM that ended too early names no test.
  for log in "$logs"/*.log; do
    grep -hE '^\[ERROR\] {3}[A-Z][A-Za-z0-9]*IT|The forked VM terminated' "$log" | cut -c 1-200 | sort -u ||
      echo "[ERROR]   no test by name: $log"
  done | sed -E 's/^\[ERROR\] +//' | sort | uniq -c | sort -rn
  exit 1
fi
