import type { RemoteEvent, VoiceId } from '#adapter';
import type { Conversation } from '#gia';
import { chatIdOf } from './ids.ts';

/**
 * Who can read a conversation, as the gatekeeper computes it of all that are in it. @param since what made it so: of another change
 * to the same level it is another one
 */
export const securityOf = (
  { conv_id, level }: Pick<Conversation, 'conv_id' | 'level'>,
  receiver: VoiceId,
  since: string,
): RemoteEvent<'security'> => ({
  ...{ kind: 'security', chat: chatIdOf(conv_id), receiver, level },
  ...{ sentAtMs: Date.now(), key: `security/${since}` },
});
