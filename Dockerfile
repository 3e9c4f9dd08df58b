# Two stages: build one static file, then ship that file and nothing else.
FROM golang:1.26-bookworm AS build
WORKDIR /src
# SQLite takes most of the build; this layer is kept until go.mod changes.
COPY go.mod go.sum ./
RUN go mod download && \
    CGO_ENABLED=1 go build -trimpath -tags netgo,osusergo,sqlite_omit_load_extension github.com/mattn/go-sqlite3
COPY . .
# What “shareright version” says: docker build --build-arg VERSION=1.2.3
ARG VERSION=
RUN CGO_ENABLED=1 go build -trimpath -buildvcs=false -tags netgo,osusergo,sqlite_omit_load_extension \
      -ldflags "-s -w -linkmode external -extldflags -static -X shareright/internal/commands.version=$VERSION" -o /out/shareright . && \
    mkdir -m 0700 /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/shareright /shareright
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
# The root may be read-only: everything that is written goes to /data, SQLite's temporary files too.
ENV SHARERIGHT_DATA=/data SHARERIGHT_HTTP_ADDR=0.0.0.0:8080 SQLITE_TMPDIR=/data GOMEMLIMIT=200MiB
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/shareright", "healthcheck"]
ENTRYPOINT ["/shareright"]
CMD ["serve"]
