import {
  BridgeError,
  type Host,
  type LoginFlow,
  remoteUserId,
  type Voice,
  type VoiceId,
} from '#adapter';
import { oneLine } from './format.ts';
import type { Ask, Client } from './wire.ts';

const at = (voice: Voice) => `/clients/${encodeURIComponent(voice.id)}`;

/** Somebody lets the bot act for them, by a token that they made on the network. */
export const tokenLogin = (bot: Ask): LoginFlow => ({
  id: 'token',
  name: 'With a token',
  start: async (voice) => ({
    kind: 'ask',
    fields: [{ id: 'token', name: 'Token', type: 'secret' }],
    async submit({ token = '' }, signal) {
      const client = await bot<Client>(`PUT ${at(voice)}`, signal, { kind: 'login', token });
      const save = [voice.state.change('token', Buffer.from(token))];
      return { kind: 'done', self: remoteUserId(client.id), save };
    },
  }),
});

/**
 * The account that a voice speaks with.
 *
 * The network knows it by the voice's id: asked again, as after a crash in between, it gives the
 * same one. What is said to it in private can so be told from the first moment whom it is for.
 */
export async function clientOf(voice: Voice, bot: Ask, signal: AbortSignal): Promise<Client> {
  return bot(`PUT ${at(voice)}`, signal, await wanted(voice));
}

async function wanted({ kind, speaker, state }: Voice): Promise<object> {
  if (kind === 'relay') return { kind };
  if (kind === 'enlisted') return { kind, displayName: oneLine(speaker?.displayName ?? '') };
  const token = await state.get('token');
  if (!token) throw new BridgeError('logged_out', 'there is no token', { effect: 'none' });
  return { kind, token: Buffer.from(token).toString() };
}

/** Those of these voices that the core has. One may be given up while something comes for it. */
export async function known(
  ids: ReadonlySet<VoiceId>,
  host: Pick<Host<unknown>, 'voice'>,
): Promise<ReadonlySet<VoiceId>> {
  const voices = await Promise.all([...ids].map((id) => host.voice(id)));
  return new Set(voices.flatMap((voice) => (voice ? [voice.id] : [])));
}
