import { type EventEnvelope, limits } from '#gia/schemas';
import { readStream } from '../hub/read-stream.ts';
import { deviceStream, providerStream } from '../hub/streams.ts';
import type { Context } from '../server/context.ts';
import type { Handlers, LocalCaller, ProviderCaller } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';

export interface EventOptions {
  readonly heartbeatMs: number;
  readonly watch: (event: EventEnvelope) => void;
}

export function events(
  { store, hub }: Context,
  { heartbeatMs, watch }: EventOptions,
): Handlers<'streamEvents' | 'acknowledgeEvents'> {
  function start(stream: string, cursor: string | undefined): number {
    const gone = store.events.goneUpTo(stream);
    if (cursor === undefined) return gone;
    const n = hub.cursors.read(stream, cursor);
    // Beyond the newest: of a database that was restored since.
    if (n < gone || n > store.events.newest())
      refuse(
        'cursor_gone',
        `What came after this cursor is kept ${limits.queueDays} days, or until it is acknowledged`,
        {
          oldest: hub.cursors.write(stream, gone),
        },
      );
    return n;
  }
  return {
    streamEvents({ caller, query, headers }) {
      const stream = streamFor(caller);
      const after = start(stream, headers['Last-Event-ID'] ?? query.cursor);
      return {
        status: 200,
        headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
        body: readStream(stream, after, { store, hub, heartbeatMs, watch }),
      };
    },
    acknowledgeEvents({ caller, body }) {
      const stream = streamFor(caller);
      const n = hub.cursors.read(stream, body.cursor);
      if (n > store.events.newest())
        refuse('invalid_request', 'body.cursor: this never was in the stream');
      store.transaction(() => store.events.acknowledge(stream, n));
      return { status: 204 };
    },
  };
}

const streamFor = (caller: ProviderCaller | LocalCaller): string =>
  caller.kind === 'provider'
    ? providerStream(caller.provider.integrator)
    : deviceStream(caller.user.user_ref, caller.device);
