# mxray: two commands are enough. `make serve` opens the page, `make test` runs everything.
# Both install what is missing first, say what they do, and are quick when nothing is missing.

.PHONY: help serve build test bench lighthouse install clean

help:
	@echo 'make serve       build the page and serve it on 127.0.0.1 (PORT=8080 to choose the port)'
	@echo 'make test        everything: format, lints, native tests, budgets, journeys in two browsers'
	@echo 'make build       write the movable site into dist/'
	@echo 'make bench       whole-check time beside checkdmarc, page load, Lighthouse'
	@echo 'make lighthouse  Lighthouse alone'
	@echo 'make clean       remove what was built and installed inside the project'

serve: build
	@node .ci/serve.mjs

build:
	@bash .ci/install build
	@bash .ci/build

test:
	@bash .ci/install test
	@node .ci/test.mjs

bench:
	@bash .ci/install bench
	@node benches/run.mjs

lighthouse:
	@bash .ci/install bench
	@node benches/run.mjs lighthouse

install:
	@bash .ci/install test

clean:
	rm -rf dist target .tools tests/browser/node_modules tests/browser/out benches/node_modules
