import type { Part, SinglePart } from '../container.ts';
import { must } from '../refusal.ts';
import type { Item, MatrixEvent } from './said.ts';

export const MATRIX_EVENT = 'application/vnd.matrix.event+json';

/** What the content of a message may be in place of. Anything else could do what the container does not say. */
const types = new Set([
  'm.room.message',
  'm.sticker',
  'm.poll.start',
  'org.matrix.msc3381.poll.start',
]);
const filetypes = new Set(['m.file', 'm.image', 'm.audio', 'm.video']);

/** Ids that mean something on one homeserver only; relations are the container's, and files are in the other alternative. */
const local = ['m.relates_to', 'm.new_content', 'url', 'file'];
const localInInfo = ['thumbnail_url', 'thumbnail_file'];

/** An event without its local ids: what one has of it on another homeserver. Of an edit it is the new content. */
export function portable({ type, content }: MatrixEvent): MatrixEvent {
  const info = content['info'];
  const isObject = typeof info === 'object' && info !== null && !Array.isArray(info);
  return {
    type,
    content: {
      ...without(content, local),
      ...(isObject && { info: without(info as Record<string, unknown>, localInInfo) }),
    },
  };
}

/**
 * The event beside `items`, if it may stand for them. It may not where the two differ in what they do: then one reader would
 * see a file, an answer or a taking back where another sees a text. Such an event is passed over and the items hold, so that
 * nothing is lost and everybody sees what the container says. Whom the message answers, edits or reacts to is therefore never
 * taken from the event, and one that names any of that is passed over as a whole.
 */
export function matrixEventOf(part: SinglePart, items: readonly Item[]): MatrixEvent | undefined {
  const event = parse(part.content);
  return event && agrees(event, items) ? event : undefined;
}

export function matrixPart(event: MatrixEvent, items: readonly Item[]): Part {
  const { type, content } = portable(event);
  must(
    agrees({ type, content }, items),
    'parts_disagree',
    `${type} does not say what is beside it`,
  );
  const bytes = new TextEncoder().encode(JSON.stringify({ type, content }));
  const common = { disposition: 1, language: '' };
  return { ...common, kind: 'single', contentType: MATRIX_EVENT, content: bytes };
}

function agrees({ type, content }: MatrixEvent, items: readonly Item[]): boolean {
  if (!types.has(type) || local.some((key) => Object.hasOwn(content, key))) return false;
  const isFile = type === 'm.sticker' || filetypes.has(String(content['msgtype']));
  return isFile === items.some(({ kind }) => kind === 'file');
}

function parse(bytes: Uint8Array): MatrixEvent | undefined {
  try {
    const { type, content } = JSON.parse(new TextDecoder().decode(bytes)) ?? {};
    const isEvent = typeof type === 'string' && isRecord(content);
    return isEvent ? { type, content } : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const without = (from: Readonly<Record<string, unknown>>, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key)));
