#!/bin/sh
# Every clinical story decides as it says.
exec "$CORDWATCH" test --quiet "$top_srcdir"/tests/stories/*.story
