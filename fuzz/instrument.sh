#!/bin/sh
# A wrapper of rustc (RUSTC_WRAPPER) that instruments only the crates that read files: what the fuzzer cannot steer costs it most of its time.
# With COMPARES=1 comparisons are traced as well, which finds words of a format sooner and halves the speed.
rustc=$1
shift
case " $* " in
*" --crate-name scimf "* | *" --crate-name hdf5_pure "*)
  set -- "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table
  [ -z "$COMPARES" ] || set -- "$@" -Cllvm-args=-sanitizer-coverage-trace-compares
  ;;
esac
exec "$rustc" "$@"
