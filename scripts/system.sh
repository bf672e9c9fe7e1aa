#!/usr/bin/env bash
# Installs what the tests need beside Python and npm, where it may; else says what is missing.
set -euo pipefail

declare -A PACKAGES=([nginx]=nginx-light [caddy]=caddy [openssl]=openssl [curl]=curl
  [systemd-analyze]=systemd [chromium]=chromium [dot]=graphviz [pdffonts]=poppler-utils
  [fc-list]=fontconfig [Rscript]=r-base-core)
FONT="Noto Sans CJK SC"

missing() {
  for program in "${!PACKAGES[@]}"; do
    command -v "$program" >/dev/null || echo "${PACKAGES[$program]}"
  done
  if command -v Rscript >/dev/null; then
    Rscript -e 'quit(status = !requireNamespace("igraph", quietly = TRUE))' || echo r-cran-igraph
  else
    echo r-cran-igraph
  fi
  # not grep -q, which leaves the pipe early: pipefail would take that for a failure
  fc-list : family 2>/dev/null | grep -F "$FONT" >/dev/null || echo fonts-noto-cjk
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
  echo "请安装 | install, for the tests:" $lacking >&2
fi
