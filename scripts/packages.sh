#!/bin/sh
# Installs the Debian packages that are missing. Usage: packages.sh [sudo] -- NAME...
# Fast when nothing is missing: it asks dpkg, not the network.
set -eu
become=""
if [ "$1" != "--" ]; then become="$1"; shift; fi
shift
missing=""
for name in "$@"; do
	dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $name"
done
[ -z "$missing" ] && exit 0
echo "installing:$missing"
$become apt-get update -qq
DEBIAN_FRONTEND=noninteractive $become apt-get install -y -qq $missing >/dev/null
