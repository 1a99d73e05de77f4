import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/index.ts';
import { askBridge } from '../../src/operator/ask.ts';
import { arrives, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;
const ask = (what: string) => askBridge(join(dirname(story.database), 'operator.sock'), what);

describe('a config that is read again', () => {
  it('lets somebody in or out without a start', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'one');
    await arrives(story, 'town', 'one');

    story.settings.permissions = { '*': 'none' };
    expect(await ask('reload')).toEqual({ applied: ['bridge.permissions'], needRestart: [] });
    const refused = await ann.say(room, 'two');
    await ann.sees(room, ({ content }) => JSON.stringify(content).includes(refused));

    story.settings.permissions = { '*': 'use' };
    await ask('reload');
    await ann.say(room, 'three');
    await arrives(story, 'town', 'three');
    expect(textsIn(story, 'town')).toEqual(['one', 'three']);
  });

  it('has limits and rules hold for what is said next', async () => {
    story = await startStory({ bridge: { maxAgeMs: 1_000 } });
    const { ann, room } = await bridgedRoom(story);
    story.settings.userRate = { burst: 1, perSecond: 0.01 };
    const applied = ['bridge.userRate', 'networks.loop.userRate'];
    expect(await ask('reload')).toEqual({ applied, needRestart: [] });
    for (const text of ['one', 'two']) await ann.say(room, text);
    await ann.hears(room, 'Your message has not reached Loop, because too much was said at once.');
    expect(textsIn(story, 'town')).toEqual(['one']);
  });

  it('says what takes a start, also later', async () => {
    story = await startStory();
    story.settings.statusEvents = true;
    expect(await ask('reload')).toEqual({ applied: [], needRestart: ['bridge.statusEvents'] });
    expect(await ask('state')).toMatchObject({ needRestart: ['bridge.statusEvents'] });
  });

  it('changes nothing when it is faulty, and says where', async () => {
    story = await startStory();
    const problem = { where: 'config.yaml:3:5', path: 'bridge', message: 'wrong' };
    story.settings.error = new ConfigError([problem]);
    await expect(ask('reload')).rejects.toThrow('config.yaml:3:5');
    expect(story.log.filter((line) => line.includes('could not be answered'))).toEqual([]);
    await story.reload();
    await until(() =>
      expect(story.log.join('\n')).toMatch(/error The config was not read again.*config.yaml:3:5/),
    );
  });
});
