# À deux pas in one small image: no shell, no package manager, not root.
#   docker build --build-arg VERSION=1.0.0 -t adeuxpas .
#   docker run -p 8080:8080 -v adeuxpas:/var/lib/adeuxpas adeuxpas
# compose.yaml runs it with MongoDB and HTTPS.

FROM node:22.21.1-bookworm-slim AS navigateur
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM golang:1.26.8-bookworm AS binaire
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd ./cmd
COPY data ./data
COPY internal ./internal
COPY frontend ./frontend
COPY --from=navigateur /src/frontend/dist ./frontend/dist
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /adeuxpas ./cmd/adeuxpas \
	&& mkdir -p /vide

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=binaire /adeuxpas /adeuxpas
# The base outlives the container; the folder belongs to the image's user.
COPY --from=binaire --chown=65532:65532 /vide /var/lib/adeuxpas
ENV ADEUXPAS_ADRESSE=0.0.0.0:8080 \
	ADEUXPAS_BASE=/var/lib/adeuxpas/adeuxpas.db
VOLUME /var/lib/adeuxpas
EXPOSE 8080
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["/adeuxpas", "sante"]
ENTRYPOINT ["/adeuxpas"]
CMD ["servir"]
