import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { BridgeError, mediaRef, type Network, type NetworkAdapter } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { bridgedRoom, ghost, link, roomWithBot, textsIn, until } from './support/bridged-room.ts';
import { fastClock } from './support/fast-clock.ts';
import { type Giving, networkGiving, picture } from './support/giving-network.ts';
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

/** A room that is bridged to a network that gives out files. */
async function roomOf(giving: Giving, options: Parameters<typeof startStory>[0] = {}) {
  const story = await startStory({ adapter: giving.adapter, ...options });
  return { story, ...(await bridgedRoom(story)) };
}

const filesIn = async (ann: MatrixPerson, room: string) =>
  (await ann.timeline(room)).filter(({ content }) => content['url'] !== undefined);

describe('a file from a network', () => {
  it('is there as it was, by whoever said it, with its caption', async () => {
    const giving = networkGiving(async () => BYTES);
    const { ann, room } = await roomOf(giving);
    await giving.says('carol', { text: 'look', media: [picture('cat', BYTES.length)] });
    const { sender, content } = await ann.hears(room, 'look');
    expect(sender).toBe(ghost('carol'));
    expect(content).toMatchObject({
      ...{ msgtype: 'm.image', filename: 'cat.png' },
      info: { mimetype: 'image/png', size: BYTES.length },
    });
    const { bytes, mimeType } = await ann.download(String(content['url']));
    expect(bytes.equals(BYTES)).toBe(true);
    expect(mimeType).toBe('image/png');
  });

  it('is one event for each of several, which go together, the first with words and answer', async () => {
    const giving = networkGiving(async () => BYTES);
    const { ann, room } = await roomOf(giving);
    const replyTo = await giving.says('carol', { text: 'first' });
    const media = [picture('a'), picture('b'), picture('c')];
    const id = await giving.says('carol', { text: 'three', media }, { replyTo });
    await ann.sees(room, ({ content }) => content['filename'] === 'c.png');
    const files = await filesIn(ann, room);
    expect(files.map(({ content }) => content['body'])).toEqual(['three', 'b.png', 'c.png']);
    expect(files.map(({ content }) => 'm.relates_to' in content)).toEqual([true, false, false]);
    await giving.takesBack('carol', id);
    await until(async () => expect(await filesIn(ann, room)).toEqual([]));
  });

  it('stays when its caption is edited', async () => {
    const giving = networkGiving(async () => BYTES);
    const { ann, room } = await roomOf(giving);
    const media = [picture('cat')];
    const id = await giving.says('carol', { text: 'lok', media });
    await giving.edits('carol', id, { text: 'look', media });
    const { content } = await ann.hears(room, '* look');
    expect(content['m.new_content']).toMatchObject({ msgtype: 'm.image', body: 'look' });
    expect(giving.opened()).toBe(1);
  });

  it('is waited for, by its sender and nobody else, while the network cannot give it', async () => {
    let isAway = true;
    const giving = networkGiving(async () => {
      if (isAway)
        throw new BridgeError('unreachable', 'away', { effect: 'none', retryAfterMs: 50 });
      return BYTES;
    });
    const { ann, room } = await roomOf(giving);
    await giving.says('carol', { text: 'look', media: [picture('cat')] });
    await giving.says('carol', { text: 'seen?' });
    await giving.says('dave', { text: 'what?' });
    await ann.hears(room, 'what?');
    expect((await ann.texts(room)).filter((text) => text.includes('carol'))).toEqual([]);
    isAway = false;
    await ann.hears(room, 'seen?');
    expect((await ann.texts(room)).slice(-3).map((text) => text.split(': ')[1])).toEqual([
      ...['what?', 'look', 'seen?'],
    ]);
  });

  it('is told to be missing, and why, once it cannot be had', async () => {
    const words = 'its seal is broken';
    const giving = networkGiving(async () => {
      throw new BridgeError('protocol', 'bad', { effect: 'none', words });
    });
    const { ann, room } = await roomOf(giving);
    await giving.says('carol', { text: 'look', media: [picture('cat', 5_000)] });
    await ann.hears(
      room,
      'look\n[image] cat.png (5 kB), which is missing here: its seal is broken',
    );
  });

  it('is given up after some minutes', async () => {
    const giving = networkGiving(async () => {
      throw new BridgeError('unreachable', 'away', { effect: 'none' });
    });
    const clock = fastClock();
    const { ann, room } = await roomOf(giving, { clock });
    await giving.says('carol', { text: '', media: [picture('cat')] });
    clock.run(300);
    await ann.hears(room, '[image] cat.png, which is missing here: it could not be fetched');
    expect(giving.opened()).toBeGreaterThan(1);
  });

  it('is told to be missing where it is larger than the homeserver takes', async () => {
    async function* large() {
      for (let n = 0; n <= 50; n++) yield Buffer.alloc(1024 * 1024);
    }
    const giving = networkGiving(large);
    const { ann, room } = await roomOf(giving);
    await giving.says('carol', { text: '', media: [picture('cat')] });
    const why = 'it is larger than this homeserver takes';
    await ann.hears(room, `[image] cat.png, which is missing here: ${why}`);
  });

  it('is said and stored once, where the bridge ends before the files after it are said', async () => {
    const giving = networkGiving(async () => BYTES);
    const { story, ann, room } = await roomOf(giving);
    let said = 0;
    story.between.interfere(({ path }) =>
      path.includes('/send/m.room.message/') && ++said > 1 ? 'cut' : undefined,
    );
    await giving.says('carol', { text: 'look', media: [picture('a'), picture('b')] });
    await until(() => expect(said).toBeGreaterThan(1));
    await story.stopBridge();
    story.between.mend();
    await story.restartBridge();
    await giving.says('carol', { text: 'end' });
    await ann.hears(room, 'end');
    const files = await filesIn(ann, room);
    expect(files.map(({ content }) => content['body'])).toEqual(['look', 'b.png']);
    expect(giving.opened()).toBe(3);
  });
});

