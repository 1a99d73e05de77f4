import { describe, expect, it } from 'vitest';
import { BridgeError, type LinkQuestion, type LinkWish, type NetworkAdapter } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { arrives, roomWithBot, textsIn, until } from './support/bridged-room.ts';
import { fastClock } from './support/fast-clock.ts';
import { startStory } from './support/story.ts';

type Word = Awaited<LinkQuestion['answer']>;

interface Asked {
  readonly wish: LinkWish;
  readonly signal: AbortSignal;
  answer(word: Word): void;
}

/** The reference adapter, on a network where Boss is to be asked. */
function networkAsking() {
  const asked: Asked[] = [];
  const adapter: NetworkAdapter = {
    ...(loopback as NetworkAdapter),
    async open(host) {
      return {
        ...(await (loopback as NetworkAdapter).open(host)),
        async askToLink(wish, signal) {
          if (wish.whom === 'nobody')
            throw new BridgeError('not_allowed', 'x', { effect: 'none', words: 'nobody is there' });
          const answer = new Promise<Word>((settle) => {
            asked.push({ wish, signal, answer: settle });
          });
          return { whom: 'Boss', answer };
        },
      };
    },
  };
  return { adapter, asked };
}

const PUT =
  'Boss was asked whether town may be bridged to this room, and has 5 minutes to answer. If I am restarted meanwhile, ask again.';
const LINKED = 'Boss says yes. This room is bridged to town on Loop now.';

describe('a link that somebody of the chat has to allow', () => {
  async function scene(clock = fastClock()) {
    const { adapter, asked } = networkAsking();
    const story = await startStory({ adapter, clock });
    const ann = await story.person('ann');
    const room = await roomWithBot(ann);
    const ask = async (text = '!loop bridge #town') => {
      const before = asked.length;
      await ann.say(room, text);
      await until(() => expect(asked.length).toBe(before + 1));
      return asked.at(-1) as Asked;
    };
    return { story, clock, asked, ann, room, ask };
  }

  it('is made once they say yes, and the room hears of it', async () => {
    const { story, ann, room, ask } = await scene();
    await ann.state(room, 'm.room.name', { name: 'Lounge' });
    const { wish, answer } = await ask('!loop bridge #town boss');
    expect(wish).toEqual({
      chat: 'town',
      asker: { userId: ann.userId, displayName: 'ann' },
      room: { id: room, name: 'Lounge' },
      whom: 'boss',
      forMs: 300_000,
    });
    await ann.hears(room, PUT);
    await ann.say(room, 'not yet');
    answer('yes');
    await ann.hears(room, LINKED);
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    expect(textsIn(story, 'town')).toEqual(['hello']);
  });

  it.each([
    ['no', 'Boss says no: town is not bridged to this room.'],
    ['not-theirs', 'Boss says yes, but may not decide that about town: nothing was bridged.'],
  ] as const)(
    'is not made when the answer is “%s”, and can be asked for again',
    async (word, told) => {
      const { ann, room, ask, ...more } = await scene();
      const { answer, signal } = await ask();
      answer(word);
      await ann.hears(room, told);
      await until(() => expect(signal.aborted).toBe(true));
      (await ask()).answer('yes');
      await ann.hears(room, LINKED);
      expect(more.asked).toHaveLength(2);
    },
  );

  it('is not made where they say nothing for five minutes', async () => {
    const { ann, room, ask, clock } = await scene();
    const { answer, signal } = await ask();
    await ann.hears(room, PUT);
    clock.run(1_000);
    await ann.hears(
      room,
      'Boss has not answered within 5 minutes: nothing was bridged. You may ask again.',
    );
    clock.run(1);
    await until(() => expect(signal.aborted).toBe(true));
    answer('yes');
    await ann.say(room, '!loop status');
    await ann.hears(room, 'This room is not bridged.');
  });

  it('says why nobody can be asked', async () => {
    const { ann, room, asked } = await scene();
    await ann.say(room, '!loop bridge #town nobody');
    await ann.hears(room, 'This could not be done: nobody is there.');
    expect(asked).toEqual([]);
  });

  it('is one question for each chat at a time, and not many for anybody', async () => {
    const { story, ann, room, ask, asked } = await scene();
    const { answer } = await ask();
    const bob = await story.person('bob');
    const other = await roomWithBot(bob);
    await bob.say(other, '!loop bridge #town');
    await bob.hears(other, 'Somebody is being asked about town already: try again later.');
    answer('no');
    await ann.hears(room, 'Boss says no: town is not bridged to this room.');
    for (const chat of ['inn', 'mill']) (await ask(`!loop bridge #${chat}`)).answer('no');
    await ann.say(room, '!loop bridge #shop');
    await ann.hears(room, 'Too much was asked of people there lately: try again in ten minutes.');
    expect(asked).toHaveLength(3);
  });

  it('is not made where the asker may not decide about the room any more', async () => {
    const { ann, room, asked, story } = await scene();
    const bob = await story.person('bob');
    await ann.invite(room, bob.userId);
    await bob.join(room);
    const levels = (power: number) =>
      ann.state(room, 'm.room.power_levels', {
        users: { [bob.userId]: power },
        state_default: 50,
      });
    await levels(50);
    await bob.say(room, '!loop bridge #town');
    await bob.hears(room, PUT);
    await levels(0);
    asked[0]?.answer('yes');
    await bob.hears(
      room,
      'Boss says yes. You may not decide this: it takes the power to change the settings of this room.',
    );
    await ann.say(room, '!loop status');
    await ann.hears(room, 'This room is not bridged.');
  });

  it('is void after a restart: nobody is linked by an answer to what was asked before', async () => {
    const { story, ann, room, ask } = await scene();
    const { answer, signal } = await ask();
    await ann.hears(room, PUT);
    await story.restartBridge();
    expect(signal.aborted).toBe(true);
    answer('yes');
    await ann.say(room, '!loop status');
    await ann.hears(room, 'This room is not bridged.');
    (await ask()).answer('yes');
    await ann.hears(room, LINKED);
    expect((await ann.texts(room)).join()).not.toContain('has not answered');
  });
});
