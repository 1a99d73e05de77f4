import type { RemoteEvent } from '../../../src/adapter/index.ts';
import type { Voice } from '../../../src/adapter/voice.ts';
import type { Write } from '../../../src/ports/journal.ts';
import type { SendRequest } from '../../../src/ports/matrix.ts';
import type { Rules, Watcher } from './watch.ts';

/** Everything between the engine and what lies outside of it: storage, homeserver, networks. */
export const bridgeRules = (watcher: Watcher): Rules => ({
  watcher,
  ignored: new Set([
    ...['matrix.parse', 'matrix.parseHint', 'host.log', 'host.state.change', 'voice.state.change'],
    // They come by the clock, and only look.
    ...['matrix.isThere', 'matrix.outages', 'journal.changedElsewhere'],
  ]),
  detail: {
    'journal.commit': (writes: readonly Write[]) => distinct(writes.map(({ kind }) => kind)),
    'matrix.send': ({ content }: SendRequest) => content.kind,
    'host.emit': (events: RemoteEvent | readonly RemoteEvent[]) =>
      distinct([events].flat().map(({ kind }) => kind)),
    'network.session': ({ kind }: Voice) => kind,
  },
  inside: {
    ...fields('storage', storageParts),
    'adapter.open': 'network',
    'network.session': 'session',
    'network.logins': 'login',
    'login.start': 'step',
    'session.on': 'on',
    ...Object.fromEntries(actions.map((kind) => [`on.${kind}`, `session.${kind}`])),
    'host.state': 'host.state',
    'host.voice': 'voice',
    'voice.state': 'voice.state',
  },
  given: { 'adapter.open': 'host', 'network.session': 'voice', 'login.start': 'voice' },
});

const storageParts = [
  'journal',
  'repairs',
  'portals',
  'ghosts',
  'links',
  'voices',
  'state',
  'facts',
] as const;
const actions = ['message', 'edit', 'removal', 'reaction', 'member', 'title'] as const;

const fields = (of: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`${of}.${name}`, name]));

const distinct = (kinds: readonly string[]): string => [...new Set(kinds)].join('+');
