# Needs Go, GNU make and, for the race detector in `make test`, a C compiler.

GO ?= go
DEMO_FLAGS ?= -m all=1,worker=2

# Where reeve must compile, besides the machine at hand.
PLATFORMS = darwin freebsd windows

# Fuzz targets to run (a regular expression), and how long each.
FUZZ ?= .
FUZZTIME ?= 30s

# Benchmarks to run (a regular expression), and how often each.
BENCH ?= .
COUNT ?= 1

# Flags for the program that measures the built reeve, such as -quick.
BENCH_FLAGS ?=

# How long to play random scripts.
TIME ?= 60s

# The go command ignores testdata in ./..., so the example app is named.
APP = ./testdata/app/...

# The version in the binary is the one that Go finds in git. Without git, or
# where git refuses the checkout, there is none and the build works all the same.
BUILDVCS = $(if $(shell git rev-parse --verify HEAD 2>/dev/null),auto,false)

.DEFAULT_GOAL := help
.PHONY: help build demo picture test lint bench fuzz torture cover clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: ## build bin/reeve, one static binary
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=$(BUILDVCS) -ldflags "-s -w" -o bin/reeve ./cmd/reeve

demo: build ## run the example app in the foreground, Ctrl-C stops it
	$(GO) build -buildvcs=false -o testdata/app/bin/ $(APP)
	@bin/reeve start -f testdata/app/Procfile $(DEMO_FLAGS)

picture: build ## draw the example app as reeve runs it, in docs/picture.svg
	$(GO) build -buildvcs=false -o testdata/app/bin/ $(APP)
	$(GO) run ./testdata/picture > docs/picture.new
	@mv docs/picture.new docs/picture.svg

test: lint ## check the code, then run every test with the race detector
	CGO_ENABLED=1 $(GO) test -race -shuffle=on ./...

lint: ## gofmt, go vet on every platform, staticcheck
	@unformatted=$$("$$($(GO) env GOROOT)/bin/gofmt" -l .) && \
		if [ -n "$$unformatted" ]; then echo "not formatted by gofmt:" $$unformatted >&2; exit 1; fi
	$(GO) vet ./... $(APP)
	@set -e; for os in $(PLATFORMS); do echo "GOOS=$$os $(GO) vet ./..."; GOOS=$$os $(GO) vet ./...; done
	$(GO) tool -modfile=lint/go.mod staticcheck ./... $(APP)

bench: ## run the benchmarks, then measure reeve beside cat (BENCH=regexp COUNT=n BENCH_FLAGS=-quick)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./...
	@$(MAKE) --no-print-directory build
	$(GO) run ./testdata/bench $(BENCH_FLAGS)

fuzz: ## run every fuzz target for a while (FUZZ=regexp FUZZTIME=30s)
	@set -e; packages=$$($(GO) list ./...); for package in $$packages; do \
		listed=$$($(GO) test -list '^Fuzz' $$package); \
		for target in $$(echo "$$listed" | grep '^Fuzz' | grep -E '$(FUZZ)'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

torture: build ## play random scripts against bin/reeve on Linux (TIME=60s SEED=n)
	$(GO) run ./testdata/torture -time $(TIME) $(if $(SEED),-seed $(SEED))

cover: ## measure which lines the tests reach, in bin/cover.html
	@mkdir -p bin
	$(GO) test -coverpkg ./... -coverprofile bin/cover.out ./...
	$(GO) tool cover -html bin/cover.out -o bin/cover.html
	@$(GO) tool cover -func bin/cover.out | tail -n 1

clean: ## remove everything that make has built
	rm -rf bin dist testdata/app/bin testdata/app/tmp
