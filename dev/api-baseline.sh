#!/usr/bin/env bash
# Checks that the build compares core's public API with the release before it: $1 is that release, as -Dsyncline.released in
# .mvn/maven.config says, and has to be the latest tag that HEAD comes after. Before the first tag there is nothing to compare
# with, which is said; a folder that is no checkout cannot know, which is said too.
set -euo pipefail
cd "$(dirname "$0")/.."

released=${1:-}
if ! git rev-parse --verify --quiet HEAD >/dev/null 2>&1; then
  echo "[syncline] no git checkout: the public API is compared with ${released:-nothing}"
  exit 0
fi
latest=$(git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2>/dev/null || true)
latest=${latest#v}
if [ "$released" != "$latest" ]; then
  echo "[syncline] the release before HEAD is ${latest:-none}, but the build compares the public API with ${released:-nothing}:" >&2
  echo "put the line -Dsyncline.released=$latest into .mvn/maven.config" >&2
  exit 1
fi
if [ -z "$latest" ]; then
  echo "[syncline] there is no release yet: the public API is compared with nothing"
else
  echo "[syncline] the public API is compared with release $latest"
fi
