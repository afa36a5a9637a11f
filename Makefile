# pullprobe: `make help` lists what can be made.

VERSION = 0.2.0
JOBS ?= $(shell nproc)
PYTHON = /usr/bin/python3
# exec: make ends what it started itself, and a shell between would leave it
PYTEST = exec $(PYTHON) -m pytest -q -rsx -p no:cacheprovider
export PYTHONDONTWRITEBYTECODE = 1

ifeq ($(origin CC),default)
CC = gcc
endif

# The machine of the static build: amd64 or arm64. Another than this one's is built for by Debian's
# cross compiler, into a folder of its own.
MACHINE_amd64 = x86_64
MACHINE_arm64 = aarch64
HERE := $(patsubst aarch64,arm64,$(patsubst x86_64,amd64,$(shell uname -m)))
ARCH = $(HERE)
ifneq ($(ARCH),$(HERE))
CROSS := $(or $(MACHINE_$(ARCH)),$(error ARCH is amd64 or arm64, not $(ARCH)))-linux-gnu-
OUT = build/$(ARCH)
else
CROSS :=
OUT = build
endif
export CROSS

SOURCES := $(sort $(wildcard src/*.c src/*/*.c src/*/*/*.c))
ASSEMBLY := $(wildcard src/*/*.S)
HEADERS := $(wildcard include/*/*.h include/*/*/*.h)
TESTS := $(wildcard tests/unit/*_test.c)

CPPFLAGS = -Iinclude -D_GNU_SOURCE -DPULLPROBE_VERSION='"$(VERSION)"'
WARNINGS = -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wformat -Wformat-security -Wwrite-strings -Wundef -Wpointer-arith -Wimplicit-fallthrough
CFLAGS = -std=c11 $(WARNINGS) -MMD -MP

# The libraries of the static build are made by deps/build, which keeps them in a cache.
DEPS = musl openssl c-ares curl jansson expat ca-certificates
DEP = $(OUT)/deps
STATIC_CC = MUSL=$(CURDIR)/$(DEP)/musl ROOT=$(CURDIR) deps/cc
STATIC_CPPFLAGS = $(patsubst %,-isystem $(DEP)/%/include,curl c-ares openssl jansson expat) \
	-DCURL_STATICLIB -DCARES_STATICLIB -D_FORTIFY_SOURCE=2 -Wa,-I$(DEP)/ca-certificates
STATIC_CFLAGS = $(shell cat deps/flags $(wildcard deps/flags.$(MACHINE_$(ARCH)))) -UNDEBUG
STATIC_LDFLAGS = -static-pie -s -Wl,--gc-sections,--build-id=none,--sort-section=alignment \
	-Wl,-z,noexecstack,-z,relro,-z,now $(PACKED_$(ARCH))
PACKED_amd64 = -Wl,-z,pack-relative-relocs # Debian 12's ld knows it for this machine alone
STATIC_LIBS = $(addprefix $(DEP)/,curl/lib/libcurl.a c-ares/lib/libcares.a openssl/lib/libssl.a \
	openssl/lib/libcrypto.a jansson/lib/libjansson.a expat/lib/libexpat.a)
STATIC_OBJECTS = $(patsubst %,$(OUT)/static/%.o,$(basename $(SOURCES) $(ASSEMBLY)))

# The development build: Debian's shared libraries, and sanitizers.
DEV = build/dev$(patsubst gcc,,$(patsubst %,-%,$(filter-out gcc,$(notdir $(CC)))))
# Line numbers are all that a sanitizer's report shows, and a quarter of the compilation.
DEBUG = -g1 # -g for a debugger
DEV_FLAGS = $(DEBUG) -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
DEV_CPPFLAGS =
CCACHE := $(shell command -v ccache)
export CCACHE_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/pullprobe/ccache
DEV_LIBS = -lcurl -lcares -lssl -lcrypto -ljansson -lexpat -lresolv
DEV_OBJECTS = $(patsubst %,$(DEV)/%.o,$(basename $(SOURCES) $(ASSEMBLY)))
DEV_PARTS = $(DEV)/parts.a # all but main: a test takes what it needs, and may have a `die` of its own
UNITS = $(TESTS:tests/unit/%.c=$(DEV)/unit/%)

# Fuzz targets: each a program of libFuzzer's, and one that replays the seeds.
TARGETS := $(notdir $(basename $(wildcard tests/fuzz/targets/*.c)))
FUZZ_PARTS := $(filter-out %/replay.c,$(wildcard tests/fuzz/*.c))
FUZZ_FLAGS = -g -O2 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_OBJECTS = $(patsubst %,build/fuzz/%.o,$(basename $(SOURCES) $(ASSEMBLY)))
COVERAGE = -fsanitize=fuzzer-no-link
SECONDS = 60

IMAGE = pullprobe:$(VERSION)
# Debian 12's buildah does not know by itself which machine builds
CROSS_IMAGE = --platform linux/$(ARCH) --build-arg BUILDPLATFORM=linux/$(HERE)
ENGINE = $(shell docker info >/dev/null 2>&1 && echo docker build || { \
	command -v buildah >/dev/null && echo buildah bud; })

all: $(OUT)/pullprobe ## the program, static (this is the default)

$(OUT)/pullprobe: $(STATIC_OBJECTS)
	@echo "ld $@"
	@$(STATIC_CC) $(STATIC_CFLAGS) $(STATIC_LDFLAGS) -o $@ $(STATIC_OBJECTS) $(STATIC_LIBS)
	@$(CROSS)strip -R .comment $@
	@echo "$@: $$(stat -c %s $@) bytes, $$(gzip -9c $@ | wc -c) compressed"

$(OUT)/static/%.o: %.c Makefile $(DEPS:%=$(DEP)/%.key)
	@mkdir -p $(@D)
	@echo "cc $@"
	@$(STATIC_CC) $(CPPFLAGS) $(STATIC_CPPFLAGS) $(CFLAGS) $(STATIC_CFLAGS) -c -o $@ $<

$(OUT)/static/%.o: %.S $(DEP)/musl.key $(DEP)/ca-certificates.key
	@mkdir -p $(@D)
	@$(STATIC_CC) $(STATIC_CPPFLAGS) -c -o $@ $<

# --version names the packages that the parts are made of: those are what an advisory is about
$(OUT)/static/src/options.o: CPPFLAGS += -DPULLPROBE_PARTS='"made of Debian packages: $(shell \
	cd $(DEP) && for part in $(DEPS); do echo "$$part $$(cat $$part/version)"; done | \
	paste -sd , | sed 's/,/, /g')\n"'

deps: $(DEPS:%=$(DEP)/%.key) ## the libraries of the static build, from the cache or from sources

$(DEP)/%.key: FORCE
	@mkdir -p $(DEP)
	+@deps/build $* $(DEP)/$*

$(patsubst %,$(DEP)/%.key,openssl c-ares jansson expat): $(DEP)/musl.key
$(DEP)/curl.key: $(DEP)/openssl.key $(DEP)/c-ares.key

deps-check: ## try whether each pinned source can be had
	deps/fetch --check

dev: $(DEV)/pullprobe ## the program with debug information and sanitizers (CC=gcc or clang)

$(DEV)/pullprobe: $(DEV)/src/main.o $(DEV_PARTS)
	@echo "ld $@"
	@$(CC) $(DEV_FLAGS) -o $@ $^ $(DEV_LIBS)

$(DEV)/parts.a: $(filter-out %/main.o,$(DEV_OBJECTS))
build/fuzz/parts.a: $(filter-out %/main.o,$(FUZZ_OBJECTS))
%/parts.a:
	@rm -f $@
	@ar rc $@ $^

$(DEV)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "cc $@"
	@$(CCACHE) $(CC) $(CPPFLAGS) $(DEV_CPPFLAGS) $(CFLAGS) $(DEV_FLAGS) -c -o $@ $<

$(DEV)/%.o: %.S build/roots/stage/roots-other.der
	@mkdir -p $(@D)
	@$(CC) -Wa,-Ibuild/roots/stage -c -o $@ $<

$(OUT)/static/src/report/compare_page.o $(DEV)/src/report/compare_page.o \
	build/fuzz/src/report/compare_page.o: src/report/compare.html

build/roots/stage/roots-other.der: deps/recipes/ca-certificates
	@rm -rf build/roots && mkdir -p $(@D)
	@work=$(CURDIR)/build/roots && . deps/recipes/ca-certificates && cd / && recipe

$(DEV)/tests/unit/%.o: CPPFLAGS += -Itests/unit

$(DEV)/unit/%: $(DEV)/tests/unit/%.o $(DEV_PARTS)
	@mkdir -p $(@D)
	@echo "ld $@"
	@$(CC) $(DEV_FLAGS) -o $@ $^ $(DEV_LIBS) -lcmocka

# The evidence of the golden cases, which tests of other folders read as well.
CASES = build/golden/made

$(CASES): tests/golden/make $(wildcard tests/golden/*.py)
	@$(PYTHON) tests/golden/make $(@D)
	@touch $@

unit: $(UNITS) | $(CASES) ## the unit tests, with sanitizers (CC=gcc or clang)
	@failed=; for test in $^; do $$test || failed="$$failed $$test"; done; \
		[ -z "$$failed" ] || { echo "failed:$$failed"; exit 1; }

$(DEV)/tests/fuzz/%.o build/fuzz/tests/fuzz/%.o: CPPFLAGS += -Itests/fuzz -Itests/unit

$(DEV)/replay/%: $(DEV)/tests/fuzz/targets/%.o $(DEV)/tests/fuzz/replay.o \
		$(FUZZ_PARTS:%.c=$(DEV)/%.o) $(DEV_PARTS)
	@mkdir -p $(@D)
	@echo "ld $@"
	@$(CC) $(DEV_FLAGS) -o $@ $^ $(DEV_LIBS) -lcmocka

seeds: $(TARGETS:%=$(DEV)/replay/%) ## the inputs that fuzzing begins with, and those it found
	@failed=; for target in $(TARGETS); do \
		$(DEV)/replay/$$target tests/fuzz/seeds/$$target/* || failed="$$failed $$target"; done; \
		[ -z "$$failed" ] || { echo "failed:$$failed"; exit 1; }

build/fuzz/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "cc $@"
	@$(CCACHE) clang $(CPPFLAGS) $(CFLAGS) $(FUZZ_FLAGS) $(COVERAGE) -c -o $@ $<

# The loops that all runs through tell nothing of what a byte led to, and are most of the cost.
$(patsubst %,build/fuzz/src/base/%.o,text encoding buffer): COVERAGE =

build/fuzz/%.o: %.S build/roots/stage/roots-other.der
	@mkdir -p $(@D)
	@clang -Wa,-Ibuild/roots/stage -c -o $@ $<

$(TARGETS:%=build/fuzz/%): build/fuzz/%: build/fuzz/tests/fuzz/targets/%.o \
		$(FUZZ_PARTS:%.c=build/fuzz/%.o) build/fuzz/parts.a
	@echo "ld $@"
	@clang $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $^ $(DEV_LIBS)

fuzz: $(TARGETS:%=build/fuzz/%) ## hostile bytes for every parser, SECONDS=N for each (60; clang)
	@tests/fuzz/run $(SECONDS) $(TARGETS)

# What tests without a network start: `make test` has them start the release, a tenth of the time; the
# unit tests have sanitizers, and the same cases and seeds.
PROBE = $(DEV)/pullprobe

golden: $(PROBE) $(CASES) ## evidence in, findings out: a case for each rule (PROBE=another program)
	PULLPROBE=$(PROBE) $(PYTEST) tests/golden

$(DEV)/hosts: tests/names/hosts.c $(DEV_PARTS) Makefile
	@echo "cc $@"
	@$(CC) $(CPPFLAGS) -Idocs/generate $(CFLAGS) $(DEV_FLAGS) -o $@ $(filter %.c %.a,$^) $(DEV_LIBS)

names: $(DEV)/hosts ## host names, held against botocore's endpoint rules
	HOSTS=$(DEV)/hosts $(PYTEST) tests/names

$(DEV)/chains: tests/configuration/chains.c $(DEV_PARTS) Makefile
	@echo "cc $@"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(DEV_FLAGS) -o $@ $(filter %.c %.a,$^) $(DEV_LIBS)

configuration: $(PROBE) $(DEV)/chains ## VPCs with their truth, and the same evaluated by a program of its own
	CHAINS=$(DEV)/chains PULLPROBE=$(PROBE) $(PYTEST) tests/configuration

# What is generated, each of its template in docs/generate/ (README.md and the page of a comparison:
# of itself) and the program's own tables.
GENERATED = docs/report.schema.json docs/compare.schema.json docs/survey.schema.json \
	docs/iam-policy.json docs/causes.md docs/hosts.md \
	docs/manual/pullprobe.1 docs/manual/pullprobe.bash docs/manual/_pullprobe README.md \
	src/report/compare.html
TEMPLATE = $(or $(wildcard docs/generate/$(notdir $(1)).in),$(1))

$(DEV)/generate: docs/generate/generate.c docs/generate/lists.c docs/generate/hosts.c docs/generate/calls.c \
		docs/generate/generate.h docs/generate/host_words.h $(DEV_PARTS) Makefile
	@echo "cc $@"
	@$(CC) $(CPPFLAGS) $(filter-out -MMD -MP,$(CFLAGS)) $(DEV_FLAGS) -o $@ $(filter %.c %.a,$^) $(DEV_LIBS)

build/generated: $(DEV)/generate FORCE
	@mkdir -p $@
	@$(foreach file,$(GENERATED),$< $(call TEMPLATE,$(file)) >$@/$(notdir $(file)) &&) true

generate: build/generated ## write every generated file anew from the program's tables
	@$(foreach file,$(GENERATED),cmp -s $</$(notdir $(file)) $(file) || { \
		cp $</$(notdir $(file)) $(file); echo "wrote $(file)"; };)

generated-test: build/generated ## is every generated file what `make generate` writes?
	@stale=; for file in $(GENERATED); do diff -u $$file $</$${file##*/} || stale="$$stale $$file"; done; \
		[ -z "$$stale" ] || { echo "stale:$$stale: run make generate"; exit 1; }

