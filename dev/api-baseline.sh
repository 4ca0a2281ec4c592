#!/usr/bin/env bash
# Makes the core of the release before HEAD, as FOLDER/core.jar, for japicmp to compare the public API with: dev/api-baseline.sh FOLDER [MVN]
# That release is the latest tag v... that HEAD comes after, built from its own commit: it need not be published, and nobody has to write down
# which it is. Copies of the repository may lack its tags: there it is the latest commit "Version ..." (CONTRIBUTING.md). Before the first release there
# is nothing to compare with, which is said; what is no checkout cannot know, which is said too. A history that lacks a release which the
# changelog has is an error: a check that compares with nothing would pass for ever.
set -euo pipefail
mkdir -p "$1"
folder=$(cd "$1" && pwd)
mvn=${2:-mvn}
cd "$(dirname "$0")/.."

# japicmp wants a file: an empty archive
without() {
  printf 'PK\005\006%018d' 0 | tr 0 '\000' >"$folder/core.jar"
  rm -f "$folder/commit"
  echo "[syncline] $1: the public API is compared with nothing"
  exit 0
}
# a folder inside another project's checkout is none of ours
[ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$PWD" ] || without "no git checkout"
released=$(sed -n 's/^## \([0-9][0-9.]*\) (.*/\1/p' CHANGELOG.md 2>/dev/null || true)
if tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2>/dev/null); then
  commit=$(git rev-parse "$tag^{commit}")
else
  commit=$(git log -1 --format=%H --extended-regexp --grep='^Version [0-9.]+$' HEAD^ 2>/dev/null || true)
  if [ -z "$commit" ]; then
    [ -z "$released" ] && without "there is no release yet"
    echo "[syncline] CHANGELOG.md has the release $(head -n 1 <<<"$released"), and this history neither a tag v... nor a commit \"Version ...\" of one" \
      "to compare the public API with: fetch the whole history (git fetch --unshallow --tags)" >&2
    exit 1
  fi
  tag=v$(git log -1 --format=%s "$commit" | cut -d' ' -f2)
fi
echo "[syncline] the public API is compared with that of $tag"
if [ -e "$folder/core.jar" ] && [ "$(cat "$folder/commit" 2>/dev/null)" = "$commit" ]; then
  exit 0
fi
rm -rf "$folder/tree"
mkdir "$folder/tree"
git archive "$commit" | tar -x -C "$folder/tree"
# its own build, for it knows its own dependencies; what is generated is in the tag
(cd "$folder/tree" && "$mvn" -B -q --no-transfer-progress -Dmaven.test.skip -Dexec.skip -pl core -am package)
cp "$folder/tree/core/target/syncline-core-${tag#v}.jar" "$folder/core.jar"
echo "$commit" >"$folder/commit"
rm -rf "$folder/tree"
