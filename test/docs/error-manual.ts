import { BridgeError, type BridgeErrorCode } from '#adapter';
import type { OwnCode } from '../../src/engine/tell.ts';

/** What each code means. Adding a code stops this from compiling until it is explained. */
const meaning: Record<BridgeErrorCode, string> = {
  logged_out:
    'The voice has no valid login, or its identity is gone. Its messages wait on disk until it has one again.',
  unsupported: 'The network, or this adapter, cannot do that at all.',
  not_allowed: 'The network forbids it: banned, muted, no right to.',
  too_large: 'Larger than the network takes.',
  rate_limited: 'Too much at once. The message keeps its place and is sent later.',
  unreachable: 'The network cannot be reached now. The message keeps its place and is sent later.',
  stale:
    'What it was built on has changed in the meantime; it is built anew. Nothing for an operator to do.',
  protocol:
    'The network answered something that makes no sense, or the adapter has a bug: see the log.',
};

/** What the core says of itself, with no failure of an adapter. */
const ownMeaning: Record<OwnCode, string> = {
  target_absent: 'a reaction to a message that is not known over there',
  target_unknown: 'something was to be taken back of which nobody knows whether it is over there',
  title_refused: 'a name or topic that the network did not take',
  shut_out:
    'something of somebody whom `permissions` or a policy room keeps out, which they are told once a day',
  power_refused: 'power that the network did not let somebody give or take',
};

const codes = Object.keys(meaning) as BridgeErrorCode[];

/** `docs/errors.md`, from the codes and what the core does about each. */
export function printErrorManual(): string {
  const own = Object.entries(ownMeaning).map(([code, is]) => `\`${code}\` (${is})`);
  return `# What can go wrong with a message

Printed from \`src/adapter/errors.ts\` (\`npx vitest run test/docs -u\` prints it again). An adapter reports every failure with one of
these codes and an *effect*: \`none\` (nobody there can have seen it, so it may be tried again) or \`unknown\` (it may have arrived: it
is looked up where the network can tell, else its sender is told that nobody knows, and it is never sent again by itself).

| code | meaning | tried again | sender is told |
|---|---|---|---|
${codes.map(row).join('\n')}

The core itself says ${own.slice(0, -1).join(', ')} and ${own.at(-1)}.
None of these is tried again by itself, and the sender is told.

What ended without being delivered is a dead letter: \`drawbridge dead-letters\` lists it with its code, \`drawbridge retry <id>\` puts it
back in its place, \`drawbridge discard <id>\` forgets it. What is tried again stops after \`bridge.maxAgeMs\`; then it has failed, and
its sender is told.
`;
}

function row(code: BridgeErrorCode): string {
  const { retry, tellUser } = new BridgeError(code, '', { effect: 'none' }).advice;
  const cells = [
    `\`${code}\``,
    meaning[code],
    retry === 'later' ? 'yes' : 'no',
    tellUser ? 'yes' : 'no',
  ];
  return `| ${cells.join(' | ')} |`;
}
