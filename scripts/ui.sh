#!/bin/sh
# Builds what runs in the browser into web/ui/dist, from the exact versions of
# the lock file. Fast when nothing changed: the digest of all that goes in is
# kept beside what came out.
set -eu
cd "$(dirname "$0")/../web/ui"

sum() { cat "$@" | sha256sum | cut -d' ' -f1; }

lock=$(sum package.json package-lock.json)
if [ "$(cat node_modules/.onewindow 2>/dev/null)" != "$lock" ]; then
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
	echo "$lock" >node_modules/.onewindow
fi

all=$(sum package-lock.json tsconfig.json build.mjs $(find src -name '*.ts' | sort))
[ "$(cat dist/.built 2>/dev/null)" = "$all" ] && exit 0
node_modules/.bin/tsc --noEmit -p .
node build.mjs
echo "$all" >dist/.built
