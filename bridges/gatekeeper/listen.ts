import type { StateChange, Voice, VoiceId } from '#adapter';
import {
  ApiFailure,
  cursorOf,
  type Following,
  follow,
  type Happening,
  type KnownEvent,
} from '#gia';
import { failureOf } from './failures.ts';
import type { Taken } from './hear.ts';
import { untilFresh } from './ratchet.ts';
import type { Site } from './site.ts';

const CURSOR = 'cursor';

/** How far the stream was taken, and when. */
export interface Place {
  readonly cursor: string;
  readonly atMs: number;
}

/** Deals with one kind of event for one voice. */
export interface Ear {
  /** Reads its state, and changes nothing: it is asked again where that was not fresh any more. */
  take(event: KnownEvent, voice: Voice): Promise<Taken>;
  /** What it took is on disk. */
  kept(event: KnownEvent): void;
  /** The stream stands, or does not, and why. */
  standing(failure: ApiFailure | undefined): void;
  /** What came after our cursor cannot be had any more. */
  gap(since: Place): Promise<Taken>;
}

/** One stream for all voices: each event is on disk, with its cursor and what it changes, before it is acknowledged. */
export async function listen(site: Site, ear: Ear, signal: AbortSignal): Promise<void> {
  for (;;) {
    const place = await placeIn(site);
    try {
      const after = { signal, pauseMs, standing: ear.standing };
      await listenFrom(site, ear, { ...after, ...(place && { cursor: place.cursor }) });
    } catch (error) {
      signal.throwIfAborted();
      const oldest = goneUpTo(error);
      if (!place || oldest === undefined) throw failureOf(error);
      await overGap(site, ear, { place, oldest });
    }
  }
}

/** Nobody is heard meanwhile, and to ask costs little. */
const pauseMs = (failures: number) => Math.min(3_000, 50 * 2 ** failures);

async function listenFrom(site: Site, ear: Ear, after: Following): Promise<void> {
  for await (const happening of follow(site.gatekeeper, after))
    await dealWith(site, ear, happening);
}

async function placeIn({ host }: Site): Promise<Place | undefined> {
  const stored = await host.state.get(CURSOR);
  return stored && JSON.parse(Buffer.from(stored).toString());
}

/** Where the stream begins, if our place is no longer in it. */
function goneUpTo(error: unknown): string | undefined {
  const isGone = error instanceof ApiFailure && error.code === 'cursor_gone';
  return isGone ? String(error.problem?.['oldest']) : undefined;
}

async function dealWith(site: Site, ear: Ear, happening: Happening): Promise<void> {
  const cursor = cursorOf(happening);
  const moved = cursor === undefined ? [] : [moveTo(site, cursor)];
  await untilFresh(async () => {
    const { events, save } = await takenBy(site, ear, happening);
    await site.host.emit(events, [...save, ...moved]);
  });
  if (happening.isKnown) ear.kept(happening.event);
  // One that is lost is made good by the next.
  if (cursor !== undefined)
    await site.gatekeeper.call('acknowledgeEvents', { body: { cursor } }).catch(() => {});
}

async function takenBy(site: Site, ear: Ear, happening: Happening): Promise<Taken> {
  const nothing = { events: [], save: [] };
  if (!happening.isKnown) return nothing;
  const voice = await voiceOf(site, happening.event.to?.user_ref);
  return voice ? ear.take(happening.event, voice) : nothing;
}

async function voiceOf({ host }: Site, ref: string | undefined): Promise<Voice | undefined> {
  const id = ref === undefined ? undefined : await host.state.get(`ref/${ref}`);
  return id && host.voice(Buffer.from(id).toString() as VoiceId);
}

/** A restored backup, or a bridge that was away for longer than the gatekeeper keeps things. */
async function overGap(
  site: Site,
  ear: Ear,
  { place, oldest }: { readonly place: Place; readonly oldest: string },
): Promise<void> {
  site.host.log('error', 'The gatekeeper does not keep any more what came after our cursor', {
    since: new Date(place.atMs).toISOString(),
  });
  const { events, save } = await ear.gap(place);
  await site.host.emit(events, [...save, moveTo(site, oldest)]);
}

function moveTo({ host }: Site, cursor: string): StateChange {
  const place: Place = { cursor, atMs: Date.now() };
  return host.state.change(CURSOR, Buffer.from(JSON.stringify(place)));
}
