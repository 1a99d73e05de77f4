import { decode, encode } from 'cborg';
import { endOfItem } from '../cbor.ts';
import { must } from '../refusal.ts';
import { type Report, statuses } from './said.ts';

export const MESSAGE_STATUS = 'application/mimi-message-status';

/** A status that this version does not know says nothing to it, and the others of its report hold. */
export function readReport(bytes: Uint8Array): Report {
  const end = endOfItem(bytes, 0, { kind: 'plain', levels: 2 });
  must(end === bytes.length, 'bad_status', 'something stands behind the list');
  const list: unknown = decode(bytes);
  must(Array.isArray(list), 'bad_status', 'a report is a list');
  return { kind: 'report', statuses: list.flatMap(entry) };
}

function entry(item: unknown): Report['statuses'] {
  must(Array.isArray(item) && item.length === 2, 'bad_status', 'an entry is a pair');
  const [id, number] = item as readonly unknown[];
  must(id instanceof Uint8Array && id.length === 32 && id[0] === 1, 'bad_status', 'a bad id');
  must(typeof number === 'number' && number >= 0, 'bad_status', 'a status is a number');
  const status = statuses[number];
  return status ? [{ id: Buffer.from(id).toString('hex'), status }] : [];
}

export function writeReport(report: Report): Uint8Array {
  const list = report.statuses.map(({ id, status }) => [
    new Uint8Array(Buffer.from(id, 'hex')),
    statuses.indexOf(status),
  ]);
  return new Uint8Array(encode(list));
}
