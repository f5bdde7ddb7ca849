# Needs Go, GNU make and, for the race detector in `make test`, a C compiler.

GO ?= go
DEMO_FLAGS ?= -m all=1,worker=2

# Where reeve must compile, besides the machine at hand.
PLATFORMS = darwin freebsd windows

# Those of them for which staticcheck looks as well. Some fields are for Linux alone.
CHECKED = darwin freebsd

# Fuzz targets to run and to leave out (regular expressions), how long each, and how many
# at a time.
FUZZ ?= .
FUZZSKIP ?= ^$$
FUZZTIME ?= 30s
FUZZJOBS ?= 2

# This runs one target. Now and then the go command takes the end of the time for a
# failure; what really fails leaves an input, or a test that does not pass.
define RUN_FUZZ
out=$$($(GO) test -run "^$$1\$$" -fuzz "^$$1\$$" -parallel 1 -fuzztime $(FUZZTIME) "$$0" 2>&1); code=$$?; echo "$$out"; \
case $$code,$$out in 0,*) ;; *"Failing input"*) exit 1 ;; *"    context deadline exceeded"*) ;; *) exit 1 ;; esac
endef

# Benchmarks to run (a regular expression), and how often each.
BENCH ?= .
COUNT ?= 1

# Flags for the program that measures the built reeve, such as -quick.
BENCH_FLAGS ?=

# How long to play random scripts.
TIME ?= 60s

# The go command ignores testdata in ./..., so the example app is named.
APP = ./testdata/app/...

# The real readers of exports and env files, and a Windows: programs, and the Debian packages that have them.
VERIFY = procfile/export/verify env/verify
TOOLS = crontab systemd-analyze supervisord runsvdir s6-svscan execlineb unshare ruby python-dotenv node npm \
	wine x86_64-w64-mingw32-gcc
PACKAGES = cron systemd supervisor runit s6 execline util-linux ruby-dotenv python3-dotenv nodejs npm \
	wine wine64 gcc-mingw-w64-x86-64

# The version in the binary is VERSION, else the one that Go finds in git. Without git, or
# where git refuses the checkout, there is none, and the build still works.
VERSION ?=
LDFLAGS = -s -w -funcalign=16 $(if $(VERSION),-X main.packageVersion=$(VERSION))
# Functions that begin at every 16 bytes take 0.09 MB less. The only TLS that reeve speaks is that of a probe:
# in plain Go it takes 0.16 MB less than in assembly, and prefers a cipher that needs none. Where nothing is done
# so often that a call counts, functions are called rather than copied into those that call them: 0.5 MB less.
# This is in the environment, so that what packages reeve builds it in the same way.
CALLED = crypto/... reeve/cmd/... reeve/procfile/...
build image dist release: export GOFLAGS += -tags=purego $(CALLED:%=-gcflags=%=-l)
BUILDVCS = $(if $(shell git rev-parse --verify HEAD 2>/dev/null),auto,false)

# How many bytes the program may have. If you need more, first look at what they are for:
# go tool nm -size -sort size of a build without -s.
BUDGET = 10000000

# How many values may be made before main, by reeve's packages and those that it imports
# from others. Every start pays for them, and for the pages that they are on. Where CALLS holds, 70
# patterns and errors are made that are data elsewhere: 0.004 ms.
INITS = 250

.DEFAULT_GOAL := help
.PHONY: help build demo picture test race verify test-windows tools lint vulnerabilities bench fuzz torture cover dist reproducible image release clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: ## build bin/reeve, one static binary
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=$(BUILDVCS) -ldflags "$(LDFLAGS)" -o bin/reeve ./cmd/reeve

demo: build ## run the example app in the foreground, Ctrl-C stops it
	$(GO) build -buildvcs=false -o testdata/app/bin/ $(APP)
	@bin/reeve start -f testdata/app/Procfile $(DEMO_FLAGS)

