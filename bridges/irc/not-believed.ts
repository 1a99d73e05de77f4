import { type RemoteEvent, remoteMessageId, type Voice } from '#adapter';
import type { IrcConfig } from './config.ts';
import { chatIdOf, userIdOf } from './ids.ts';
import type { Features } from './wire/isupport.ts';

/** Tells somebody in the private room of NickServ that they speak without their account, and why. */
export function notBelieved(
  { id }: Voice,
  why: string,
  about: { readonly config: IrcConfig; readonly features: Features; readonly atMs: number },
): RemoteEvent<'message'> {
  const { config, features, atMs } = about;
  const text = `Your account ${why}. You speak without it. A new login, or a logout, ends this.`;
  return {
    kind: 'message',
    chat: chatIdOf(config.nickServ, features),
    receiver: id,
    id: remoteMessageId(`account-${atMs}`),
    sender: userIdOf(config.nickServ, features),
    sentAtMs: atMs,
    body: { text, as: 'notice' },
  };
}
