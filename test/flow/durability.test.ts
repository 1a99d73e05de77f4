import { describe, expect, it } from 'vitest';
import { arrives, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

const message = (id: string, room: string, body: string) => ({
  event_id: id,
  room_id: room,
  sender: '@ann:hs.test',
  type: 'm.room.message',
  origin_server_ts: 1,
  content: { msgtype: 'm.text', body },
});

describe('an event from the homeserver', () => {
  it('is bridged once, under whatever transaction id it comes again', async () => {
    story = await startStory();
    const { room } = await bridgedRoom(story);
    const [one, two] = [message('$one', room, 'one'), message('$two', room, 'two')];
    expect(await story.push('1', { events: [one] })).toBe(200);
    expect(await story.push('1', { events: [one] })).toBe(200);
    // Ids begin anew after a homeserver's restart, and a transaction may grow under its id.
    expect(await story.push('1', { events: [one, two] })).toBe(200);
    await arrives(story, 'town', 'two');
    await story.restartBridge();
    expect(await story.push('7', { events: [two, message('$three', room, 'three')] })).toBe(200);
    await arrives(story, 'town', 'three');
    expect(textsIn(story, 'town')).toEqual(['one', 'two', 'three']);
  });

  it('that nobody understands is kept, reported and acknowledged, and those after it are bridged', async () => {
    story = await startStory();
    const { room } = await bridgedRoom(story);
    const strange = { event_id: '$strange', room_id: room, nonsense: true };
    const events = [{ no: 'event' }, 7, strange, message('$good', room, 'good')];
    expect(await story.push('1', { events })).toBe(200);
    expect(await story.push('2', '{"events": [')).toBe(200);
    await arrives(story, 'town', 'good');
    await story.repair(async (repairs) => {
      const letters = await repairs.deadLetters(10);
      expect(letters.map(({ outcome }) => outcome).sort()).toEqual([
        'poison',
        'unreadable',
        'unreadable',
        'unreadable',
      ]);
    });
    const reported = (what: RegExp) => story.log.filter((line) => what.test(line)).length;
    expect(reported(/what cannot be read; it is kept aside.*"count":2/)).toBe(1);
    expect(reported(/what is no transaction; it is kept aside/)).toBe(1);
    expect(reported(/could not be understood is kept/)).toBe(1);
  });

  it('comes a hundred times in a transaction: each is kept, in one line of the log, and what is good is bridged', async () => {
    story = await startStory();
    const { room } = await bridgedRoom(story);
    const events = Array.from({ length: 100 }, (_, n) => {
      if (n % 10 === 0) return message(`$${n}`, room, `good ${n}`);
      return n % 2 === 0 ? { no: 'event', n } : { event_id: `$${n}`, room_id: room, nonsense: n };
    });
    expect(await story.push('1', { events })).toBe(200);
    await arrives(story, 'town', 'good 90');
    expect(textsIn(story, 'town')).toEqual(Array.from({ length: 10 }, (_, n) => `good ${n * 10}`));
    await story.repair(async (repairs) => {
      const letters = await repairs.deadLetters(1_000);
      const kept = (as: string) => letters.filter(({ outcome }) => outcome === as).length;
      expect([kept('unreadable'), kept('poison')]).toEqual([40, 50]);
    });
    const errors = story.log.filter((line) => line.startsWith('error'));
    expect(errors).toEqual([
      expect.stringMatching(/what cannot be read; it is kept aside.*"count":40/),
      expect.stringMatching(/could not be understood is kept.*"count":50/),
    ]);
  });
});

describe('a bridge that was stopped', () => {
  it('bridges what was said meanwhile on either side, in order, once', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await ann.say(room, 'm 0');
    await arrives(story, 'town', 'm 0');
    await carol.say('town', 'r 0');
    await ann.hears(room, 'r 0');
    await story.stopBridge();
    for (let n = 1; n <= 10; n++) {
      await ann.say(room, `m ${n}`);
      await carol.say('town', `r ${n}`);
    }
    await story.restartBridge();
    await arrives(story, 'town', 'm 10');
    await ann.hears(room, 'r 10');
    const numbers = (side: string) => Array.from({ length: 11 }, (_, n) => `${side} ${n}`);
    expect(textsIn(story, 'town').filter((text) => text.startsWith('m'))).toEqual(numbers('m'));
    const here = (await ann.timeline(room)).map(({ content }) => String(content['body']));
    expect(here.filter((text) => /^r \d/.test(text))).toEqual(numbers('r'));
  });

  it('asks for it at once, however long the homeserver would wait', async () => {
    story = await startStory({ retryBaseMs: 60_000 });
    const { ann, room } = await bridgedRoom(story);
    await story.stopBridge();
    await ann.say(room, 'meanwhile');
    await until(() => expect(story.homeserver.backlog('story')).toBeGreaterThan(0));
    await story.restartBridge();
    await arrives(story, 'town', 'meanwhile');
  });

  it('says nothing of what was taken back meanwhile, nor of how it was edited before', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await story.stopBridge();
    const mistake = await ann.say(room, 'a mistake');
    await ann.edit(room, mistake, 'a worse mistake');
    await ann.redact(room, mistake);
    await story.restartBridge();
    await ann.say(room, 'after');
    await arrives(story, 'town', 'after');
    expect(textsIn(story, 'town')).toEqual(['after']);
  });

  it('has forgotten what was said: only keys stay on disk', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await ann.say(room, 'a-secret-from-here');
    await arrives(story, 'town', 'a-secret-from-here');
    await carol.say('town', 'a-secret-from-there');
    await ann.hears(room, 'a-secret-from-there');
    await until(async () => expect(await story.queueLength()).toBe(0));
    await story.stopBridge();
    expect(await story.filesWith('a-secret')).toEqual([]);
  });
});

describe('a limit of the homeserver', () => {
  it('does not hold up the end of the bridge, and what waited for it comes after the start', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'one');
    await ann.hears(room, 'one');
    const on = 'PUT /rooms/{}/send';
    story.homeserver.misbehave({ is: 'rate-limit', retryAfterMs: 50_000, on });
    await carol.say('town', 'two');
    await until(() => expect(story.log.join('\n')).toContain('A request is tried again'));
    const beganMs = performance.now();
    await story.stopBridge();
    expect(performance.now() - beganMs).toBeLessThan(10_000);
    await story.restartBridge();
    await ann.hears(room, 'two');
    expect(await ann.texts(room)).toEqual(
      expect.arrayContaining(['bridge_loop_carol: one', 'bridge_loop_carol: two']),
    );
  });
});

describe('a message while the network refuses', () => {
  it('waits in its place, and is passed by nobody who speaks with the same voice', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    story.network.misbehave({
      is: 'rate-limit',
      retryAfterMs: 50,
      times: 4,
      on: 'POST /chats/town/messages',
    });
    for (const n of [1, 2, 3]) await ann.say(room, `m ${n}`);
    await arrives(story, 'town', 'm 3');
    expect(textsIn(story, 'town')).toEqual(['m 1', 'm 2', 'm 3']);
  });
});
