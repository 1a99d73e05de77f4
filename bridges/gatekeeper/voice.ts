import {
  BridgeError,
  type Hint,
  type MessageBody,
  type NetworkSession,
  type Voice,
} from '#adapter';
import type { FileItem, Said } from '#gia';
import { DEVICE, type Enlisted } from './account.ts';
import { conversationChange, talkOf } from './conversations.ts';
import { groupDeviceOf } from './enlist.ts';
import { orFailure } from './failures.ts';
import { chatIdOf, userIdOf } from './ids.ts';
import type { Refused } from './member.ts';
import { canOffer, offerFile } from './offer-file.ts';
import type { Progress } from './progress.ts';
import { type Mouth, saying } from './say.ts';
import type { Site } from './site.ts';
import { toSaid } from './to-said.ts';
import type { Told } from './told.ts';

export interface Speaking {
  readonly site: Site;
  readonly voice: Voice;
  readonly account: Enlisted;
  readonly told: Told;
  readonly progress: Progress;
  /** Aborts when the network closes. */
  readonly closing: AbortSignal;
}

/** A Matrix user as somebody whom the gatekeeper knows. */
export function speak(speaking: Speaking): NetworkSession {
  const { site, voice, account, told } = speaking;
  const mouth = mouthOf(speaking);
  async function filesOf({ media = [] }: MessageBody, signal: AbortSignal) {
    const files: FileItem[] = [];
    for (const each of media) files.push(await offerFile(site, each, signal));
    return files;
  }
  return {
    self: userIdOf(account.ref),
    ...(canOffer(site.host.publicUrl) && { takesFiles: true }),
    on: {
      message: saying<'message'>(mouth, async (action, signal) =>
        toSaid.message(action, await filesOf(action.body, signal)),
      ),
      edit: saying<'edit'>(mouth, async (action, signal) =>
        toSaid.edit(action, await filesOf(action.body, signal)),
      ),
      removal: saying<'removal'>(mouth, async (action) => toSaid.removal(action)),
      reaction: saying<'reaction'>(mouth, async (action) => sayable(toSaid.reaction(action))),
    },
    direct: (who, signal) => orFailure(talkTo(site, { voice, account, signal }, who)),
    hint(chat, hint) {
      const body = ephemeralOf(told, chat, hint);
      if (!body) return;
      const call = { params: { conv_id: chat }, user: account.ref, signal: speaking.closing, body };
      site.gatekeeper.call('sendEphemeral', call).catch(() => {});
    },
    close: async () => {},
  };
}

function mouthOf({ site, voice, account, told, progress }: Speaking): Mouth {
  const refusals = new Map<string, Refused>();
  const device = groupDeviceOf(account);
  const { ref } = account;
  return {
    told,
    async memberOf(conv, signal) {
      const talk = await talkOf(site, voice.state, { conv, ref, signal });
      const refused = refusals.get(conv);
      return { site, state: voice.state, device, ref, talk, progress, refused };
    },
    refused(chat, refused) {
      if (refused) refusals.set(chat, refused);
      else refusals.delete(chat);
    },
  };
}

/** What was said before the bridge knew of ids cannot be named. */
function sayable(said: Said | undefined): Said {
  if (said) return said;
  throw new BridgeError('unsupported', 'the reaction has no id', { effect: 'none' });
}

interface Asking {
  readonly voice: Voice;
  readonly account: Enlisted;
  readonly signal: AbortSignal;
}

/** In the first suite of the config that the other side can. */
async function talkTo(site: Site, { voice, account, signal }: Asking, peer: string) {
  const { host, gatekeeper } = site;
  let error: unknown;
  for (const suite of host.config.suites) {
    try {
      const conversation = await gatekeeper.call('createConversation', {
        ...{ user: account.ref, signal },
        body: { type: 'dm', peer, suite },
      });
      await voice.state.save([conversationChange(voice.state, conversation)]);
      return chatIdOf(conversation.conv_id);
    } catch (refusal) {
      if ((refusal as { code?: unknown }).code !== 'suite_mismatch') throw refusal;
      error = refusal;
    }
  }
  throw error;
}

function ephemeralOf(told: Told, chat: string, hint: Hint) {
  if (hint.kind === 'typing')
    return {
      ...{ kind: 'typing' as const, sender_device: DEVICE, active: hint.forMs > 0 },
      ...(hint.forMs > 0 && { ttl_ms: Math.min(hint.forMs, 30_000) }),
    };
  if (hint.kind !== 'read' && hint.kind !== 'received') return undefined;
  const counted = told.countedAs(chat, hint.upTo);
  if (!counted) return undefined;
  const kind = hint.kind === 'read' ? ('read' as const) : ('delivery' as const);
  return { kind, sender_device: DEVICE, up_to: { msg_id: counted.msg_id, seq: counted.seq } };
}
