# `make run` and `make test` install what they need on a bare Debian machine
# with Go, Node and make, and then do it.

SHELL      := /bin/bash
BIN        := bin/onewindow
TOOLS      := $(CURDIR)/.tools/bin
SUDO       := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
VERSION    := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS    := -s -w -X main.version=$(VERSION)
export PATH := $(TOOLS):$(PATH)
# nodynamic: read HEIC with the decoder inside the binary, never with whatever
# library the machine happens to have.
export GOFLAGS := $(GOFLAGS) -tags=nodynamic

# Debian packages: to build and run, and further ones that only tests need.
RUN_PACKAGES  := gcc g++ pkg-config libtesseract-dev libleptonica-dev libturbojpeg0-dev tesseract-ocr tesseract-ocr-chi-sim \
                 fonts-noto-cjk fonts-lxgw-wenkai qpdf poppler-utils bubblewrap ca-certificates
TEST_PACKAGES := redis-server postgresql zbar-tools ghostscript mupdf-tools libtiff-tools imagemagick \
                 libheif-examples webp libimage-exiftool-perl chromium

VERSITYGW := github.com/versity/versitygw/cmd/versitygw@v1.8.0
MINIO     := github.com/minio/minio@latest

.PHONY: run build test bench peers chaos lint setup setup-test models pages tools clean

run: build
	@$(BIN) serve

build: setup models pages
	go build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/onewindow

setup:
	@./scripts/packages.sh $(SUDO) -- $(RUN_PACKAGES)

setup-test: setup
	@./scripts/packages.sh $(SUDO) -- $(TEST_PACKAGES)
	cd internal/testserver/node && npm ci --ignore-scripts --no-fund --no-audit --silent

models:
	@sh ocr/models/install.sh

# What runs in the browser, bundled from the lock file and embedded.
pages:
	@./scripts/ui.sh

# S3 servers for the conformance and chaos tests, built from the module proxy.
tools: $(TOOLS)/versitygw $(TOOLS)/minio

$(TOOLS)/versitygw:
	GOBIN=$(TOOLS) go install $(VERSITYGW)

$(TOOLS)/minio:
	GOBIN=$(TOOLS) go install $(MINIO)

test: setup-test build tools
	@gofmt -l $$(git ls-files '*.go') | tee /dev/stderr | (! grep -q .)
	go vet ./...
	go test -timeout 45m ./...

# What reading is compared with: OCRmyPDF and an npm package.
peers:
	@./scripts/packages.sh $(SUDO) -- ocrmypdf
	@cd internal/bench/peer && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

bench: setup-test build tools peers
	$(BIN) bench --out docs/benchmarks.md

chaos: setup-test build tools
	ONEWINDOW_CHAOS=long go test -timeout 120m -run Chaos ./...

lint:
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@latest ./...

clean:
	rm -rf bin