picture: build ## draw the example app as reeve runs it, in docs/picture.svg and docs/ui.svg
	$(GO) build -buildvcs=false -o testdata/app/bin/ $(APP)
	$(GO) run ./testdata/picture > docs/picture.new
	@mv docs/picture.new docs/picture.svg
	$(GO) run ./testdata/picture ui > docs/ui.new
	@mv docs/ui.new docs/ui.svg

test: ## check the code and run every test: about a minute, more the first time
	@$(MAKE) --no-print-directory formatted
	$(GO) vet ./... $(APP)
	$(GO) test -shuffle=on ./...

race: ## run every test with the race detector
	CGO_ENABLED=1 $(GO) test -race -shuffle=on ./...

verify: ## let the real programs read exports and env files, if make tools has installed them
	@set -e; for dir in $(VERIFY); do echo "cd $$dir && $(GO) test ./..."; (cd $$dir && $(GO) vet ./... && $(GO) test -shuffle=on ./...); done

# What makes sense on Windows of what has tests that are not for Unix alone, and the scripts.
WINDOWS = ./env/... ./output/... ./procfile/... ./supervisor/... ./internal/cmdexe \
	./internal/http1 ./internal/pattern ./internal/sorting ./cmd/reeve ./cmd/reeve/internal/console \
	./cmd/reeve/internal/diag ./cmd/reeve/internal/notify ./cmd/reeve/internal/remote ./cmd/reeve/internal/roff \
	./cmd/reeve/internal/slot ./cmd/reeve/internal/ui ./cmd/reeve/internal/variables

test-windows: ## run the tests for Windows: in Wine, which make tools installs, or on Windows itself
	@GO=$(GO) testdata/windows/test $(WINDOWS)

tools: ## install what verify and test-windows run, as root with apt-get
	@missing=""; for tool in $(TOOLS); do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
		echo "verify and test-windows go without$$missing: on Debian they are in $(PACKAGES)"; exit 0; fi; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES)
	@cd env/verify && if command -v npm >/dev/null && ! [ node_modules/.package-lock.json -nt package-lock.json ]; then \
		npm ci --silent --ignore-scripts --no-audit --no-fund || echo "verify skips the JavaScript readers of env files: npm cannot fetch them"; fi

formatted:
	@unformatted=$$("$$($(GO) env GOROOT)/bin/gofmt" -l .) && \
		if [ -n "$$unformatted" ]; then echo "not formatted by gofmt:" $$unformatted >&2; exit 1; fi

lint: formatted build ## check the code with gofmt, go vet on every platform and staticcheck, and the program's size
	$(GO) vet ./... $(APP)
	@set -e; for os in $(PLATFORMS); do echo "GOOS=$$os $(GO) vet ./..."; GOOS=$$os $(GO) vet ./...; done
	$(GO) build -modfile=lint/go.mod -o bin/staticcheck honnef.co/go/tools/cmd/staticcheck
	bin/staticcheck ./... $(APP)
	@set -e; for os in $(CHECKED); do echo "GOOS=$$os staticcheck ./..."; GOOS=$$os bin/staticcheck -checks inherit,-U1000 ./...; done
	@if CGO_ENABLED=0 $(GO) build -buildvcs=false -ldflags=-dumpdep -o /dev/null ./cmd/reeve 2>&1 | grep '<ReflectMethod> ->'; then \
		echo "a function that finds methods by their names makes the linker keep every method: the program grows by a tenth" >&2; exit 1; fi
	@if $(GO) list -deps ./cmd/reeve | grep -x net/http; then \
		echo "internal/http1 is there so that the program does without net/http, which is a tenth of it" >&2; exit 1; fi
	@if [ $$(wc -c < bin/reeve) -gt $(BUDGET) ]; then echo "bin/reeve is larger than $(BUDGET) bytes, the BUDGET in the Makefile" >&2; exit 1; fi
	@GODEBUG=inittrace=1 bin/reeve version 2>&1 >/dev/null | awk -v most=$(INITS) '/^init (main|reeve|github)/ { sum += $$10; print } \
		END { if (sum > most) { print "package variables make " sum " values at every start, more than the " most " of INITS in the Makefile"; exit 1 } }' > bin/inits || \
		{ cat bin/inits >&2; exit 1; }

