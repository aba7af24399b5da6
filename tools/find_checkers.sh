#!/bin/sh
# Puts the Nu HTML checker in .venv/checkers for the page audit, pinned by its hash; says so loudly where it cannot.
# It is a Java program shipped as an npm package: requirements/checkers/.
folder=.venv/checkers
wanted=requirements/checkers/package-lock.json

ready() { command -v java >/dev/null 2>&1 && cmp -s "$wanted" "$folder/package-lock.json" && [ -f "$folder/node_modules/vnu-jar/build/dist/vnu.jar" ]; }
say() {
    echo "!!!! PAGES WILL NOT BE CHECKED FOR VALID HTML: $1."
    echo "!!!! Install Java and npm, then run this again."
    exit 0
}

ready && { echo "HTML checker: $folder"; exit 0; }
if ! command -v java >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 ||
        say "Java or npm is missing, and not root with apt-get to install them"
    echo "No Java or npm found: installing them…"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends default-jre-headless npm; } >/dev/null 2>&1 ||
        say "apt-get could not install Java and npm"
fi
mkdir -p "$folder"
cp requirements/checkers/package.json requirements/checkers/package-lock.json "$folder/"
npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent >/dev/null 2>&1 || {
    rm -f "$folder/package-lock.json"
    say "npm could not fetch it"
}
ready && echo "HTML checker: $folder"
