#!/usr/bin/env bash
# Requests per second of a cached GET /api/v1/scrape against nginx serving the same bytes as a static file.
# Both under the same wrk, alternating, so that a machine that drifts drifts for both. Needs: nginx, wrk, curl.
# Usage: benches/serve.sh [ROUNDS] [SECONDS]      (default 5 rounds of 5 seconds each)
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-5} seconds=${2:-5}
for tool in nginx wrk curl; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed: apt-get install nginx-light wrk curl" >&2; exit 2; }
done
cargo build --release --quiet --locked

work=$(mktemp -d)
pids=()
cleanup() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# The page that is scraped: an ordinary one with a full set of tags.
mkdir "$work/site" "$work/static"
cp tests/fixtures/bench/page.html "$work/site/page.html"
site_port=$(free_port) static_port=$(free_port)
cat >"$work/nginx.conf" <<CONF
$([ "$(id -u)" = 0 ] && echo 'user root;')
worker_processes auto; daemon off; pid $work/pid; error_log $work/error.log;
events { worker_connections 1024; }
http {
  types { text/html html; application/json json; } access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 1000000;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  server { listen 127.0.0.1:$site_port; root $work/site; }
  server { listen 127.0.0.1:$static_port; root $work/static; }
}
CONF
nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log" & pids+=($!)

target/release/scraplens serve --listen 127.0.0.1:0 --allow-net 127.0.0.0/8 >"$work/out" 2>"$work/err" & pids+=($!)
for _ in $(seq 100); do grep -q http "$work/out" 2>/dev/null && break; sleep 0.1; done
ours=$(grep -o 'http://[^ ]*' "$work/out")
query="$ours/api/v1/scrape?url=http%3A%2F%2F127.0.0.1%3A$site_port%2Fpage.html"
curl -fsS "$query" >/dev/null                       # the miss
curl -fsS "$query" >"$work/static/report.json"      # the hit: these bytes are what both serve
grep -q '"state":"hit"' "$work/static/report.json" || { echo "the report was not kept" >&2; exit 1; }
theirs="http://127.0.0.1:$static_port/report.json"

rate() { wrk -t2 -c64 -d"${seconds}s" "$1" | awk '/Requests\/sec/ {print $2} /Non-2xx/ {print "errors:", $0 > "/dev/stderr"}'; }
rate "$theirs" >/dev/null; rate "$query" >/dev/null # warm-up
echo "report: $(stat -c %s "$work/static/report.json") bytes; wrk -t2 -c64, $rounds rounds of ${seconds}s each, alternating"
printf '%-6s %14s %14s %8s\n' round scraplens nginx ratio
for round in $(seq "$rounds"); do
  a=$(rate "$query"); b=$(rate "$theirs")
  printf '%-6s %14.0f %14.0f %8.2f\n' "$round" "$a" "$b" "$(awk "BEGIN{print $a/$b}")" | tee -a "$work/rates"
done
sort -k4 -n "$work/rates" | awk '{ratio[NR] = $4} END {printf "median ratio %.2f\n", ratio[int((NR + 1) / 2)]}'