man-test: $(PROBE) ## the manual page and the completions, in the shells themselves
	PULLPROBE=$(PROBE) $(PYTEST) tests/manual

sbom: all ## what the program is made of, as CycloneDX: build/pullprobe.cdx.json
	@deps/sbom $(VERSION) $(ARCH) $(DEP) $(OUT)/pullprobe $(OUT)/pullprobe.cdx.json

licenses: licences
licences: deps ## the licences of all that is in the program: build/licences/
	@deps/licences $(DEP) $(OUT)/licences

release-test: all ## the list of parts, the licences, and one version everywhere
	PULLPROBE=$(OUT)/pullprobe $(PYTEST) tests/release

reproducible: all ## everything once more, elsewhere and from the libraries' sources on: the same bytes?
	@tests/build/reproducible $(OUT)/pullprobe all ARCH=$(ARCH)

dist-reproducible: dist ## a release once more, elsewhere and from the libraries' sources on: the same sums?
	@tests/build/reproducible $(DIST)/SHA256SUMS dist MACHINES="$(MACHINES)"

PREFIX = /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
install: all licences ## the program, its manual page, completions and licences, under $(DESTDIR)$(PREFIX)
	install -D -m 755 $(OUT)/pullprobe $(DESTDIR)$(PREFIX)/bin/pullprobe
	install -D -m 644 docs/manual/pullprobe.1 $(SHARE)/man/man1/pullprobe.1
	install -D -m 644 docs/manual/pullprobe.bash $(SHARE)/bash-completion/completions/pullprobe
	install -D -m 644 docs/manual/_pullprobe $(SHARE)/zsh/site-functions/_pullprobe
	install -D -m 644 -t $(SHARE)/licenses/pullprobe $(OUT)/licences/*

# What a release has of each machine. Its names hold no version, so that a link to the newest stays.
DIST = build/dist
MACHINES = amd64 arm64
RELEASE = $(DIST)/pullprobe
TAG = v$(VERSION)
OUT_OF = $(1)=$(if $(filter $(HERE),$(1)),build,build/$(1))

dist: ## a release for both machines, with its sums: build/dist/ (MACHINES=amd64 for one)
	$(if $(filter-out v$(VERSION),$(TAG)),$(error the version is $(VERSION), the tag is $(TAG)))
	@rm -rf $(DIST)
	@mkdir -p $(DIST)
	@for machine in $(MACHINES); do \
		$(MAKE) --no-print-directory ARCH=$$machine dist-machine || exit; done
	@deps/oci-archive $(VERSION) $(RELEASE)-image.tar $(foreach machine,$(MACHINES),$(call OUT_OF,$(machine)))
	@cd $(DIST) && sha256sum pullprobe-* >SHA256SUMS
	@cat $(DIST)/SHA256SUMS

# A folder to unpack over /usr/local. Nothing in it tells when, by whom or where it was packed.
PACK = tar --sort=name --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u+w,go-w,a+rX

dist-machine: lambda sbom licences
	@rm -rf $(OUT)/pack
	@$(MAKE) --no-print-directory --silent -o all -o licences install DESTDIR= \
		PREFIX=$(OUT)/pack/pullprobe-$(VERSION)
	@$(PACK) -C $(OUT)/pack -c pullprobe-$(VERSION) | gzip -9n >$(RELEASE)-linux-$(ARCH).tar.gz
	@install -m 755 $(OUT)/pullprobe $(RELEASE)-linux-$(ARCH)
	@install -m 644 $(OUT)/pullprobe-lambda.zip $(RELEASE)-lambda-$(ARCH).zip
	@install -m 644 $(OUT)/pullprobe.cdx.json $(RELEASE)-linux-$(ARCH).cdx.json

release-notes: ## what CHANGELOG.md says of this version
	@awk '/^## / { ours = $$2 == "$(VERSION)"; found += ours; next } ours; END { exit !found }' CHANGELOG.md

explain: $(PROBE) ## error texts, classified; and the README, held against the program
	PULLPROBE=$(PROBE) $(PYTEST) tests/explain tests/docs

compare: $(PROBE) $(CASES) ## reports side by side, and their page in a browser where there is one (chromium)
	PULLPROBE=$(PROBE) $(PYTEST) tests/compare

cloud: $(PROBE) ## inspect, against a control plane that botocore's models check
	PULLPROBE=$(PROBE) $(PYTEST) -n 12 tests/cloud # it waits for what Lambda and ECS take their time for

lab: all ## faults made for real, in network namespaces (root)
	PULLPROBE=build/pullprobe $(PYTEST) -n 6 tests/lab/test_u*.py tests/lab/test_[!u]*.py # longest first

# The static program once more, where any allocation can be made to fail and the clock to jump.
FAILING_ALLOCATOR = $(OUT)/failing_allocator
WRAPPED = malloc calloc realloc posix_memalign aligned_alloc clock_gettime gettimeofday time

$(FAILING_ALLOCATOR): tests/fault_injection/failing_allocator.c $(STATIC_OBJECTS)
	@echo "ld $@"
	@$(STATIC_CC) $(CPPFLAGS) $(filter-out -MMD -MP,$(CFLAGS)) $(STATIC_CFLAGS) $(STATIC_LDFLAGS) \
		$(WRAPPED:%=-Wl,--wrap=%) -o $@ $^ $(STATIC_LIBS)

fault-injection: all lambda $(FAILING_ALLOCATOR) $(CASES) ## the program's own faults: memory, descriptors, disk, signals (root)
	PULLPROBE=build/pullprobe FAILING_ALLOCATOR=$(FAILING_ALLOCATOR) $(PYTEST) -n 2 tests/fault_injection

# The static build's libraries for this machine's own C library, which sanitizers need, and our
# code with those: what Debian's libcurl signs, no service takes.
GLIBC = build/glibc
GLIBC_DEPS = openssl c-ares jansson expat curl
SANITIZED = build/sanitized

$(GLIBC)/%.key: FORCE
	@mkdir -p $(GLIBC)
	+@LIBC=glibc deps/build $* $(GLIBC)/$*

$(GLIBC)/curl.key: $(GLIBC)/openssl.key $(GLIBC)/c-ares.key

sanitized: $(GLIBC_DEPS:%=$(GLIBC)/%.key)
	@$(MAKE) --no-print-directory DEV=$(SANITIZED) $(SANITIZED)/pullprobe DEV_CPPFLAGS="$(patsubst \
		%,-isystem $(GLIBC)/%/include,$(GLIBC_DEPS)) -DCURL_STATICLIB -DCARES_STATICLIB" \
		DEV_LIBS="$(STATIC_LIBS:$(DEP)/%=$(GLIBC)/%) -lresolv"

lab-sanitized: all sanitized ## the lab, with sanitizers: half an hour, in no other target (root)
	SANITIZED=1 PULLPROBE=$(CURDIR)/$(SANITIZED)/pullprobe $(PYTEST) -n 2 tests/lab

# As the development build, without sanitizers, which valgrind does not get on with.
VALGRIND = valgrind -q --error-exitcode=126 --leak-check=full --errors-for-leak-kinds=definite
PLAIN = $(MAKE) --no-print-directory DEV=build/plain DEV_FLAGS="-g -O1 -fno-omit-frame-pointer"

valgrind: $(CASES) ## the tests that need no network, under valgrind: half an hour, in no other target
	@$(PLAIN) build/plain/pullprobe build/plain/hosts valgrind-units
	@for program in pullprobe hosts; do \
		printf '#!/bin/sh\nexec %s "$$@"\n' "$(VALGRIND) $(CURDIR)/build/plain/$$program" \
		>build/plain/under-$$program && chmod +x build/plain/under-$$program || exit; done
	HOSTS=$(CURDIR)/build/plain/under-hosts $(PYTEST) tests/names
	PULLPROBE=$(CURDIR)/build/plain/under-pullprobe \
		$(PYTEST) -n 2 tests/golden tests/explain tests/compare --deselect \
		"tests/golden/test_codes.py::test_without_a_verdict_it_is_the_programs_own[3]" # by its name

valgrind-units: $(UNITS) | $(CASES)
	@failed=; for test in $^; do $(VALGRIND) $$test || failed="$$failed $$test"; done; \
		[ -z "$$failed" ] || { echo "failed:$$failed"; exit 1; }

taskdefs: all $(CASES) ## the task definitions, against the models of AWS's services
	PULLPROBE=build/pullprobe $(PYTEST) -n 3 tests/taskdefs

layers: circles ## folders include only what the design allows, and no files use each other in a circle
	@tests/layers

circles: $(STATIC_OBJECTS) ## no files use each other in a circle
	@NM=$(CROSS)nm tests/circles $(STATIC_OBJECTS)

# Its preprocessor cannot expand the columns of our lists; the compilers and clang-tidy do.
CPPCHECK_LIMITS = --suppress=unknownMacro --suppress=syntaxError --suppress=preprocessorErrorDirective

lint: tidy ## clang-tidy, cppcheck, clang-format, shellcheck
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=nullPointerRedundantCheck \
		--suppress=ctuuninitvar $(CPPCHECK_LIMITS) -Iinclude -D_GNU_SOURCE -D__x86_64__ src
	@clang-format --dry-run -Werror $(SOURCES) $(HEADERS) $(TESTS) tests/names/hosts.c \
		tests/configuration/chains.c $(wildcard docs/generate/*.[ch] tests/unit/*.h tests/fuzz/*.[ch] tests/fuzz/*/*.c \
		tests/lab/*.c tests/fault_injection/*.c)
	shellcheck $$(git grep -lE '^#!.*[/ ](ba|da)?sh' || true)
	shellcheck --shell=bash docs/manual/pullprobe.bash
	shellcheck --shell=sh --exclude=SC2034,SC2086,SC2154,SC2164 deps/recipes/*

tidy: $(SOURCES:%=build/tidy/%)

# The analyser's own limit, 225,000, takes twice the time and finds nothing more here.
TIDY_FLAGS = -std=c11 $(CPPFLAGS) -Xclang -analyzer-config -Xclang max-nodes=50000

build/tidy/%: % .clang-tidy $(HEADERS)
	@mkdir -p $(@D)
	@tests/tidy $< $(TIDY_FLAGS)
	@touch $@

image: ## the container image (docker or buildah)
	@case "$(ENGINE)" in "") echo "missing: docker or buildah (apt-get install buildah)"; exit 1;; esac
	$(ENGINE) $(if $(CROSS),$(CROSS_IMAGE)) $(IMAGE_FLAGS) --build-arg VERSION=$(VERSION) -t $(IMAGE) .

lambda: all ## the program as an AWS Lambda function: build/pullprobe-lambda.zip
	@$(PYTHON) taskdefs/lambda-zip $(OUT)/pullprobe $(OUT)/pullprobe-lambda.zip

build-test: all ## what the static program must be
	PULLPROBE=$(OUT)/pullprobe ARCH=$(ARCH) $(PYTEST) tests/build

arm64-test: $(CASES) ## the program for arm64, cross-built, by an emulator (in no other target)
	@$(MAKE) --no-print-directory ARCH=arm64 build-test
	PULLPROBE=build/arm64/pullprobe $(PYTEST) tests/arm64
	ARCH=arm64 $(PYTEST) tests/image

image-test: deps ## the container image, built on stand-ins for its base images (root)
	$(PYTEST) tests/image

setup: ## install what the tests need (apt, as root; nothing when all is there)
	@tests/setup

# What compiles goes together, so that the slow static build delays nothing; then what only runs
# programs; then the lab, which often waits, and what can go beside it.
test: setup ## everything
	@$(MAKE) --no-print-directory -j$(JOBS) all layers lint dev dev-clang
	@$(MAKE) --no-print-directory -j$(JOBS) --output-sync=target PROBE=build/pullprobe \
		unit golden configuration unit-clang seeds explain names compare cloud man-test generated-test \
		build-test release-test
	@$(MAKE) --no-print-directory -j$(JOBS) --output-sync=target lab image-test taskdefs fault-injection

dev-clang unit-clang: %-clang:
	@$(MAKE) --no-print-directory CC=clang $*

demo: setup all ## a broken subnet, looked at
	tests/lab/demo

build/pullprobe.map: build/pullprobe
	@$(STATIC_CC) $(STATIC_CFLAGS) $(STATIC_LDFLAGS) -Wl,-Map=$@ -o build/mapped \
		$(STATIC_OBJECTS) $(STATIC_LIBS)

gallery: setup all ## docs/gallery.md: AWS's causes made in the lab, and the verdicts (root; in no other target)
	PULLPROBE=build/pullprobe tests/lab/gallery docs/gallery.md

pictures: setup all ## docs/pictures/: the comparison's page, light and dark (root, chromium, pngquant; in no other target)
	@for tool in chromium pngquant; do command -v $$tool >/dev/null || { \
		echo "missing: $$tool (apt-get install $$tool)"; exit 1; }; done
	PULLPROBE=build/pullprobe tests/lab/pictures docs/pictures

bench: setup all build/pullprobe.map ## the budgets of the design, measured (root)
	tests/bench/run

clean: ## remove what was built (not the cache of libraries)
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

FORCE:
.PHONY: gallery pictures dist dist-machine release-notes dist-reproducible dev-clang unit-clang generate generated-test man-test install arm64-test sbom licences licenses release-test reproducible
.PHONY: all deps deps-check dev dev-clang unit seeds fuzz golden configuration explain names compare cloud lab taskdefs \
	layers circles lint fault-injection sanitized lab-sanitized valgrind valgrind-units tidy image lambda build-test \
	image-test setup test demo bench clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:
-include $(STATIC_OBJECTS:.o=.d) $(DEV_OBJECTS:.o=.d) $(DEV)/hosts.d \
	$(FUZZ_OBJECTS:.o=.d) $(wildcard $(DEV)/tests/*/*.d $(DEV)/tests/fuzz/*/*.d build/fuzz/tests/fuzz/*.d build/fuzz/tests/fuzz/*/*.d)
