import { createHmac } from 'node:crypto';

/**
 * Names that are the same in every attempt and that nobody else can compute.
 *
 * Keyed with a secret of this bridge: a plain hash of public ids could be made by anyone, and used to
 * pass a message of theirs off as one of ours.
 */
export interface Keys {
  /** The idempotency key of one part of a delivery to a network. */
  part(eventId: string, portal: number, part: number): string;
  /** The marker of what is sent to Matrix; also its transaction id. */
  marker(...about: readonly (string | number)[]): string;
}

export function createKeys(secret: Uint8Array): Keys {
  /** 162 bits in 27 characters, which every network's tag and every path can hold. */
  const hash = (about: readonly (string | number)[]) =>
    createHmac('sha256', secret).update(JSON.stringify(about)).digest('base64url').slice(0, 27);
  return {
    part: (eventId, portal, part) => hash(['part', eventId, portal, part]),
    marker: (...about) => hash(['marker', ...about]),
  };
}