bench: ## run the benchmarks, then compare reeve with cat (BENCH=regexp COUNT=n BENCH_FLAGS=-quick)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./...
	@$(MAKE) --no-print-directory build
	$(GO) run ./testdata/bench $(BENCH_FLAGS)

# Each target gets one worker, and several run side by side: a target that waits leaves no
# processor idle.
fuzz: ## run every fuzz target for a while (FUZZ=regexp FUZZTIME=30s FUZZJOBS=2)
	@set -e; for package in $$($(GO) list ./...); do \
		$(GO) test -list '^Fuzz' $$package | grep '^Fuzz' | grep -E '$(FUZZ)' | grep -vE '$(FUZZSKIP)' | sed "s|^|$$package |" || true; \
	done | xargs -r -L 1 -P $(FUZZJOBS) sh -c '$(RUN_FUZZ)'

vulnerabilities: ## look for known vulnerabilities in the dependencies
	$(GO) tool -modfile=lint/go.mod govulncheck ./...

torture: build ## play random scripts against bin/reeve on Linux (TIME=60s SEED=n)
	$(GO) run ./testdata/torture -time $(TIME) $(if $(SEED),-seed $(SEED))
	$(GO) run ./testdata/torture/watch -time $(TIME) $(if $(SEED),-seed $(SEED))

cover: ## measure which lines the tests reach, in bin/cover.html
	@mkdir -p bin
	$(GO) test -coverpkg ./... -coverprofile bin/cover.out ./...
	$(GO) tool cover -html bin/cover.out -o bin/cover.html
	@$(GO) tool cover -func bin/cover.out | tail -n 1

# The tools that pack take some minutes to build, once. GoReleaser finds the others in
# the PATH.
PACKERS = bin/tools/goreleaser bin/tools/cyclonedx-gomod
GORELEASER = PATH="$(CURDIR)/bin/tools:$$PATH" bin/tools/goreleaser

bin/tools/goreleaser: TOOL = github.com/goreleaser/goreleaser/v2
bin/tools/cyclonedx-gomod: TOOL = github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod
$(PACKERS): packaging/tools/go.mod
	@mkdir -p $(@D)
	CGO_ENABLED=0 $(GO) build -trimpath -modfile=$< -o $@ $(TOOL)

# Images need an engine that builds them.
NO_DOCKER = $(if $(shell docker buildx ls 2>/dev/null),,--skip=docker)

dist: $(PACKERS) ## package the current commit for every platform, into dist/
	$(GORELEASER) check
	$(GORELEASER) release --snapshot --clean $(NO_DOCKER)

reproducible: ## package the commit twice and compare (after make dist: once more)
	@[ -f dist/checksums.txt ] || $(MAKE) --no-print-directory dist
	@rm -rf bin/first && mv dist bin/first
	@$(MAKE) --no-print-directory dist
	@diff bin/first/checksums.txt dist/checksums.txt && diff -r bin/first/homebrew dist/homebrew && \
		echo "$$(wc -l < dist/checksums.txt) packages are the same, byte for byte"

# The image has the program for this machine. The release makes it for others, too.
IMAGE_PLATFORM = linux/$(shell $(GO) env GOARCH)

image: ## build the container image reeve, if there is Docker
	GOOS=linux CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=$(BUILDVCS) -ldflags "$(LDFLAGS)" -o bin/image/$(IMAGE_PLATFORM)/reeve ./cmd/reeve
	docker build --build-arg TARGETPLATFORM=$(IMAGE_PLATFORM) -t reeve -f packaging/Dockerfile bin/image

release: $(PACKERS) ## publish the current tag; the workflow of that name runs it
	$(GORELEASER) release --clean

clean: ## remove everything that make built
	rm -rf bin dist testdata/app/bin testdata/app/tmp