/** A network that serves the files of its chats to the world, under their own ids: nobody is to do so. */
const serving = {
  ...loopback,
  async open(host) {
    const network = await loopback.open(host as never);
    const session: typeof network.session = async (voice, signal) => {
      const opened = await network.session(voice, signal);
      const { message } = opened.on;
      const encode: typeof message.encode = async ({ body }) => {
        const path = Buffer.from(body.media?.[0]?.ref ?? '').toString('base64url');
        const text = `${host.publicUrl}${path}`;
        return { parts: [Buffer.from(JSON.stringify({ text }))] };
      };
      return { ...opened, takesFiles: true, on: { ...opened.on, message: { ...message, encode } } };
    };
    const serve: Network['serve'] = async (path) => {
      const ref = mediaRef(Buffer.from(path, 'base64url').toString());
      if (!ref.startsWith('mxc:')) return undefined;
      return { mimeType: 'image/png', open: (signal) => host.openMedia(ref, signal) };
    };
    return { ...network, session, serve };
  },
} as NetworkAdapter;

describe('a file from Matrix, that its network serves to the world', () => {
  it('is found there by anybody, and nothing else is', async () => {
    const story = await startStory({ adapter: serving, ...publicUrl });
    const { ann, room } = await bridgedRoom(story);
    await shows(ann, room);
    await until(() => expect(textsIn(story, 'town')).toHaveLength(1));
    const [text = ''] = textsIn(story, 'town');
    expect(text).toMatch(/^https:\/\/bridge\.test\/x\/at\/loop\/[\w-]+$/);
    const address = text.replace('https://bridge.test/x', story.url);
    expect(Buffer.from(await (await fetch(address)).arrayBuffer()).equals(BYTES)).toBe(true);

    const gone = Buffer.from('mxc://hs.test/gone').toString('base64url');
    const others = ['/at/loop/eA', '/at/other/eA', `/at/loop/${gone}`];
    const answers = await Promise.all(others.map((path) => fetch(story.url + path)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(bodies).size).toBe(1);

    story.between.interfere(() => 'cut');
    expect((await fetch(address)).status).toBe(503);
  });

  it('is found by nobody where the world cannot reach the bridge', async () => {
    const story = await startStory({ adapter: serving });
    const { ann, room } = await bridgedRoom(story);
    await shows(ann, room);
    await until(() => expect(textsIn(story, 'town')).toHaveLength(1));
    const path = textsIn(story, 'town')[0]?.replace('undefined', '/at/loop/');
    expect((await fetch(`${story.url}${path}`)).status).toBe(404);
  });
});
