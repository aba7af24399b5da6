#!/bin/sh
# Finds a browser for the tests; installs Chromium where that can be done without asking; else says so loudly.
for name in "$REUSE_MARKET_TEST_BROWSER" chromium chromium-browser google-chrome google-chrome-stable chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        echo "Browser: $(command -v "$name")"
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "No browser found: installing chromium…"
    export DEBIAN_FRONTEND=noninteractive
    if { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 &&
        command -v chromium >/dev/null 2>&1; then
        echo "Browser: $(command -v chromium)"
        exit 0
    fi
    why="apt-get could not install chromium"
else
    why="no Chromium or Chrome on this machine, and not root with apt-get to install one"
fi
echo "!!!! BROWSER TESTS WILL BE SKIPPED: $why."
echo "!!!! Install Chromium, or set REUSE_MARKET_TEST_BROWSER to a Chromium-like program."
