import { type Call, type Command, isPrivate } from './command.ts';

/** Begins a login with an own account. */
export const login: Command = {
  name: 'login',
  usage: '[WAY]',
  summary: 'lets you speak with your own account of the network',
  async run(call) {
    const { network, logins, dialogs, event, args } = call;
    const flows = logins.flows(network);
    if (flows.length === 0) return `Nobody can log in to ${network.displayName} here.`;
    if (await logins.isLoggedIn(network.id, event.sender))
      return `You are logged in to ${network.displayName} already. For another account say “${network.command} logout” first.`;
    if (!(await isPrivate(call))) return notHere(call);
    const [wanted] = args;
    const flow = wanted === undefined ? flows[0] : flows.find(({ id }) => id === wanted);
    if (!flow || (wanted === undefined && flows.length > 1)) return waysOf(call);
    return dialogs.begin(event, network, flow);
  },
};

/** Everybody in the room would read what is said. */
const notHere = ({ network, context }: Call): string =>
  `Not here, as others could read it. Invite ${context.matrix.bot} into a room with nobody else in it, and say “${network.command} login” there.`;

const waysOf = ({ network, logins }: Call): string =>
  [
    'Say which way:',
    ...logins.flows(network).map(({ id, name }) => `${network.command} login ${id}: ${name}`),
  ].join('\n');
