#!/bin/sh
# Checks that the streams have the golden bits, and the elementary functions their
# error bounds, on every architecture this machine can run: natively with and
# without assembly, at GOAMD64=v1 and v3, on 386, and under the user-mode emulators
# of qemu (package qemu-user) for arm64, riscv64, ppc64le and s390x (big-endian).
#
#	sh noise/crosscheck.sh            all, skipping those whose emulator is missing
#	sh noise/crosscheck.sh arm64      only these, which must run
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export CGO_ENABLED=0

check() { # name, runner, go test flags...
	name=$1 runner=$2
	shift 2
	go test -c -o "$tmp/noise" "$@" .
	go test -c -o "$tmp/vmath" "$@" ../internal/vmath
	$runner "$tmp/noise" -test.run 'Golden|Definition|OneValue|Example'
	$runner "$tmp/vmath" -test.run 'Error|Specials|Unit|Tails|Agree'
	echo "$name: same bits"
}

native() {
	for level in v1 v3; do GOAMD64=$level check "amd64 $level" ""; done
	check "amd64 noasm" "" -tags noasm
	GOARCH=386 check 386 ""
}

only=$*
for arch in ${only:-amd64 arm64 riscv64 ppc64le s390x}; do
	emulator=$arch
	[ "$arch" = arm64 ] && emulator=aarch64
	if [ "$arch" = amd64 ] && [ "$(go env GOHOSTARCH)" = amd64 ]; then
		native
	elif command -v "qemu-$emulator" >/dev/null; then
		GOARCH=$arch check "$arch" "qemu-$emulator"
	elif [ -n "$only" ]; then
		echo "$arch: qemu-$emulator is missing" >&2
		exit 1
	else
		echo "$arch: qemu-$emulator is missing, skipped"
	fi
done
