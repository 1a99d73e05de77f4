import { BridgeError } from '../adapter/errors.ts';
import type { Found } from '../adapter/info.ts';
import type { AppserviceHandler, FoundByName } from '../ports/appservice.ts';
import { tokenBucket } from '../util/token-bucket.ts';
import type { Context } from './context.ts';
import type { NetworkOptions } from './options.ts';
import type { Portals } from './portals.ts';
import { checkRequested } from './room-requests.ts';

/** A network may have to be asked, and everybody who has an account on the homeserver can search. */
const LIMIT = { burst: 20, perSecond: 2, maxKeys: 1 };

type Search = Pick<AppserviceHandler, 'protocol' | 'find'>;

/** What clients are told of the networks, so that people find chats and each other by the names they know. */
export function createSearch(context: Context, portals: Pick<Portals, 'find'>): Search {
  const { names, matrix, log, clock } = context;
  const searches = tokenBucket(LIMIT);
  const behind = (protocol: string) =>
    context.networks.filter(({ adapter }) => adapter.id === protocol);

  /** What cannot be had now is not found. */
  const found = (network: string, name: string): Promise<Found | undefined> =>
    portals.find(network, name).catch((error: unknown) => {
      log('debug', 'A network could not be searched', { network, error: String(error) });
      return undefined;
    });

  async function findOn(
    options: NetworkOptions,
    { what, name }: Parameters<Search['find']>[0],
  ): Promise<readonly FoundByName[]> {
    const network = options.id;
    const meant = await found(network, name);
    if (!meant) return [];
    if ('user' in meant)
      return what === 'user' ? [{ network, id: names.ghost(network, meant.user) }] : [];
    if (what !== 'chat' || !mayBeMade(options, meant.chat)) return [];
    return [{ network, id: `#${names.aliasLocalpart(network, meant.chat)}:${matrix.serverName}` }];
  }

  return {
    protocol(id) {
      const [first, ...others] = behind(id);
      if (!first) return undefined;
      const { displayName, searched } = first.adapter;
      const networks = [first, ...others].map((each) => ({
        id: each.id,
        displayName: each.displayName,
        ...(each.icon !== undefined && { icon: each.icon }),
      }));
      return { displayName, networks, ...(searched && { searched }) };
    },
    async find(wanted) {
      if (searches.take('', clock.now()) > 0) return [];
      const { protocol, network } = wanted;
      const asked = behind(protocol).filter(({ id }) => network === undefined || id === network);
      return (await Promise.all(asked.map((options) => findOn(options, wanted)))).flat();
    },
  };
}

function mayBeMade(options: NetworkOptions, chat: Parameters<typeof checkRequested>[1]): boolean {
  try {
    checkRequested(options, chat);
    return true;
  } catch (error) {
    if (error instanceof BridgeError) return false;
    throw error;
  }
}
