import { createHash } from 'node:crypto';
import { Fault } from '../fault.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Draft, StateView, StoredEvent } from './event.ts';
import { prune } from './prune.ts';

const MAX_EVENT_BYTES = 65_536;
const MAX_FIELD_BYTES = 255;
/** Where an event stands when it is made: what its id depends on beside what it says. */
export interface Place {
  readonly roomId: string;
  readonly serverName: string;
  readonly depth: number;
  readonly previous: string | undefined;
}

/**
 * The id of an event to be, by its hash as servers exchange it.
 *
 * @throws {Fault} 413 where the event, with the parts that only servers see, is too large.
 */
export function eventIdFor(view: StateView, draft: Draft & { sentAtMs: number }, place: Place) {
  const wire = {
    auth_events: authEvents(view, draft),
    content: draft.content,
    depth: place.depth,
    hashes: { sha256: '' },
    origin_server_ts: draft.sentAtMs,
    prev_events: place.previous === undefined ? [] : [place.previous],
    ...(place.roomId !== '' && { room_id: place.roomId }),
    sender: draft.sender,
    ...(draft.stateKey !== undefined && { state_key: draft.stateKey }),
    type: draft.type,
  };
  const hash = sha256(canonicalJson(wire));
  const signed = {
    ...wire,
    hashes: { sha256: hash },
    signatures: signature(place.serverName),
    unsigned: { age_ts: Date.now(), replaces_state: replacedBy(view, draft) },
  };
  checkSize(canonicalJson(signed), [draft.type, draft.sender, draft.stateKey ?? '', place.roomId]);
  const kept = prune({ ...wire, event_id: '' } as unknown as StoredEvent);
  return `$${sha256(canonicalJson({ ...kept, hashes: { sha256: hash }, unsigned: undefined }))}`;
}

const replacedBy = (view: StateView, { type, stateKey }: Draft) =>
  stateKey === undefined ? undefined : view.state(type, stateKey)?.event_id;

function authEvents(view: StateView, draft: Draft): readonly string[] {
  const isMember = draft.type === 'm.room.member';
  const types = [
    ...(view.version === '12' ? [] : ['m.room.create']),
    'm.room.power_levels',
    ...(isMember ? ['m.room.join_rules'] : []),
  ];
  const members = new Set([draft.sender, ...(isMember ? [draft.stateKey] : [])]);
  return [
    ...types.map((type) => view.state(type)),
    ...[...members].map((userId) => view.state('m.room.member', userId)),
  ].flatMap((event) => event?.event_id ?? []);
}

/** Not a real one: nobody checks it, but its length counts. */
const signature = (serverName: string) => ({ [serverName]: { 'ed25519:a_DEVX': 'A'.repeat(86) } });

function checkSize(json: string, fields: readonly string[]): void {
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_EVENT_BYTES)
    throw new Fault(413, 'M_TOO_LARGE', `event too large: ${bytes} bytes of ${MAX_EVENT_BYTES}`);
  for (const field of fields)
    if (Buffer.byteLength(field) > MAX_FIELD_BYTES)
      throw new Fault(413, 'M_TOO_LARGE', `'${field.slice(0, 40)}…' is too large`);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
