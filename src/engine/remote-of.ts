import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { RemoteUserId, VoiceId } from '../model/remote-ids.ts';
import type { Context } from './context.ts';
import { voiceId } from './voice-choice.ts';

export interface Where {
  readonly context: Context;
  readonly portal: Portal;
}

type Remote = { readonly user: RemoteUserId } | { readonly voice: VoiceId };

/** As whom a portal's network knows somebody of Matrix: a person of its own, or a voice. `undefined`: as nobody. */
export async function remoteOf(
  { context, portal }: Where,
  userId: MatrixUserId,
): Promise<Remote | undefined> {
  const { names, storage } = context;
  const ghost = names.ghostOf(userId);
  if (ghost) return ghost.network === portal.network ? { user: ghost.user } : undefined;
  for (const kind of ['login', 'enlisted'] as const) {
    const voice = await storage.voices.byId(voiceId(portal.network, kind, userId));
    if (voice) return { voice: voice.id };
  }
  return undefined;
}
