import type { MessageLink } from '../../model/message-link.ts';
import type { Journal, Write } from '../../ports/journal.ts';
import type { Bodies } from './bodies.ts';
import type { DeliveryWrites } from './delivery-writes.ts';
import type { Endings } from './endings.ts';
import type { Writer } from './group-commit.ts';
import type { MatrixWrites } from './matrix-journal.ts';
import type { Notices } from './notices.ts';
import type { Parts } from './part.ts';
import type { RemoteWrites } from './remote-writes.ts';
import { snapshot } from './snapshot.ts';
import type { StateWrites } from './state.ts';
import type { WriteOf } from './write-of.ts';

/** Every kind of write, and who does it. */
export interface Writes {
  readonly matrix: MatrixWrites;
  readonly catchUp: (write: WriteOf<'caught-up'>) => void;
  readonly deliveries: DeliveryWrites;
  readonly parts: Parts;
  readonly endings: Endings;
  readonly notices: Notices;
  readonly remote: RemoteWrites;
  readonly bodies: Bodies;
  readonly state: StateWrites;
  readonly link: (link: MessageLink) => void;
}

type Handlers = { readonly [K in Write['kind']]: (write: WriteOf<K>) => void };

export function commit(writer: Writer, writes: Writes): Journal['commit'] {
  const handlers = handlersOf(writes);
  return async (given, when) => {
    if (given.length === 0) return 'written';
    const asked = given.map(snapshot);
    const write = () => {
      if (!statesHold(writes.state, asked)) return 'stale';
      for (const each of asked) apply(handlers, each);
      return 'written';
    };
    return when === 'soon' ? writer.soon(write) : writer.run(write);
  };
}

/** Before anything is written: what a change was computed from is what was there, not what comes with it. */
const statesHold = (state: StateWrites, asked: readonly Write[]): boolean =>
  asked.every((write) => write.kind !== 'state' || state.holds(write.network, write.change));

function apply<K extends Write['kind']>(handlers: Handlers, write: WriteOf<K>): void {
  const handle = handlers[write.kind as K] as (write: WriteOf<K>) => void;
  handle(write);
}

function handlersOf(writes: Writes): Handlers {
  const { matrix, catchUp, deliveries, parts, endings, notices, remote, bodies, state, link } =
    writes;
  return {
    'matrix-events': matrix.hear,
    'kept-aside': matrix.keepAside,
    'caught-up': catchUp,
    deliveries({ of, portals }) {
      const event = matrix.understand(of);
      for (const portal of new Set(portals)) deliveries.open(event, portal);
      if (portals.length === 0) bodies.forgetMatrixEvent(event);
    },
    poison: matrix.poison,
    begun: deliveries.begin,
    doubt: deliveries.doubt,
    'part-sent': parts.sent,
    ended: endings.end,
    told: notices.told,
    'remote-events': remote.hear,
    'remote-deliveries': remote.understand,
    'remote-ended': remote.end,
    link: (write) => link(write.link),
    state: (write) => state.write(write.network, write.change),
  };
}
