"""BobChat: a small messenger that is open to a gatekeeper, written from docs/gia alone."""
