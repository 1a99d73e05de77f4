import { afterEach, beforeEach, expect } from 'vitest';
import type { MatrixEventId, MatrixRoomId } from '../../model/matrix-ids.ts';
import type { Portal } from '../../model/portal.ts';
import {
  type ChatView,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
  type VoiceId,
} from '../../model/remote-ids.ts';
import type { Delivery, RemoteDelivery, RemoteEvent, Write } from '../../ports/journal.ts';
import type { Storage } from '../../ports/store.ts';

/** A storage to be tested. */
export interface OpenedStorage {
  readonly storage: Storage;
  /** Closes it and opens it again. One that keeps nothing gives back itself. */
  reopen(): Promise<Storage>;
  close(): Promise<void>;
}

/** Opens an empty storage. */
export type MakeStorage = () => Promise<OpenedStorage>;

/** The storage of the running test. */
export interface Open {
  readonly storage: Storage;
  reopen(): Promise<void>;
}

export function openEach(makeStorage: MakeStorage): Open {
  let opened: OpenedStorage | undefined;
  let storage: Storage | undefined;
  beforeEach(async () => {
    opened = await makeStorage();
    storage = opened.storage;
  });
  afterEach(async () => opened?.close());
  return {
    get storage() {
      if (!storage) throw new Error('The storage is open within a test only.');
      return storage;
    },
    async reopen() {
      storage = await opened?.reopen();
    },
  };
}

export const network = 'net';
export const chat = remoteChatId('#chat');
export const voice = 'ann' as VoiceId;
export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
export const message = (id: string) => remoteMessageId(id);

export const matrixEvents = (...ids: string[]): Write => matrixEventsIn('!room', ...ids);

export const matrixEventsIn = (roomId: MatrixRoomId, ...ids: string[]): Write => ({
  kind: 'matrix-events',
  atMs: 1000,
  events: ids.map((id) => ({
    id: `$${id}`,
    roomId,
    json: JSON.stringify({ event_id: `$${id}`, sender: '@ann:example.org' }),
  })),
});

/** A message from the network. Without a key unless `over` says so. */
export const said = (
  id: string,
  over: Partial<RemoteEvent<'message'>> = {},
): RemoteEvent<'message'> => ({
  kind: 'message',
  chat,
  sender: remoteUserId('bob'),
  id: remoteMessageId(id),
  body: { text: `text of ${id}` },
  sentAtMs: 500,
  ...over,
});

export const remoteEvents = (...events: RemoteEvent[]): Write => ({
  kind: 'remote-events',
  network,
  atMs: 1000,
  events,
});

export function linkPortal(
  storage: Storage,
  over: Partial<Omit<Portal, 'id' | 'encrypted'>> = {},
): Promise<Portal> {
  const plain = { network, chat, roomId: '!room', ownsRoom: false, origin: 'config' } as const;
  return storage.portals.link({ ...plain, ...over });
}

/** Heard and understood: one delivery to a portal, not begun. */
export async function makeDelivery(
  storage: Storage,
  portal: number,
  id: string,
): Promise<Delivery> {
  await written(storage, matrixEvents(id));
  await written(storage, { kind: 'deliveries', of: `$${id}`, portals: [portal] });
  const found = (await storage.journal.head(portal, 1000)).find((d) => d.eventId === `$${id}`);
  return must(found);
}

/** Begun with a part for each key, in doubt. */
export async function makeBegun(
  storage: Storage,
  portal: number,
  about: { id: string; keys: readonly string[] },
): Promise<number> {
  const { id } = await makeDelivery(storage, portal, about.id);
  await written(storage, begun(id, ...about.keys));
  return id;
}

export const begun = (delivery: number, ...keys: string[]): Write => ({
  kind: 'begun',
  delivery,
  voice,
  atMs: 2000,
  parts: keys.map((key, index) => ({ key, wire: bytes(index) })),
});

export const partSent = (delivery: number, part: number, ...ids: string[]): Write => ({
  kind: 'part-sent',
  delivery,
  part,
  ids: ids.map(remoteMessageId),
});

export const ended = (
  delivery: number,
  as: 'delivered' | 'failed' | 'unknown',
  over: { reason?: string; tell?: boolean; atMs?: number } = {},
): Write => ({ kind: 'ended', delivery, as, atMs: 3000, ...over });

/** Heard, and on its way to a portal. */
export async function makeRemoteDelivery(
  storage: Storage,
  portal: number,
  event: RemoteEvent,
): Promise<RemoteDelivery> {
  await written(storage, remoteEvents(event));
  return must((await storage.journal.remoteHead(portal, 1000)).at(-1));
}

/** Commits, and checks that it was not refused. */
export async function written(storage: Storage, ...writes: Write[]): Promise<void> {
  expect(await storage.journal.commit(writes)).toBe('written');
}

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The storage has not kept what it was given.');
  return value;
}

export const waitingEvents = async (storage: Storage, roomId: MatrixRoomId = '!room') =>
  (await storage.journal.roomHead(roomId, 1000)).map(({ id }) => id);

export const waitingDeliveries = async (
  storage: Storage,
  portal: number,
): Promise<readonly MatrixEventId[]> =>
  (await storage.journal.head(portal, 1000)).map(({ eventId }) => eventId);

const nameOf = ({ event }: { readonly event: RemoteEvent }) =>
  'id' in event ? event.id : event.kind;

/** The ids of the messages that wait in the chat's lane: it has no portal yet, or had none when they came. */
export const waitingForPortals = async (storage: Storage, view: ChatView = { chat }) =>
  (await storage.journal.chatHead(network, view, 1000)).map(nameOf);

/** The ids of the messages that wait for a portal. */
export const waitingIn = async (storage: Storage, portal: number) =>
  (await storage.journal.remoteHead(portal, 1000)).map(nameOf);

/** Both, of a chat with one portal at most. */
export async function waitingMessages(storage: Storage, view: ChatView = { chat }) {
  const [portal] = await storage.portals.ofChat(network, view);
  const inLane = portal ? await waitingIn(storage, portal.id) : [];
  return [...inLane, ...(await waitingForPortals(storage, view))];
}
