import { Client, type Dispatcher, errors } from 'undici';

export type Connections = Pick<Dispatcher, 'dispatch' | 'close' | 'destroy'>;

/** Longer than anything keeps this process from asking again. */
const KEPT_MS = 600_000;
/** So many ends after one answer may be outages. More in a row are the way of a proxy. */
const MOST_BRIEF = 3;

/**
 * One connection, for what is asked every few seconds. It stays open in between, so that its end tells
 * that the homeserver went away, however soon that was back.
 *
 * Some proxies let go of every connection after an answer. The first few such ends are told, as each
 * may be an outage; those after them are not.
 */
export function holdLine(origin: string, options: Client.Options, ended: () => void): Connections {
  const client = new Client(origin, { ...options, keepAliveTimeout: KEPT_MS });
  let requests = 0;
  let brief = 0;
  // One waits already, as it is opened by need.
  client.on('connect', () => (requests = 1));
  client.on('disconnect', (_origin, _targets, error) => {
    // What we let go of ourselves says nothing.
    if (error instanceof errors.InformationalError) return;
    brief = requests === 1 ? brief + 1 : 0;
    if (brief <= MOST_BRIEF) ended();
  });
  return {
    dispatch(...asked: Parameters<Client['dispatch']>) {
      requests++;
      return client.dispatch(...asked);
    },
    close: () => client.close(),
    destroy: () => client.destroy(),
  } as Connections;
}
