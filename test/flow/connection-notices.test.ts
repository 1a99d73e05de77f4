import { describe, expect, it } from 'vitest';
import { BridgeError, type Host, type NetworkAdapter, type VoiceId } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { arrives, bridgedRoom, roomWithBot } from './support/bridged-room.ts';
import { fastClock } from './support/fast-clock.ts';
import { startStory } from './support/story.ts';

const gone = () => new BridgeError('unreachable', 'gone', { effect: 'none' });
const DOWN = 'Your connection to Loop is down: the network cannot be reached.';

/** The loopback network, which says of voices what a test wants. */
function reporting() {
  const out: VoiceId[] = [];
  const gate = { isShut: false };
  let host: Host<unknown> | undefined;
  const adapter = {
    ...loopback,
    async open(given) {
      host = given;
      const network = await loopback.open(given as never);
      const session: typeof network.session = async (voice, signal) => {
        if (gate.isShut) throw gone();
        if (voice.kind !== 'relay') out.push(voice.id);
        return network.session(voice, signal);
      };
      return { ...network, session };
    },
  } as NetworkAdapter;
  const report: Host<unknown>['report'] = (standing) => host?.report(standing, out.at(-1));
  return { adapter, gate, report };
}

/** Ann in a bridged room, who has given the bot a command in private. */
async function scene() {
  const clock = fastClock();
  const network = reporting();
  const { adapter } = network;
  const story = await startStory({ adapter, clock, network: { connectionNotices: true } });
  const { ann, room } = await bridgedRoom(story);
  const own = await roomWithBot(ann);
  await ann.say(own, '!loop help');
  await ann.sees(own, ({ content }) => String(content['body']).includes('!loop'));
  const isBack = (noticeId: string) =>
    ann.sees(own, ({ content }) => {
      const edited = JSON.stringify(content['m.new_content'] ?? '');
      const target = JSON.stringify(content['m.relates_to'] ?? '');
      return edited.includes('Your connection to Loop is back.') && target.includes(noticeId);
    });
  return { ...network, story, clock, ann, room, own, isBack };
}

describe('whoever has a voice of their own', () => {
  it('is told in private that it is down, and that it is back', async () => {
    const { story, clock, ann, room, own, report, isBack } = await scene();
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    clock.run(100);
    report({ is: 'failed', error: gone() });
    const notice = await ann.hears(own, DOWN);
    report({ is: 'ready' });
    await isBack(notice.event_id);
    expect((await ann.texts(room)).join()).not.toContain('Your connection');
  });

  it('is told so of one that cannot be opened, and once it could', async () => {
    const { story, clock, ann, room, own, gate, isBack } = await scene();
    gate.isShut = true;
    await ann.say(room, 'hello');
    clock.run(100);
    const notice = await ann.hears(own, DOWN);
    gate.isShut = false;
    await arrives(story, 'town', 'hello');
    await isBack(notice.event_id);
  });
});
