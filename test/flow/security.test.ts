import { describe, expect, it } from 'vitest';
import { BOT, bridgedRoom, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { startStory } from './support/story.ts';
import { networkTelling } from './support/telling-network.ts';

const told = async (ann: MatrixPerson, room: string) =>
  (await ann.timeline(room))
    .filter(({ sender }) => sender === BOT)
    .map(({ content }) => [content['msgtype'], content['body']])
    .filter(([, body]) => String(body).startsWith('What is said here'));

const level = (is: 'end_to_bridge' | 'transport_only', key: string) => ({
  ...{ kind: 'security' as const, level: is, sentAtMs: Date.now(), key },
});

describe('who else reads a chat', () => {
  it('is said in its room, once for each change', async () => {
    const network = networkTelling(() => ({}));
    const story = await startStory({ adapter: network.adapter });
    const { ann, room } = await bridgedRoom(story);

    await network.emit(level('end_to_bridge', 'first'));
    await network.emit(level('end_to_bridge', 'first'));
    await network.emit(level('transport_only', 'second'));

    await until(async () => expect(await told(ann, room)).toHaveLength(2));
    expect(await told(ann, room)).toEqual([
      ['m.notice', expect.stringContaining('This bridge, and whoever operates it, can.')],
      ['m.notice', expect.stringContaining('can read it, and so can this bridge')],
    ]);
  });
});
