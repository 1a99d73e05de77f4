/*
 * What a line is about, told by tags that clients give it and servers pass on.
 * See https://ircv3.net/specs/client-tags/reply and https://ircv3.net/specs/client-tags/react
 */

import { type RemoteMessageId, remoteMessageId } from '#adapter';
import { withoutControls } from './looks.ts';
import type { Line } from './wire/line.ts';

/** Under the name that it has, and under that which it had before: clients read the one or the other. */
const REPLY = ['+reply', '+draft/reply'] as const;
const REACT = '+draft/react';
const UNREACT = '+draft/unreact';
/** What is longer is no reaction but a speech. */
const MOST_BYTES = 100;

/** What a line answers. */
export function answeredIn({ tags }: Line): RemoteMessageId | undefined {
  const id = REPLY.map((name) => tags.get(name)).find((value) => value);
  return id === undefined ? undefined : remoteMessageId(id);
}

export interface Reaction {
  readonly target: RemoteMessageId;
  readonly emoji: string;
  readonly removed: boolean;
}

export function reactionIn(line: Line): Reaction | undefined {
  const target = answeredIn(line);
  const given = line.tags.get(REACT);
  const emoji = withoutControls(given ?? line.tags.get(UNREACT) ?? '').trim();
  if (target === undefined || !isShort(emoji)) return undefined;
  return { target, emoji, removed: given === undefined };
}

export const isShort = (emoji: string): boolean =>
  emoji !== '' && Buffer.byteLength(emoji) <= MOST_BYTES;

export type ClientTags = Readonly<Record<string, string>>;

export const replyTags = (target: RemoteMessageId): ClientTags =>
  Object.fromEntries(REPLY.map((name) => [name, target]));

export const reactionTags = ({ target, emoji, removed }: Reaction): ClientTags => ({
  ...replyTags(target),
  [removed ? UNREACT : REACT]: emoji,
});
