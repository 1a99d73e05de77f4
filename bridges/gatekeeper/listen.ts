import type { StateChange, Voice, VoiceId } from '#adapter';
import { ApiFailure, cursorOf, follow, type Happening, type KnownEvent } from '#gia';
import { failureOf } from './failures.ts';
import type { Taken } from './hear.ts';
import { untilFresh } from './ratchet.ts';
import type { Site } from './site.ts';

const CURSOR = 'cursor';

/** Deals with one kind of event for one voice. */
export interface Ear {
  /** Reads its state, and changes nothing: it is asked again where that was not fresh any more. */
  take(event: KnownEvent, voice: Voice): Promise<Taken>;
  /** What it took is on disk. */
  kept(event: KnownEvent): void;
  /** What there was after our cursor cannot be had any more. */
  gap(): Promise<Taken>;
}

/** One stream for all voices: each event is on disk, with its cursor and what it changes, before it is acknowledged. */
export async function listen(site: Site, ear: Ear, signal: AbortSignal): Promise<void> {
  for (;;) {
    const stored = await site.host.state.get(CURSOR);
    const cursor = stored && Buffer.from(stored).toString();
    try {
      const events = follow(site.gatekeeper, { signal, ...(cursor && { cursor }) });
      for await (const happening of events) await dealWith(site, ear, happening);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiFailure && error.code === 'cursor_gone')) throw failureOf(error);
      await overGap(site, ear, String(error.problem?.['oldest']));
    }
  }
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

async function overGap(site: Site, ear: Ear, oldest: string): Promise<void> {
  site.host.log('error', 'The gatekeeper does not keep any more what came after our cursor', {});
  const { events, save } = await ear.gap();
  await site.host.emit(events, [...save, moveTo(site, oldest)]);
}

const moveTo = ({ host }: Site, cursor: string): StateChange =>
  host.state.change(CURSOR, Buffer.from(cursor));
