# À deux pas. The two commands to know: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOLANGCI := .cache/bin/golangci-lint-v2.15.0
GOVULNCHECK := .cache/bin/govulncheck-v1.9.0
FUZZTIME ?= 10s
JOURNAUX := .cache/journaux
# Rooms without a goroutine or a lock: the race detector has nothing to see there, and costs minutes.
PURES := ./internal/couverture ./internal/horaires ./internal/norme ./internal/rapproche ./internal/textes
# Rooms most of whose tests ask one thing after the other: the detector makes those ten times longer, for nothing.
MIXTES := ./internal/catalogue ./internal/collecte ./internal/web
SANS_COURSE := /internal/(catalogue|collecte|couverture|horaires|norme|rapproche|textes|web)$$
# Their tests that run things together, which run under the detector all the same (TestEssaisEnsemble).
ENSEMBLE := ^(Test(RemplirEnsemble|DepotCoupe|QuestionsPremiere|Imports|ImportsADeux|ImportsRefus|EditerEnsemble|LecteursPendantPublication|FranceServicesEnBase|ActualiserNAttendPas|Watch|ProposerEnBase|AgendaEnsemble|CadresDesRefus|Contrat|Visiteur|DebitEnMemeTemps|PUTHorairesCourse|SignalementReponduADeux))$$
# What the browser's side is built from.
FRONT := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -path frontend/tests -prune -o -type f -print)
export GOFLAGS ?= -buildvcs=false

.PHONY: help run demo build binaire test check lint mongo tests-go tests-navigateur captures bench echelle mongo-proches fuzz crash interop clean

help: ## Cette aide
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

run: build ## Construit et démarre le service sur http://localhost:8080/
	@exec bin/adeuxpas servir

demo: build ## Démonstration : deux comptes prêts, leurs courriels à l’écran
	@rm -rf var/demo
	@exec bin/adeuxpas servir --demo --base var/demo/adeuxpas.db

build: frontend/dist/manifest.json binaire ## Construit bin/adeuxpas

binaire: .cache/go
	@mkdir -p bin
	go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/adeuxpas ./cmd/adeuxpas

.cache/go: go.mod .ci/besoins
	@.ci/besoins go
	@mkdir -p $(@D) && touch $@

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json
	@.ci/besoins node
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/manifest.json: frontend/node_modules/.package-lock.json $(FRONT)
	cd frontend && npm run --silent build
	@touch $@

test: ## Tout : vérifications, tests Go, tests du navigateur
	@rm -rf $(JOURNAUX) && mkdir -p $(JOURNAUX)
	@$(MAKE) --no-print-directory build
	@$(MAKE) --no-print-directory check
	@code=0; for t in tests-go tests-navigateur; do $(MAKE) --no-print-directory $$t || code=1; done; \
	.ci/bilan $(JOURNAUX)/*.log || code=1; exit $$code

check: .cache/go frontend/node_modules/.package-lock.json lint ## La partie statique de « make test »
	go mod tidy -diff
	.ci/sans-changement
	go vet ./...
	@mkdir -p $(JOURNAUX)
	cd frontend && npm run --silent check 2>&1 | tee ../$(JOURNAUX)/front.log
	@$(MAKE) --no-print-directory $(GOVULNCHECK) 2>/dev/null || true
	@if test -x $(GOVULNCHECK); then .ci/vulnerabilites $(GOVULNCHECK); else echo "govulncheck : non lancé, il ne peut pas être installé / not run, it cannot be installed"; fi

lint: $(GOLANGCI)
	$(GOLANGCI) run ./...

mongo: .cache/go ## Prépare le serveur MongoDB des tests (Debian, root), ou dit celui qui servira
	@.ci/mongo

tests-go: .cache/go mongo
	@mkdir -p $(JOURNAUX)
	@.ci/besoins gdal || true
	@.ci/besoins php || true
	code=0; { go test -v -skip '$(ENSEMBLE)' $(PURES) $(MIXTES) || code=1; \
	go test -v $$(.ci/besoins gcc && echo -race) -run '$(ENSEMBLE)' $(MIXTES) || code=1; \
	go test -v $$(.ci/besoins gcc && echo -race) ./cmd/adeuxpas $$(go list ./... | grep -vE '$(SANS_COURSE)|/cmd/adeuxpas$$') || code=1; exit $$code; } 2>&1 | \
		tee $(JOURNAUX)/go.log | grep -vE '^(=== |\s+--- PASS)'

tests-navigateur: build
	@mkdir -p $(JOURNAUX)
	@.ci/besoins chromium
	cd frontend && npm test --silent 2>&1 | tee ../$(JOURNAUX)/navigateur.log

captures: build ## Renouvelle les captures d’écran du README et des guides
	@.ci/besoins chromium
	cd frontend && npm run --silent captures

bench: .cache/go ## Mesures
	go test -run '^$$' -bench . -benchmem -benchtime 300ms ./...

echelle: .cache/go ## Un import de 7 775 fiches réelles et de 100 000 autres : temps et mémoire
	ECHELLE=1 go test -count=1 -v -timeout 30m -run '^TestEchelle$$' ./cmd/adeuxpas

mongo-proches: .cache/go ## 10 000 recherches par la base MongoDB, comparées à la mémoire
	PROCHES=10000 go test -count=1 -v -run TestFranceServicesEnBase ./internal/catalogue

fuzz: .cache/go ## Chaque fuzz, dix secondes (FUZZTIME=1m pour plus)
	@grep -rlE '^func Fuzz' --include='*_test.go' internal cmd | xargs -r -n1 dirname | sort -u | while read -r d; do \
		grep -hoE '^func Fuzz\w+' "$$d"/*_test.go | sed 's/func //' | while read -r f; do \
			go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) "./$$d"; done; done

crash: .cache/go ## Tue le service mille fois sous les écritures, et quarante restaurations, sur chaque base (CYCLES=100, ESSAIS=8 pour moins)
	CYCLES=$${CYCLES:-1000} ESSAIS=$${ESSAIS:-40} go test -v -count=1 -timeout 2h -run '^(TestEcrasement|TestDefauts|TestRestaurerTuee)$$' ./cmd/adeuxpas

interop: .cache/go mongo ## QGIS, GDAL et OWSLib lisent toutes les collections, sur chaque base
	@.ci/besoins gdal
	@.ci/besoins qgis
	go test -tags interop -v -count=1 -run '^TestInterop' ./cmd/adeuxpas

clean: ## Efface ce qui est construit, jamais la base
	rm -rf bin .cache frontend/node_modules
	find frontend/dist -mindepth 1 ! -name .gitkeep -delete

$(GOLANGCI): .cache/go
	@echo "golangci-lint v2.15.0 : première installation, une à quatre minutes"
	@rm -rf .cache/tmp && mkdir -p .cache/tmp
	@GOFLAGS= GOBIN=$(CURDIR)/.cache/tmp go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 2>&1 | grep -v downloading || true
	@test -x .cache/tmp/golangci-lint || { echo "adeuxpas : golangci-lint ne peut pas être installé (réseau ?) / cannot be installed (network?)" >&2; exit 1; }
	@mkdir -p $(@D) && mv .cache/tmp/golangci-lint $@ && touch $@

$(GOVULNCHECK): .cache/go
	@rm -rf .cache/tmp && mkdir -p .cache/tmp
	@GOBIN=$(CURDIR)/.cache/tmp go install golang.org/x/vuln/cmd/govulncheck@v1.9.0 2>&1 | grep -v downloading || true
	@mkdir -p $(@D) && mv .cache/tmp/govulncheck $@ && touch $@
