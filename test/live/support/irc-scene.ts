import type { IrcServer } from '../servers/irc.ts';
import { type Bridge, makeBridge, prefix } from './bridge.ts';
import { freePort } from './free-port.ts';
import { IrcPerson } from './irc-person.ts';
import { Person } from './person.ts';
import { type Synapse, startSynapse } from './synapse.ts';

export const channel = '#story';

const botNick = 'drawbridge';

/** Where the bridge says that the world reaches it. */
export const publicUrl = 'https://bridge.test';

/** Three people on each side, a room and a channel, and the bridge between them. */
export interface IrcScene {
  readonly irc: IrcServer;
  readonly synapse: Synapse;
  readonly bridge: Bridge;
  readonly room: string;
  readonly matrixPeople: readonly [Person, Person, Person];
  /** The first one is the channel's operator. */
  readonly ircPeople: readonly [IrcPerson, IrcPerson, IrcPerson];
  close(): Promise<void>;
}

/** What the bridge calls a Matrix user on IRC. */
export const nickOf = (person: Person): string => `${localpart(person)}[m]`;

const localpart = ({ userId }: Person) => userId.slice(1, userId.indexOf(':'));

/** Sets the scene and waits until everybody is there. */
export async function setIrcScene(irc: IrcServer, synapseRoot: string): Promise<IrcScene> {
  const port = await freePort();
  const serverName = 'hs.test';
  const network = {
    adapter: 'irc',
    voices: ['enlisted', 'relay'],
    options: {
      host: '127.0.0.1',
      port: irc.port,
      tls: false,
      lineBurst: 100,
      lineIntervalMs: 10,
      reconnectBaseMs: 200,
      reconnectMaxMs: 1000,
    },
  };
  const bridge = await makeBridge({
    homeserverUrl: `http://127.0.0.1:${port}`,
    serverName,
    networks: { irc: network },
    more: { publicUrl },
  });
  const registrations = [bridge.registrationFile];
  const synapse = await startSynapse({ root: synapseRoot, port, serverName, registrations });
  const ircPeople = [
    await IrcPerson.enter(irc.port, 'ina'),
    await IrcPerson.enter(irc.port, 'ivo'),
    await IrcPerson.enter(irc.port, 'ida'),
  ] as const;
  for (const person of ircPeople) await person.join(channel);
  const enter = (name: string) => Person.enter(synapse.url, name);
  const matrixPeople = [await enter('anna'), await enter('bert'), await enter('carl')] as const;
  const [anna, ...others] = matrixPeople;
  const bot = `@${prefix}bot:${serverName}`;
  const room = await anna.createRoom({ name: 'Story', invite: others.map(({ userId }) => userId) });
  for (const person of others) await person.join(room);
  await bridge.configure({ irc: { ...network, portals: [{ chat: channel, room }] } });
  await bridge.process.start();
  await anna.invite(room, bot);
  await anna.until(() => anna.membership(room, bot) === 'join', 'the bridge to come');
  await ircPeople[0].until(({ command, nick }) => command === 'JOIN' && nick === botNick, botNick);
  await anna.setPower(room, bot, 100);
  const close = async () => {
    for (const person of matrixPeople) person.stop();
    for (const person of ircPeople) person.quit();
    await bridge.process.kill();
    await synapse.process.kill();
    await irc.stop();
  };
  return { irc, synapse, bridge, room, matrixPeople, ircPeople, close };
}
