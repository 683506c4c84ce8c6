#!/usr/bin/env bash
# Make .venv hold what requirements/<set>.lock says, and the project itself: install.sh run | dev | server
#
# Does nothing when it already does. dev.lock holds everything the others hold, in the same versions, so an
# environment made for `dev` serves `run` too and is never cut back to it.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=${1:?usage: requirements/install.sh run|dev|server}
venv=${VENV:-.venv}

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
stop() { printf '错误 Error: %s\n' "$*" >&2; exit 1; }

# A version manager's shim answers to a name without having the version, so each candidate is run.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    stop "需要 Python 3.11–3.13（可用 PYTHON=路径 指定）; needs Python 3.11 to 3.13 (or set PYTHON=path): apt-get install python3 python3-venv"
}

create() {
    local python version
    python=$(find_python)
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "Python $version 缺少 venv 模块; Python $version lacks its venv module: apt-get install python$version-venv"
    say "创建环境 Creating $venv with Python $version"
    "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
}

# uv reads neither pip.conf nor PIP_INDEX_URL; who set a mirror for pip means it for this as well.
follow_pip() {
    local index
    index=${PIP_INDEX_URL:-$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)}
    if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}" ]; then
        export UV_DEFAULT_INDEX=$index
    fi
}

fingerprint() { cat "requirements/$1.lock" requirements/bootstrap.lock pyproject.toml | "$venv/bin/python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }

# What was installed last, from which lock, and where: an environment does not survive being moved.
stamp=$venv/.installed
installed=none fingerprint_then=none place=$PWD
if [ -f "$stamp" ]; then { read -r installed fingerprint_then; read -r place || place=; } < "$stamp"; fi

if [ "$place" != "$PWD" ] || ! "$venv/bin/python" -c '' 2>/dev/null || [ ! -x "$venv/bin/uv" ]; then
    create
    installed=none
fi

if [ "$installed" = dev ]; then wanted=dev; fi
fingerprint_now=$(fingerprint "$wanted")
if [ "$installed $fingerprint_then" = "$wanted $fingerprint_now" ]; then exit 0; fi

say "安装依赖 Installing requirements/$wanted.lock"
rm -f "$stamp"
follow_pip
"$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" --require-hashes "requirements/$wanted.lock"
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
printf '%s %s\n%s\n' "$wanted" "$fingerprint_now" "$PWD" > "$stamp"
