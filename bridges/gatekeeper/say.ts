import { createHash, randomBytes } from 'node:crypto';
import {
  BridgeError,
  type Encoded,
  type Handler,
  type MatrixAction,
  type Part,
  type Sent,
} from '#adapter';
import {
  ApiFailure,
  containerOf,
  deviceNameOf,
  messageIdOf,
  type Said,
  userUriOf,
  writeContainer,
} from '#gia';
import { DEVICE } from './account.ts';
import { orFailure } from './failures.ts';
import { messageIdIn } from './ids.ts';
import type { Member, Refused } from './member.ts';
import { fromWire, hasChange, type Post, type Sending, toWire } from './posts.ts';
import { abandon, made, settle } from './ratchet.ts';
import type { Told } from './told.ts';

/** Whoever speaks, and what is to be known of each conversation for that. */
export interface Mouth {
  memberOf(chat: string, signal: AbortSignal): Promise<Member>;
  /** What a refusal said, for the next encoding. `undefined`: nothing any more. */
  refused(chat: string, refused: Refused | undefined): void;
  readonly told: Told;
}

type Kind = 'message' | 'edit' | 'removal' | 'reaction';

/** The gatekeeper remembers the key of each message for a week, and answers it again. */
export const saying = <K extends Kind>(
  mouth: Mouth,
  toSaid: (action: MatrixAction<K>, signal: AbortSignal) => Promise<Said>,
): Handler<K> => ({
  dropsRepeats: true,
  encode: (action, signal) =>
    orFailure(
      (async (): Promise<Encoded> => {
        const member = await mouth.memberOf(action.chat, signal);
        const { content, id } = contentOf(member, await toSaid(action, signal));
        const { save, ...its } = await made(member, content, signal);
        const attempt = randomBytes(12).toString('base64url');
        const sending = { id, attempt, clientMs: Date.now(), ...its };
        return { parts: [toWire(sending)], save: [save] };
      })(),
    ),
  send: (part, signal) => orFailure(sent(mouth, part, signal)),
});

function contentOf({ talk, ref }: Member, said: Said) {
  const room = talk.conversation.conv_uri;
  const sender = userUriOf(room, ref);
  const container = containerOf(said, { salt: new Uint8Array(randomBytes(16)), sender, room });
  const content = writeContainer(container, Date.now());
  return { content, id: messageIdOf(content, sender, room) };
}

async function sent(mouth: Mouth, part: Part<Kind>, signal: AbortSignal): Promise<Sent> {
  const { chat } = part.action;
  const sending = fromWire(part.wire);
  const member = await mouth.memberOf(chat, signal);
  for (const [n, post] of sending.posts.entries()) {
    const accepted = await posted(
      member,
      { sending, post, key: keyOf(part.key, sending, n) },
      signal,
    ).catch((error: unknown) => notTaken(mouth, member, { sending, post, error }));
    if (hasChange(post)) await settle(member, true);
    else mouth.told.said(chat, { id: sending.id, ...accepted });
  }
  mouth.refused(chat, undefined);
  return { ids: [messageIdIn(sending.id)] };
}

/** Another encoding of the same part is another message: what was refused has used up no key, what was accepted has. */
const keyOf = (partKey: string, { attempt }: Sending, n: number) =>
  createHash('sha256').update(`${partKey} ${attempt} ${n}`).digest('base64url');

interface Posting {
  readonly sending: Sending;
  readonly post: Post;
  readonly key: string;
}

const posted = (
  { site, ref, talk }: Member,
  { sending, post, key }: Posting,
  signal: AbortSignal,
) =>
  site.gatekeeper.call('sendMessage', {
    ...{ params: { conv_id: talk.conversation.conv_id }, user: ref, key, signal },
    body: {
      ...{ suite: talk.suite.id, sender_device: DEVICE, client_ts: sending.clientMs },
      ...(post.epoch !== undefined && { epoch: post.epoch }),
      ...(post.members && { members: [...post.members] }),
      payloads: [...post.payloads],
    },
  });

/** Made of what is no longer so: it is made anew from how it is now. */
async function notTaken(
  mouth: Mouth,
  member: Member,
  { sending, post, error }: Pick<Posting, 'sending' | 'post'> & { readonly error: unknown },
): Promise<never> {
  const refused = refusedIn(error);
  if (!refused) throw error;
  if (hasChange(post) && sending.founded !== undefined) await abandon(member, sending.founded);
  else if (hasChange(post)) await settle(member, false);
  mouth.refused(member.talk.conversation.conv_id, refused);
  throw new BridgeError('stale', String(error), { effect: 'none', cause: error });
}

function refusedIn(error: unknown): Refused | undefined {
  if (!(error instanceof ApiFailure)) return undefined;
  const { problem } = error;
  if (error.code === 'wrong_epoch')
    return { epoch: Number(problem?.['current']), missing: [], gone: [] };
  if (error.code !== 'device_mismatch') return undefined;
  const names = (key: string) => namesIn(problem?.[key]);
  const stale = names('stale');
  return {
    missing: [...names('missing'), ...stale],
    gone: [...names('extra'), ...stale],
  };
}

const namesIn = (listed: unknown): readonly string[] =>
  Array.isArray(listed) ? listed.map((address) => deviceNameOf(address)) : [];
