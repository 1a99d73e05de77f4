import { removalOf } from '../crossing.ts';
import { longText } from '../lines.ts';
import type { Saying, Side } from '../side.ts';
import type { Spoken } from '../talk.ts';
import { TalkWithBot } from '../talk-with-bot.ts';
import type { Until } from '../until.ts';
import { bot, chat, ghostOf, idOf, lineBytes, type Stage } from './stage.ts';

/** What a script needs besides its stage. */
export interface Prompter {
  readonly until: Until;
  /** Whether all that was said has arrived, or its sender was told. */
  isSettled(): boolean;
  readonly spoken: Map<string, Spoken>;
}

export const firstStart = 'the bridge starts';
export const firstFromNetwork = 'Xena speaks';
export const longMessage = 'Anna speaks at length';

const long = longText('anna 2', 3, lineBytes);

/** Something that people do, and all that comes of it. */
export interface Scene {
  readonly name: string;
  /** Rejects when what has to come of it does not. */
  readonly play: () => Promise<void>;
}

/** One short conversation in which everything happens once, each thing after the one before. */
export class Script {
  readonly #stage: Stage;
  readonly #prompter: Prompter;
  #withBot: TalkWithBot | undefined;

  constructor(stage: Stage, prompter: Prompter) {
    this.#stage = stage;
    this.#prompter = prompter;
  }

  get scenes(): readonly Scene[] {
    return [
      ...this.#comeIn(),
      ...this.#speak(),
      ...this.#changeWords(),
      ...this.#react(),
      ...this.#comeAndGo(),
      ...this.#retitle(),
      ...this.#speakInPrivate(),
      ...this.#takeBack(),
      scene('Dora logs out', async () => this.#withBot?.logOut()),
    ];
  }

  #comeIn(): readonly Scene[] {
    const { matrix, remote } = this.#stage;
    const { until } = this.#prompter;
    return [
      scene(firstStart, () => until('the bridge to enter the room', () => matrix.isBridged())),
      scene('Dora invites the bot', async () => {
        this.#withBot = await TalkWithBot.begin(matrix, { person: 'dora', bot, until });
      }),
      scene('Dora logs in', async () => this.#withBot?.logIn(await remote.signUp('dora'))),
    ];
  }

  #speak(): readonly Scene[] {
    const { matrix, remote } = this.#stage;
    return [
      scene('Anna speaks', () => this.#say(matrix, 'anna', 'anna 1')),
      scene(firstFromNetwork, () => this.#say(remote, 'xena', 'xena 1')),
      scene(longMessage, () => this.#say(matrix, 'anna', long)),
      scene('Carl speaks', () => this.#say(matrix, 'carl', 'carl 1')),
      scene('Dora speaks', () => this.#say(matrix, 'dora', 'dora 1')),
      scene('Anna asks in a poll', () =>
        this.#utter(matrix, 'anna', { what: 'unsupported', text: 'anna asks', chat }),
      ),
      scene('both type', () => this.#hint()),
      scene('Xena takes a name and speaks', async () => {
        await remote.as('xena', 'PATCH', '/me', { displayName: 'Xena' });
        await this.#say(remote, 'xena', 'xena 2');
      }),
    ];
  }

  #changeWords(): readonly Scene[] {
    const { matrix, remote } = this.#stage;
    const edited = longText('anna 2 edit', 3, lineBytes);
    const edit = (side: Side, person: string, text: string, of: string) =>
      scene(`${person} edits "${of.slice(0, 6)}"`, () =>
        this.#about(side, person, { what: 'edit', text, of }),
      );
    return [
      edit(matrix, 'anna', 'anna 1 edit', 'anna 1'),
      edit(matrix, 'anna', edited, long),
      edit(remote, 'xena', 'xena 1 edit', 'xena 1'),
    ];
  }

  #react(): readonly Scene[] {
    const { matrix, remote } = this.#stage;
    const react = (side: Side, person: string, of: string) =>
      scene(`${person} reacts`, () =>
        this.#about(side, person, { what: 'reaction', text: `${person} yes`, of }),
      );
    return [
      react(matrix, 'anna', 'xena 1'),
      react(matrix, 'carl', 'xena 1'),
      react(remote, 'xena', 'anna 1'),
    ];
  }

  /** Worth nothing a minute later, so nobody waits for it. */
  async #hint(): Promise<void> {
    const { matrix, remote } = this.#stage;
    const room = encodeURIComponent(matrix.rooms.get(chat) ?? '');
    const typing = { typing: true, timeout: 1000 };
    await matrix.as('anna', 'PUT', `/rooms/${room}/typing/${idOf('anna')}`, typing);
    await remote.as('xena', 'POST', `/chats/${chat}/typing`, { forMs: 1000 });
  }

  #comeAndGo(): readonly Scene[] {
    const { matrix, remote } = this.#stage;
    const room = () => matrix.rooms.get(chat) ?? '';
    const come = (is: 'in' | 'out') => async () => {
      await remote.setMember('yuri', chat, is);
      await this.#untilInRoom(ghostOf('yuri'), is === 'in');
    };
    return [
      scene('Yuri comes', come('in')),
      scene('Anna kicks Yuri', async () => {
        await matrix.kick('anna', room(), ghostOf('yuri'));
        await this.#untilInChat('yuri', false);
      }),
      scene('Yuri comes again', come('in')),
      scene('Yuri goes', come('out')),
      scene('Bert comes and speaks', async () => {
        await matrix.join('bert', room());
        await this.#untilInChat('bert', true);
        await this.#say(matrix, 'bert', 'bert 1');
      }),
      scene('Bert goes', async () => {
        await matrix.leave('bert', room());
        await this.#untilInChat('bert', false);
      }),
    ];
  }

  /** The bot may set the topic here, and so has to say who it was. */
  #retitle(): readonly Scene[] {
    const { matrix, remote } = this.#stage;
    const { until } = this.#prompter;
    const state = (type: string) => `/rooms/${matrix.rooms.get(chat)}/state/m.room.${type}/`;
    const topicOf = async (of: Promise<{ topic?: string }>) => (await of).topic;
    return [
      scene('Xena changes the topic', async () => {
        await matrix.as('anna', 'PUT', state('power_levels'), { users: { [bot]: 50 } });
        await remote.as('xena', 'PATCH', `/chats/${chat}`, { topic: 'xena tea' });
        await until('the topic to be in the room', () =>
          topicOf(matrix.as('anna', 'GET', state('topic'))).then(
            (topic) => topic === 'xena tea',
            () => false,
          ),
        );
      }),
      scene('Anna changes the topic', async () => {
        await matrix.as('anna', 'PUT', state('topic'), { topic: 'anna cake' });
        await until('the topic to be in the chat', async () => {
          return (await topicOf(remote.as('xena', 'GET', `/chats/${chat}`))) === 'anna cake';
        });
      }),
    ];
  }

  #speakInPrivate(): readonly Scene[] {
    const { matrix, remote } = this.#stage;
    const theirs = 'direct:anna+zoe';
    return [
      scene('Xena writes to Anna', () => this.#writeTo('anna')),
      scene('Anna answers Xena', async () => {
        const hers = [...matrix.rooms.keys()].at(-1) ?? '';
        await matrix.join('anna', matrix.rooms.get(hers) ?? '');
        await this.#say(matrix, 'anna', 'anna psst', hers);
      }),
      scene('Anna writes to Zoe', async () => {
        const invite = [ghostOf('zoe')];
        const options = { preset: 'trusted_private_chat', is_direct: true, invite };
        const room = await matrix.createRoom('anna', options);
        matrix.rooms.set(theirs, room);
        await this.#untilInRoom(ghostOf('zoe'), true, room);
        await this.#say(matrix, 'anna', 'anna hello', theirs);
      }),
      scene('Zoe answers Anna', () => this.#say(remote, 'zoe', 'zoe hello', theirs)),
    ];
  }

  /** Xena does. The bridge makes the room for it. */
  async #writeTo(person: string): Promise<void> {
    const { matrix, remote, homeserver } = this.#stage;
    const hers = await remote.direct('xena', person);
    const before = new Set(homeserver.rooms());
    const made = () => homeserver.rooms().filter((room) => !before.has(room));
    await this.#send(remote, 'xena', { what: 'message', text: 'xena psst', chat: hers });
    await this.#prompter.until('a room for the private chat', () => made().length > 0);
    matrix.learnRoom(hers, made()[0] ?? '');
    await this.#untilSettled();
  }

  #takeBack(): readonly Scene[] {
    const { matrix, remote } = this.#stage;
    const takeBack = (side: Side, person: string, of: string) =>
      scene(`${person} takes back "${of.slice(0, 8)}"`, () =>
        this.#about(side, person, { what: 'removal', text: removalOf(of), of }),
      );
    return [
      takeBack(matrix, 'anna', 'anna yes'),
      takeBack(matrix, 'anna', long),
      takeBack(remote, 'xena', 'xena yes'),
      takeBack(remote, 'xena', 'xena 1'),
    ];
  }

