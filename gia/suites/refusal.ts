/**
 * Why a step is not taken:
 * - `damaged`: it is no message of this suite, or not what its sender made of it;
 * - `too_large`: more than a hub carries, or more people than a conversation has;
 * - `foreign`: of another group, or from nobody who is in it;
 * - `ahead`: of an epoch that this device has not come to. Something before it is missing;
 * - `too_old`: of an epoch whose keys are gone;
 * - `spent`: its key was used, or given up. Repeated, most likely;
 * - `own`: from this device, an echo;
 * - `lost`: this device's own change, of which its state does not know: the state is older than the group (a restored
 *   backup). Nothing of the group can be read from here on: begin it anew;
 * - `unwanted`: it is valid, and changes what a conversation of this API must not;
 * - `not_welcome`: a welcome for none of the given key packages;
 * - `bad_key_package`: not one of this suite, or no longer valid;
 * - `not_a_member`: whom to remove is not there;
 * - `removed`: this device is no longer in the group;
 * - `unsettled`: too many changes of this device's own wait for the hub's word;
 * - `bad_state`: what was stored is not a state of this suite.
 */
export const wireCodes = [
  'damaged',
  'too_large',
  'foreign',
  'ahead',
  'too_old',
  'spent',
  'own',
  'lost',
  'unwanted',
  'not_welcome',
  'bad_key_package',
  'not_a_member',
  'removed',
  'unsettled',
  'bad_state',
] as const;
export type WireCode = (typeof wireCodes)[number];

/** A step that was not taken: the state from which it was tried stays as it is. */
export class BadWire extends Error {
  readonly code: WireCode;
  constructor(code: WireCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BadWire';
    this.code = code;
  }
}

/** Whatever a library throws in `step` is a refusal as well. */
export async function orRefusal<T>(code: WireCode, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof BadWire) throw cause;
    throw new BadWire(code, 'not what it should be', { cause });
  }
}
