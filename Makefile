# Every recipe is one line; what it does in detail stands in the script it calls.
.PHONY: run test build bench fuzz soak dist format lint docs

run:    ; @Scripts/run           # set up, make a card, put it into a reader of its own, let OpenSC use it (ONCE=1: then stop)
test:   ; @Scripts/test          # set up, lint, check layers, build, run every test
build:  ; @Scripts/setup build && swift build
bench:  ; @Scripts/setup bench && Scripts/bench
fuzz:   ; @Scripts/setup build && Scripts/fuzz
soak:   ; @Scripts/setup test && Scripts/soak
dist:   ; @Scripts/setup build && Scripts/dist
format: ; @swift format --in-place --recursive Sources Tests Package.swift Benchmarks/Sources Benchmarks/Package.swift Fuzzing/Sources Fuzzing/Package.swift
lint:   ; @Scripts/lint
docs:   ; @Scripts/docs          # print the card's tables into docs/card/profile.md
