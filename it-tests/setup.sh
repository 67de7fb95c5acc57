#!/usr/bin/env bash
# Installs, on Debian, the programs that the tests start. Does nothing where they are there. JDK 17 and Maven are not
# its business: whoever runs Maven has them.
set -euo pipefail

# One line for each: the program that is looked for, and the Debian package that has it. npm wants the certificates.
tools='
curl curl
update-ca-certificates ca-certificates
unzip unzip
node nodejs
npm npm
chromium chromium
firefox-esr firefox-esr
ip iproute2
nft nftables
'

# Debian keeps servers in sbin, which the path of an ordinary user does not name.
PATH="$PATH:/usr/sbin:/sbin"

packages=()
while read -r program package; do
  if [[ -n "$program" ]] && ! command -v "$program" >/dev/null; then
    packages+=("$package")
  fi
done <<<"$tools"

if ((${#packages[@]} == 0)); then
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo "it-tests/setup.sh: missing: ${packages[*]}. It can install them with apt-get only, which is not here;" \
    "install them by hand, or run mvn -B verify alone: it skips the tests that need them." >&2
  exit 1
fi

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "it-tests/setup.sh: missing: ${packages[*]}. Installing them takes root or sudo, and here is neither." >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "it-tests/setup.sh: installing ${packages[*]}"
apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=5 "$@"
}
# apt-get waits for the lock on packages, not for the one on their lists: another build's, or the system's own updates'.
for ((attempt = 1; attempt < 12; attempt++)); do
  apt_get update && break
  sleep 10
done
apt_get install -y --no-install-recommends "${packages[@]}"
