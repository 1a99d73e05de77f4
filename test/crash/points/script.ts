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

const long = longText('anna 2', 3, lineBytes);

/** One short conversation in which everything happens once, each thing after the one before. */
export class Script {
  readonly #stage: Stage;
  readonly #prompter: Prompter;

  constructor(stage: Stage, prompter: Prompter) {
    this.#stage = stage;
    this.#prompter = prompter;
  }

  /** Rejects when something does not come to be. */
  async play(): Promise<void> {
    const { matrix, remote } = this.#stage;
    const { until } = this.#prompter;
    await until('the bridge to enter the room', () => matrix.isBridged());
    const withBot = await TalkWithBot.begin(matrix, { person: 'dora', bot, until });
    await withBot.logIn(await remote.signUp('dora'));
    await this.#speak();
    await this.#comeAndGo();
    await this.#speakInPrivate();
    await this.#takeBack();
    await withBot.ask('!loop logout');
  }

  async #speak(): Promise<void> {
    const { matrix, remote } = this.#stage;
    await this.#say(matrix, 'anna', 'anna 1');
    await this.#say(remote, 'xena', 'xena 1');
    await this.#say(matrix, 'anna', long);
    await this.#say(matrix, 'carl', 'carl 1');
    await this.#say(matrix, 'dora', 'dora 1');
    await this.#about(matrix, 'anna', { what: 'edit', text: 'anna 1 edit', of: 'anna 1' });
    const edited = longText('anna 2 edit', 3, lineBytes);
    await this.#about(matrix, 'anna', { what: 'edit', text: edited, of: long });
    await this.#about(remote, 'xena', { what: 'edit', text: 'xena 1 edit', of: 'xena 1' });
    for (const person of ['anna', 'carl'])
      await this.#about(matrix, person, { what: 'reaction', text: `${person} yes`, of: 'xena 1' });
    await this.#about(remote, 'xena', { what: 'reaction', text: 'xena yes', of: 'anna 1' });
    await this.#utter(matrix, 'anna', { what: 'unsupported', text: 'anna asks', chat });
    await this.#hint();
    await remote.as('xena', 'PATCH', '/me', { displayName: 'Xena' });
    await this.#say(remote, 'xena', 'xena 2');
  }

  /** Worth nothing a minute later, so nobody waits for it. */
  async #hint(): Promise<void> {
    const { matrix, remote } = this.#stage;
    const room = encodeURIComponent(matrix.rooms.get(chat) ?? '');
    const typing = { typing: true, timeout: 1000 };
    await matrix.as('anna', 'PUT', `/rooms/${room}/typing/${idOf('anna')}`, typing);
    await remote.as('xena', 'POST', `/chats/${chat}/typing`, { forMs: 1000 });
  }

  async #comeAndGo(): Promise<void> {
    const { matrix, remote } = this.#stage;
    const room = matrix.rooms.get(chat) ?? '';
    await remote.setMember('yuri', chat, 'in');
    await this.#untilInRoom(ghostOf('yuri'), true);
    await matrix.kick('anna', room, ghostOf('yuri'));
    await this.#untilInChat('yuri', false);
    await remote.setMember('yuri', chat, 'in');
    await this.#untilInRoom(ghostOf('yuri'), true);
    await remote.setMember('yuri', chat, 'out');
    await this.#untilInRoom(ghostOf('yuri'), false);
    await matrix.join('bert', room);
    await this.#untilInChat('bert', true);
    await this.#say(matrix, 'bert', 'bert 1');
    await matrix.leave('bert', room);
    await this.#untilInChat('bert', false);
  }

  async #speakInPrivate(): Promise<void> {
    const { matrix, remote, homeserver } = this.#stage;
    const hers = await remote.direct('xena', 'anna');
    const before = new Set(homeserver.rooms());
    const made = () => homeserver.rooms().filter((room) => !before.has(room));
    await this.#send(remote, 'xena', { what: 'message', text: 'xena psst', chat: hers });
    await this.#prompter.until('a room for the private chat', () => made().length > 0);
    matrix.learnRoom(hers, made()[0] ?? '');
    await this.#untilSettled();
    await matrix.join('anna', matrix.rooms.get(hers) ?? '');
    await this.#say(matrix, 'anna', 'anna psst', hers);

    const invite = [ghostOf('zoe')];
    const options = { preset: 'trusted_private_chat', is_direct: true, invite };
    const theirs = await matrix.createRoom('anna', options);
    matrix.rooms.set('direct:anna+zoe', theirs);
    await this.#untilInRoom(ghostOf('zoe'), true, theirs);
    await this.#say(matrix, 'anna', 'anna hello', 'direct:anna+zoe');
    await this.#say(remote, 'zoe', 'zoe hello', 'direct:anna+zoe');
  }

  async #takeBack(): Promise<void> {
    const { matrix, remote } = this.#stage;
    for (const of of ['anna yes', long])
      await this.#about(matrix, 'anna', { what: 'removal', text: removalOf(of), of });
    for (const of of ['xena yes', 'xena 1'])
      await this.#about(remote, 'xena', { what: 'removal', text: removalOf(of), of });
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
