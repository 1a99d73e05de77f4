/**
 * A limit that is given with each call. SQLite plans by the value of a bare parameter there, and so
 * prepares the whole statement anew each time: that takes ten times as long as to run it.
 */
export const limit = 'LIMIT CAST(? AS INTEGER)';