  #say(side: Side, person: string, text: string, where = chat): Promise<void> {
    return this.#utter(side, person, { what: 'message', text, chat: where });
  }

  /** Nothing, where nobody there knows what it is about: its sender was told that it is unknown. */
  async #about(
    side: Side,
    person: string,
    { of, ...saying }: Omit<Saying, 'chat' | 'target'> & { readonly of: string },
  ): Promise<void> {
    const target = side
      .record()
      .things.get(chat)
      ?.find(({ text }) => text === of);
    if (target) await this.#utter(side, person, { ...saying, chat, target });
  }

  async #utter(side: Side, person: string, saying: Saying): Promise<void> {
    await this.#send(side, person, saying);
    await this.#untilSettled();
  }

  async #send(side: Side, person: string, saying: Saying): Promise<void> {
    const sentAtMs = performance.now();
    await side.say(person, saying);
    this.#prompter.spoken.set(saying.text, { sentAtMs, confirmedAtMs: performance.now() });
  }

  #untilSettled(): Promise<void> {
    return this.#prompter.until('all to arrive', () => this.#prompter.isSettled());
  }

  #untilInRoom(userId: string, isIn: boolean, room = this.#stage.matrix.rooms.get(chat) ?? '') {
    const { homeserver } = this.#stage;
    return this.#prompter.until(`${userId} to be ${isIn ? 'in' : 'out of'} the room`, () => {
      return homeserver.joinedMembers(room).includes(userId) === isIn;
    });
  }

  #untilInChat(id: string, isIn: boolean) {
    const { remote } = this.#stage;
    return this.#prompter.until(`${id} to be ${isIn ? 'in' : 'out of'} the chat`, async () => {
      return (await remote.members('xena', chat)).includes(id) === isIn;
    });
  }
}

const scene = (name: string, play: () => Promise<void>): Scene => ({ name, play });
