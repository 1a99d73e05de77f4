import { expect, it } from 'vitest';
import { BridgeError, type Host, type NetworkAdapter, type VoiceId } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { arrives, bridgedRoom, roomWithBot } from './support/bridged-room.ts';
import { fastClock } from './support/fast-clock.ts';
import { startStory } from './support/story.ts';

/** The loopback network, which says of voices what a test wants. */
function reporting() {
  const out: VoiceId[] = [];
  let host: Host<unknown> | undefined;
  const adapter = {
    ...loopback,
    async open(given) {
      host = given;
      const network = await loopback.open(given as never);
      const session: typeof network.session = (voice, signal) => {
        if (voice.kind !== 'relay') out.push(voice.id);
        return network.session(voice, signal);
      };
      return { ...network, session };
    },
  } as NetworkAdapter;
  const report: Host<unknown>['report'] = (standing) => host?.report(standing, out.at(-1));
  return { adapter, report };
}

it('whoever has a voice of their own is told in private that it is down, and that it is back', async () => {
  const clock = fastClock();
  const { adapter, report } = reporting();
  const story = await startStory({ adapter, clock, network: { connectionNotices: true } });
  const { ann, room } = await bridgedRoom(story);
  const own = await roomWithBot(ann);
  await ann.say(own, '!loop help');
  await ann.sees(own, ({ content }) => String(content['body']).includes('!loop'));
  await ann.say(room, 'hello');
  await arrives(story, 'town', 'hello');

  clock.run(100);
  const error = new BridgeError('unreachable', 'gone', { effect: 'none' });
  report({ is: 'failed', error });
  const text = 'Your connection to Loop is down: the network cannot be reached.';
  const notice = await ann.hears(own, text);
  report({ is: 'ready' });
  await ann.sees(own, ({ content }) => {
    const { 'm.new_content': edited, 'm.relates_to': relation } = content as never;
    return (
      JSON.stringify(edited ?? '').includes('Your connection to Loop is back.') &&
      JSON.stringify(relation).includes(notice.event_id)
    );
  });
  expect((await ann.texts(room)).join()).not.toContain('Your connection');
});
