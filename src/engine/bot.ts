import { createBackoff } from './backoff.ts';
import type { Context } from './context.ts';
import { pause } from './pause.ts';

/**
 * Registers the bridge bot and gives it its name; again and again while the homeserver is away.
 *
 * Resolves once it is done, or `signal` has aborted.
 */
export async function introduceBot(context: Context, signal: AbortSignal): Promise<void> {
  const { matrix, clock, log, botDisplayName } = context;
  const backoff = createBackoff<'bot'>();
  while (!signal.aborted) {
    try {
      await matrix.register(matrix.bot);
      await matrix.setProfile(matrix.bot, { name: botDisplayName });
      return;
    } catch (error) {
      const waitMs = backoff.failed('bot');
      log('warn', 'The bridge bot cannot be registered; it is tried again', {
        waitMs: Math.round(waitMs),
        error: String(error),
      });
      await pause(clock, waitMs, signal);
    }
  }
}
