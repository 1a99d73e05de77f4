import type { RemoteHint, Voice } from '#adapter';
import { type KnownEvent, suites } from '#gia';
import { accountIn, type Enlisted } from './account.ts';
import { conversationChange, storedConversation, talkOf } from './conversations.ts';
import { gapIn } from './gap.ts';
import { type Taken, taken } from './hear.ts';
import { chatIdOf, messageIdIn, userIdOf } from './ids.ts';
import { offerKeys } from './key-packages.ts';
import type { Ear } from './listen.ts';
import type { Progress } from './progress.ts';
import { securityOf } from './security.ts';
import type { Site } from './site.ts';
import { standingOf } from './standing.ts';
import type { Told } from './told.ts';
import { believe } from './trust.ts';

export interface Hearing {
  readonly site: Site;
  readonly told: Told;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly standing: Ear['standing'];
}

const nothing: Taken = { events: [], save: [] };

/** What each event of the stream means to the voice that it is for. */
export const earOf = (hearing: Hearing): Ear => ({
  async take(event, voice) {
    const account = await accountIn(voice.state, suites['mls10/1'].newDeviceKeys);
    const { ref } = account;
    return ref === undefined
      ? nothing
      : take(hearing, event, { voice, account: { ...account, ref } });
  },
  kept(event) {
    if ('conv_id' in event && event.conv_id) hearing.progress.made(event.conv_id);
  },
  standing: hearing.standing,
  gap: (since) => gapIn(hearing, since),
});

interface For {
  readonly voice: Voice;
  readonly account: Enlisted;
}

async function take(hearing: Hearing, event: KnownEvent, to: For): Promise<Taken> {
  const { site, told, signal } = hearing;
  const { voice, account } = to;
  switch (event.type) {
    case 'message.new': {
      const asked = { conv: event.conv_id, ref: account.ref, signal };
      const talk = await talkOf(site, voice.state, asked);
      return taken({ site, voice, account, talk, told, signal }, event);
    }
    case 'conversation.created':
    case 'conversation.updated': {
      const before = await storedConversation(voice.state, event.conv_id);
      const isNews = before !== undefined && before.level !== event.data.level;
      return {
        events: isNews ? [securityOf(event.data, voice.id, event.event_id)] : [],
        save: [conversationChange(voice.state, event.data)],
      };
    }
    case 'typing':
    case 'receipt':
      hint(hearing, event, voice);
      return nothing;
    case 'keys.low':
      await offerKeys(site, voice.state, { account, signal });
      return nothing;
    case 'identity.changed':
      return { events: [], save: [believe(voice.state, event.data.user_ref, event.data.new)] };
    case 'user.updated':
      site.host.changed({ user: userIdOf(event.data.user_ref) });
      return nothing;
    case 'user.suspended':
    case 'user.restored':
    case 'user.deleted':
      if (event.data.user_ref === account.ref) site.host.report(standingOf(event), voice.id);
      return nothing;
    case 'message.failed':
      site.host.log('warn', 'Nobody fetched a message over there, and it is gone', {
        ...event.data,
      });
      return nothing;
    case 'provider.notice':
      site.host.log('warn', 'The gatekeeper says', { text: event.data.text });
      return nothing;
    case 'devices.changed':
      return nothing;
  }
}

function hint(
  { site, told }: Hearing,
  event: Extract<KnownEvent, { type: 'typing' | 'receipt' }>,
  { id: receiver }: Voice,
): void {
  const { from } = event.data;
  const common = { chat: chatIdOf(event.conv_id), receiver, sender: userIdOf(from) };
  const said = hintOf(event, told);
  if (said) site.host.hint({ ...common, ...said } as RemoteHint);
}

function hintOf(event: Extract<KnownEvent, { type: 'typing' | 'receipt' }>, told: Told) {
  if (event.type === 'typing') {
    const { active, expires_ms } = event.data;
    return { kind: 'typing', forMs: active ? Math.max(0, expires_ms - Date.now()) : 0 };
  }
  const { kind, up_to } = event.data;
  const counted = told.upTo(event.conv_id, up_to.seq);
  if (!counted) return undefined;
  return { kind: kind === 'read' ? 'read' : 'received', upTo: messageIdIn(counted.id) };
}
