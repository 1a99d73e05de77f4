import { BridgeError, type Effect } from '../adapter/errors.ts';
import type { Clock } from '../ports/clock.ts';

/** An adapter that does not give up when told to is left behind after this. */
const GRACE_MS = 5_000;

/**
 * Calls an adapter under a deadline. What it rejects with is a `BridgeError` in any case.
 *
 * @param effect what a failure without a word of its own may have done to the network.
 */
export async function withDeadline<T>(
  clock: Clock,
  limits: { readonly deadlineMs: number; readonly effect: Effect },
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancels: (() => void)[] = [];
  const abandoned = new Promise<never>((_, reject) => {
    const late = () =>
      reject(
        new BridgeError('unreachable', `No answer within ${limits.deadlineMs} ms`, {
          effect: limits.effect,
        }),
      );
    cancels.push(
      clock.after(limits.deadlineMs, () => {
        controller.abort(new Error(`No answer within ${limits.deadlineMs} ms`));
        cancels.push(clock.after(GRACE_MS, late));
      }),
    );
  });
  try {
    return await Promise.race([call(controller.signal), abandoned]);
  } catch (error) {
    throw asBridgeError(error, limits.effect, controller.signal.aborted);
  } finally {
    for (const cancel of cancels) cancel();
  }
}

/** Any other rejection of an adapter counts as `protocol`; one after an abort as `unreachable`. */
function asBridgeError(error: unknown, effect: Effect, aborted: boolean): BridgeError {
  if (error instanceof BridgeError) return error;
  const code = aborted ? 'unreachable' : 'protocol';
  return new BridgeError(code, String(error), { effect, cause: error });
}
