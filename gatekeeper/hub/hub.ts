import type { EventEnvelope, KnownEvent } from '#gia/schemas';
import { randomId, type Secrets } from '../server/secrets.ts';
import type { DeviceRow } from '../store/devices.ts';
import type { EventRow } from '../store/events.ts';
import type { Store } from '../store/index.ts';
import type { UserRow } from '../store/users.ts';
import { type Cursors, cursors } from './cursors.ts';
import { deviceStream, providerStream, Streams, streamOf } from './streams.ts';

type Type = KnownEvent['type'];
/** What is put into a queue; the rest of the envelope is added here. */
export type Told<T extends Type = Type> = T extends Type
  ? {
      readonly type: T;
      readonly data: Extract<KnownEvent, { type: T }>['data'];
      readonly conv_id?: string;
      /** Takes the place of what is still queued under the same name. */
      readonly instead?: string;
    }
  : never;

/** Puts events into queues. Within a transaction of the store, so that they are there if the rest of it is. */
export class Hub {
  readonly streams = new Streams();
  readonly cursors: Cursors;
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, secrets: Secrets, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.cursors = cursors(secrets('cursors'));
  }

  /** One event for a person: one at the provider, or one for each device here. */
  tellUser(user: UserRow, told: Told): void {
    if (user.integrator !== 0) this.#add(providerStream(user.integrator), { user }, told);
    else
      for (const { device } of this.#store.devices.of(user.user_ref))
        this.#add(deviceStream(user.user_ref, device), { user, device }, told);
  }

  tellDevice(user: UserRow, { device }: Pick<DeviceRow, 'device'>, told: Told): void {
    this.#add(streamOf(user, device), { user, device }, told);
  }

  /** A device is no more: whoever reads for it is told what waits, and no more after that. */
  endDevice({ integrator, user_ref }: UserRow, device: string): void {
    if (integrator === 0)
      this.streams.finish((stream) => stream === deviceStream(user_ref, device));
  }

  tellProvider(integrator: number, told: Told): void {
    this.#add(providerStream(integrator), {}, told);
  }

  /** To whoever listens at this moment; kept nowhere. */
  tellNow(user: UserRow, told: Told<'typing'>): void {
    const event_id = randomId('ev_');
    const streams =
      user.integrator === 0
        ? this.#store.devices
            .of(user.user_ref)
            .map(({ device }) => deviceStream(user.user_ref, device))
        : [providerStream(user.integrator)];
    for (const stream of streams)
      this.streams.say(stream, {
        event_id,
        type: told.type,
        to: { user_ref: user.user_ref },
        ...(told.conv_id !== undefined && { conv_id: told.conv_id }),
        data: told.data,
      });
  }

  #add(stream: string, to: { user?: UserRow; device?: string }, told: Told): void {
    this.#store.events.add({
      stream,
      event_id: randomId('ev_'),
      type: told.type,
      to_ref: to.user?.user_ref ?? null,
      to_device: to.device ?? null,
      conv_id: told.conv_id ?? null,
      data: JSON.stringify(told.data),
      instead: told.instead ?? null,
      at_ms: this.#now(),
    });
    this.streams.wake(stream);
  }

  envelope(row: EventRow): EventEnvelope {
    return {
      event_id: row.event_id,
      cursor: this.cursors.write(row.stream, row.n),
      type: row.type,
      ...(row.to_ref !== null && {
        to: { user_ref: row.to_ref, ...(row.to_device !== null && { device: row.to_device }) },
      }),
      ...(row.conv_id !== null && { conv_id: row.conv_id }),
      data: JSON.parse(row.data),
    };
  }
}
