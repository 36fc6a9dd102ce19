# syntax=docker/dockerfile:1

# Build: dependencies and our own code share one cached target folder; `--locked` builds what Cargo.lock says.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src ./src
COPY static ./static
COPY config ./config
COPY benches ./benches
COPY tests/it ./tests/it
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin scraplens && cp target/release/scraplens /scraplens

# Run: no compiler, no shell tricks, no root. The CA bundle is for fetch.roots = "system"; the default authorities are embedded.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /scraplens /usr/local/bin/scraplens
USER 65532:65532
ENV SCRAPLENS__SERVER__LISTEN=0.0.0.0:8080 SCRAPLENS__LOG__FORMAT=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["scraplens", "health"]
ENTRYPOINT ["scraplens"]
CMD ["serve"]
