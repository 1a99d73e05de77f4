import { createHmac } from 'node:crypto';
import type { Delivery } from '../ports/journal.ts';

/**
 * Names that are the same in every attempt and that nobody else can compute.
 *
 * Keyed with a secret of this bridge: a plain hash of public ids could be made by anyone, and used to
 * pass a message of theirs off as one of ours.
 */
export interface Keys {
  /**
   * The idempotency key of one part of a delivery to a network. A later delivery's is greater, so that
   * the journal's index of them grows at its end: a commit of a hundred writes one page of it.
   */
  part(delivery: Pick<Delivery, 'id' | 'eventId' | 'portal'>, part: number): string;
  /** The marker of what is sent to Matrix; also its transaction id. */
  marker(...about: readonly (string | number)[]): string;
  /** What shows that a public link is one that this bridge gave: 132 bits. */
  link(about: string): string;
}

/** As many as hold 2.8 * 10^12 deliveries. */
const PLACE_CHARS = 8;

export function createKeys(secret: Uint8Array): Keys {
  /** 162 bits in 27 characters, which every network's tag and every path can hold. */
  const hash = (about: readonly (string | number)[]) =>
    createHmac('sha256', secret).update(JSON.stringify(about)).digest('base64url').slice(0, 27);
  return {
    part: ({ id, eventId, portal }, part) =>
      id.toString(36).padStart(PLACE_CHARS, '0') + hash(['part', eventId, portal, part]),
    marker: (...about) => hash(['marker', ...about]),
    link: (about) => hash(['link', about]).slice(0, 22),
  };
}
