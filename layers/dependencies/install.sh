#!/bin/sh
# install.sh TARGET [PROJECT]: install the locked packages into TARGET, as pure Python.
#
# Only wheels that run on every processor and every Python are taken, so one layer fits every deployment, and
# the machine that builds it does not matter. uv of `make setup` comes first, then any uv, then any Python with
# pip; neither Docker nor the Lambda runtime's Python is needed.
set -eu
target=$1
lock=requirements.txt

# The project is above the build folder, or it is where `sam` was started.
setup_uv() {
  for folder in "$target" "${2:-.}"; do
    while [ -n "$folder" ] && [ "$folder" != / ] && [ "$folder" != . ]; do
      if [ -x "$folder/.venv-uv/bin/uv" ]; then
        echo "$folder/.venv-uv/bin"
        return
      fi
      folder=$(dirname "$folder")
    done
  done
}

with_uv() {
  "$@" pip install --quiet --no-progress --require-hashes --no-deps --only-binary :all: --link-mode copy \
    --no-config --python-version 3.14 --requirement "$lock" --target "$target"
}

with_pip() {
  "$1" -m pip install --quiet --no-input --disable-pip-version-check --no-compile --require-hashes --no-deps \
    --only-binary=:all: --platform any --implementation py --abi none --python-version 3.14 \
    --requirement "$lock" --target "$target"
}

install_packages() {
  setup=$(setup_uv "$@")
  if [ -n "$setup" ]; then
    UV_PYTHON="$setup/python" with_uv "$setup/uv"
    return
  fi
  if command -v uv >/dev/null; then
    with_uv uv
    return
  fi
  for python in "${PYTHON:-python3}" python3 python /usr/bin/python3; do
    if command -v "$python" >/dev/null && "$python" -m pip --version >/dev/null 2>&1; then
      with_pip "$python"
      return
    fi
  done
  echo "the dependency layer needs uv, or a Python with pip: run \`make setup\`, or install uv" >&2
  return 1
}

install_packages "$@"

# What an installer leaves for itself, and commands nobody runs in a Lambda.
rm -rf "$target/bin" "$target/.lock"
find "$target" -name __pycache__ -prune -exec rm -rf {} +
find "$target" \( -name RECORD -o -name INSTALLER -o -name REQUESTED -o -name direct_url.json \) -path '*.dist-info/*' -exec rm -f {} +

compiled=$(find "$target" -type f \( -name '*.so' -o -name '*.so.*' -o -name '*.pyd' -o -name '*.dylib' \))
if [ -n "$compiled" ]; then
  echo "the dependency layer must be pure Python, and these files are for one processor only:" >&2
  echo "$compiled" >&2
  exit 1
fi
