import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { NetworkAdapter } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { bridgedRoom, link, roomWithBot, textsIn, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

const BYTES = Buffer.from(Array.from({ length: 5_000 }, (_, n) => n % 251));

/** A file that Ann shows in her room, as clients do. */
async function shows(ann: MatrixPerson, room: string, more: object = {}) {
  const url = await ann.upload(BYTES, 'image/png');
  const info = { mimetype: 'image/png', size: BYTES.length };
  return ann.send(room, { msgtype: 'm.image', body: 'my cat.png', url, info, ...more });
}

/** The address that the network heard, as it leads to the bridge itself. */
async function addressIn(story: Story): Promise<string> {
  const text = await until(() => {
    const found = textsIn(story, 'town').find((each) => each.includes('/said/'));
    expect(found).toBeDefined();
    return found ?? '';
  });
  const [address = ''] = /https:\/\/bridge\.test\S+/.exec(text) ?? [];
  return address.replace('https://bridge.test/x', story.url);
}

const publicUrl = { bridge: { publicUrl: 'https://bridge.test/x' } };

describe('a file from Matrix, on a network that takes none', () => {
  it('is an address under which anybody finds it, whole and in stretches', async () => {
    const story = await startStory(publicUrl);
    const { ann, room } = await bridgedRoom(story);
    await shows(ann, room);
    const address = await addressIn(story);
    expect(textsIn(story, 'town').at(-1)).toMatch(
      /^\[image\] my cat\.png \(5 kB\) https:\/\/bridge\.test\/x\/said\/[\w.-]+\/my_cat\.png$/,
    );
    const whole = await fetch(address);
    expect(Buffer.from(await whole.arrayBuffer()).equals(BYTES)).toBe(true);
    expect(whole.headers.get('content-type')).toBe('image/png');
    const some = await fetch(address, { headers: { range: 'bytes=4990-' } });
    expect(some.status).toBe(206);
    expect(Buffer.from(await some.arrayBuffer())).toEqual(BYTES.subarray(4_990));
  });

  it('comes after its caption, and is said anew with a new one', async () => {
    const story = await startStory(publicUrl);
    const { ann, room } = await bridgedRoom(story);
    const named = { filename: 'my cat.png', body: 'look' };
    const shown = await shows(ann, room, named);
    await until(() =>
      expect(textsIn(story, 'town').at(-1)).toMatch(/^look\n\[image\] my cat\.png \(5 kB\) https/),
    );
    const url = await ann.upload(BYTES, 'image/png');
    const fresh = { msgtype: 'm.image', filename: 'my cat.png', body: 'look here', url };
    await ann.send(room, {
      ...fresh,
      'm.new_content': fresh,
      'm.relates_to': { rel_type: 'm.replace', event_id: shown },
    });
    const text = expect.stringMatching(/^look here\n\[image\]/);
    await until(() =>
      expect(story.network.log()).toContainEqual(expect.objectContaining({ type: 'edit', text })),
    );
  });

  it('is there no more once its message is taken back, nor when the room is bridged no longer', async () => {
    const story = await startStory(publicUrl);
    const { ann, room } = await bridgedRoom(story);
    const shown = await shows(ann, room);
    const address = await addressIn(story);
    await ann.redact(room, shown);
    await until(async () => expect((await fetch(address)).status).toBe(404));

    const other = await roomWithBot(ann);
    await link(ann, other, 'village');
    await shows(ann, other);
    const text = await until(() => {
      const found = textsIn(story, 'village').at(-1);
      expect(found).toContain('/said/');
      return found ?? '';
    });
    const there = text.slice(text.indexOf('https')).replace('https://bridge.test/x', story.url);
    expect((await fetch(there)).status).toBe(200);
    await ann.say(other, '!loop unbridge');
    await until(async () => expect((await fetch(there)).status).toBe(404));
  });

  it('is told to be missing where the world cannot reach the bridge', async () => {
    const story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await shows(ann, room);
    await ann.hears(room, 'Your message has not reached Loop, because it cannot be said there.');
    expect(textsIn(story, 'town')).toEqual([]);
  });
});

/** A network that takes files: it says how many bytes each has. */
const takingFiles = {
  ...loopback,
  async open(host) {
    const network = await loopback.open(host as never);
    const session: typeof network.session = async (voice, signal) => {
      const opened = await network.session(voice, signal);
      const { message } = opened.on;
      const encode: typeof message.encode = async (action, reading) => {
        const [file] = action.body.media ?? [];
        if (!file) throw new Error('There is no file');
        const bytes = await buffer(await host.openMedia(file.ref, reading));
        const text = `${file.name}: ${bytes.length}`;
        return { parts: [Buffer.from(JSON.stringify({ text }))] };
      };
      return { ...opened, takesFiles: true, on: { ...opened.on, message: { ...message, encode } } };
    };
    return { ...network, session };
  },
} as NetworkAdapter;

describe('a file from Matrix, on a network that takes files', () => {
  it('is there as it was, and needs no address', async () => {
    const story = await startStory({ adapter: takingFiles });
    const { ann, room } = await bridgedRoom(story);
    await shows(ann, room);
    await until(() => expect(textsIn(story, 'town')).toEqual(['my cat.png: 5000']));
  });
});
