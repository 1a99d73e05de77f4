import type { Portal } from '../model/portal.ts';
import { audited } from '../operator/audit.ts';
import { type Answer, preformatted } from './answer.ts';
import { type Call, type Command, isAdmin, isPrivate } from './command.ts';
import { type State, stateInWords } from './state-in-words.ts';

const MOST_COUNTED = 100;

/** Says how the links of the room stand; to an admin alone with the bot, how the bridge does. */
export const status: Command = {
  name: 'status',
  usage: '',
  summary: 'says how the links of this room stand, and to admins in private how the bridge does',
  async run(call) {
    const portals = await call.context.storage.portals.ofRoom(call.event.roomId);
    if (portals.length === 0)
      return isAdmin(call) && (await isPrivate(call))
        ? ofBridge(call)
        : 'This room is not bridged.';
    return (await Promise.all(portals.map((portal) => lineOf(portal, call)))).join('\n');
  },
};

const ofBridge = (call: Call): Promise<Answer> =>
  audited(call.context.log, { by: call.event.sender, what: status.name }, async () => {
    const state = (await call.operate('state', {})) as State;
    return preformatted(stateInWords(state, call.context.clock.now()));
  });

async function lineOf(portal: Portal, { networks, context }: Call): Promise<string> {
  const { journal } = context.storage;
  const name = networks.options(portal.network).displayName;
  if (portal.encrypted) return `${portal.chat} on ${name}: refused, as this room is encrypted`;
  const there = (await journal.head(portal.id, MOST_COUNTED)).length;
  const here = (await journal.remoteHead(portal.id, MOST_COUNTED)).length;
  const isOpen = networks.isOpen(portal.network);
  return `${portal.chat} on ${name}: ${isOpen ? 'connected' : 'not connected'}, ${count(there)} waiting to go there, ${count(here)} waiting to come here`;
}

const count = (n: number) => (n < MOST_COUNTED ? String(n) : `${MOST_COUNTED} or more`);
