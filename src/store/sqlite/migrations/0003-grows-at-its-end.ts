/**
 * Remote ids often grow (Slack, Discord, snowflakes): then the index grows at its end, and what shares
 * a commit shares its page. By portal first it would be a page per portal.
 */
export const growsAtItsEnd = `
DROP INDEX link_remote;
CREATE INDEX link_remote ON link (remote_id, portal);
`;
