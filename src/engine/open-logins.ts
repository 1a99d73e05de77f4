import { BridgeError } from '../adapter/errors.ts';
import type { VoiceRow } from '../ports/store.ts';
import { type Slots, slots } from '../util/slots.ts';
import { createBackoff } from './backoff.ts';
import type { Context } from './context.ts';
import { pause } from './pause.ts';
import { unseen } from './speakers.ts';
import type { Voices } from './voices.ts';

const AT_ONCE = 5;

/** After a start, opens every login of a network: it may be what listens. */
export async function openLogins(
  context: Context,
  voices: Voices,
  network: string,
  signal: AbortSignal,
): Promise<void> {
  const all = await context.storage.voices.ofNetwork(network);
  const few = slots(AT_ONCE);
  await Promise.all(
    all
      .filter(
        ({ kind, userId }) =>
          kind === 'login' && !(userId && context.optedOut.has(network, userId)),
      )
      .map((row) => openLogin(context, voices, row, { signal, few })),
  );
}

/** Opens a login, again and again until it is open, given up, or refused. */
export async function openLogin(
  context: Context,
  voices: Voices,
  row: VoiceRow,
  { signal, few = slots(1) }: { readonly signal: AbortSignal; readonly few?: Slots },
): Promise<void> {
  const { storage, clock, log } = context;
  const backoff = createBackoff<'login'>();
  while (!signal.aborted && (await storage.voices.byId(row.id))) {
    const error = await tryToOpen(voices, row, { signal, few });
    // How the voice stands is in the log already. It comes back by a new login, not by trying.
    if (!error || error.code === 'logged_out' || error.advice.retry === 'never') return;
    const waitMs = backoff.failed('login', error.retryAfterMs);
    log('info', 'A login cannot be opened; it is tried again', {
      voice: row.id,
      waitMs: Math.round(waitMs),
      error: error.message,
    });
    await pause(clock, waitMs, signal);
  }
}

/** @returns why not. Nothing also when the bridge is stopping. */
async function tryToOpen(
  voices: Voices,
  row: VoiceRow,
  { signal, few }: { readonly signal: AbortSignal; readonly few: Slots },
): Promise<BridgeError | undefined> {
  if (row.userId === undefined) return undefined;
  try {
    await few.enter(signal);
    await voices.open(row, unseen(row.userId)).finally(() => few.leave());
    return undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof BridgeError) return error;
    throw error;
  }
}
