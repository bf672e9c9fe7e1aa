#!/usr/bin/env bash
# Installs what the tests need beside Python and npm, where it may; else says what is missing.
set -euo pipefail

declare -A PACKAGES=([nginx]=nginx-light [caddy]=caddy [openssl]=openssl [curl]=curl
  [systemd-analyze]=systemd)

missing() {
  for program in "${!PACKAGES[@]}"; do
    command -v "$program" >/dev/null || echo "${PACKAGES[$program]}"
  done
}

lacking=$(missing)
if [ -n "$lacking" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 -- several words
  { apt-get -q update && apt-get -qy install --no-install-recommends $lacking; } >/dev/null || true
  lacking=$(missing)
fi
if [ -n "$lacking" ]; then
  # shellcheck disable=SC2086 -- several words
  echo "请安装 | install, for the tests of deploy/:" $lacking >&2
fi
