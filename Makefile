# Two commands do it all: `make run` (sets up, then runs the portal) and `make test`. `make help` lists the rest.
# Needed beforehand: make, and Python 3.11 or newer with its venv module.

PYTHON ?= python3
LAUNCH := $(PYTHON) -m portal.launch

export PYTHONDONTWRITEBYTECODE ?= 1
.DEFAULT_GOAL := help
.PHONY: help install run stop status servers clean test test-browser lint demo demo-jatim scenario bench requirements messages

help:            ## This list
	@$(LAUNCH) help
install:         ## Set up (make run does this by itself)
	@$(LAUNCH) install
run:             ## Run the portal: make run [PORT=8000]
	@$(LAUNCH) run
stop:            ## Stop a portal that runs in another window, or was left behind
	@$(LAUNCH) stop
status:          ## What runs, and where
	@$(LAUNCH) status
servers:         ## Only PostgreSQL and Redis, until Ctrl-C (for work on the code)
	@$(LAUNCH) servers
clean:           ## Delete the data and everything made at set-up; asks first (make clean YES=1 does not)
	@$(LAUNCH) clean
test:            ## Tests: make test [ARGS="-k agenda"]
	@$(LAUNCH) test
test-browser:    ## Tests in a real browser
	@$(LAUNCH) test-browser
lint:            ## Every static check
	@$(LAUNCH) lint
demo:            ## Order the agenda and the notula of the demo edition through the web and check both PDFs
	@$(LAUNCH) demo
scenario:        ## Take the synthetic edition (132 proposals) through desks and plenary and print its totals
	@$(LAUNCH) scenario
demo-jatim:      ## Sign the four memoranda of East Java 2012 in a database of their own, without a code change
	@$(LAUNCH) demo-jatim
bench:           ## Measure speed and size
	@$(LAUNCH) bench
requirements:    ## Compile requirements*.in anew into exact versions with hashes
	@$(LAUNCH) requirements
messages:        ## Collect the texts of the screens into locale/en
	@$(LAUNCH) messages
