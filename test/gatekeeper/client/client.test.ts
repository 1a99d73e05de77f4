import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AliceClient, type ClientOptions } from '../../../gatekeeper/client/client.ts';
import type { Told } from '../../../gatekeeper/client/hearing.ts';
import { useGatekeeper } from '../support/gatekeeper.ts';

const rate = { burst: 1000, perSecond: 1000 };
const gatekeeper = useGatekeeper({ rates: { firstContacts: rate, messages: rate } });

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'alice-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'client.db');
}

async function open(name: string, options: Partial<ClientOptions> = {}): Promise<AliceClient> {
  const client = await AliceClient.open({
    ...{ origin: gatekeeper.origin, ca: gatekeeper.options.tls.cert, name, password: 'secret' },
    ...{ device: 'phone', file: newFile(), ...options },
  });
  onTestFinished(() => client.close());
  return client;
}

let count = 0;
/** A user whom nobody had before. */
async function newUser(name: string): Promise<string> {
  const own = `${name}${++count}`;
  await gatekeeper.local(own, []);
  return own;
}

const text = (said: string) =>
  ({ kind: 'message', items: [{ kind: 'text', format: 'plain', text: said }] }) as const;

const textOf = ({ what }: Told): string => {
  if ('hole' in what) return `(${what.hole})`;
  const [item] = what.said.kind === 'message' ? what.said.items : [];
  return item?.kind === 'text' ? item.text : what.said.kind;
};

async function hears(client: AliceClient, number: number, after = 0): Promise<readonly string[]> {
  const heard: string[] = [];
  for await (const { told } of client.heard(after)) {
    heard.push(textOf(told));
    if (heard.length === number) break;
  }
  return heard;
}

describe('AliceClient', () => {
  it.each(['mls10/1', 'e2b/1'] as const)('talks to another one by %s, in order', async (suite) => {
    const [ann, ben] = [await newUser('ann'), await newUser('ben')];
    const [anns, bens] = [await open(ann), await open(ben)];
    const chat = await anns.talkTo(bens.user.visible_id, suite);
    for (const said of ['one', 'two', 'three']) await anns.say(chat, text(said));
    expect(await hears(bens, 3)).toEqual(['one', 'two', 'three']);
    await bens.say(chat, text('four'));
    await bens.say(chat, text('five'));
    expect(await hears(anns, 2)).toEqual(['four', 'five']);
    await anns.say(chat, text('six'));
    expect(await hears(bens, 1, 3)).toEqual(['six']);
  });

  it('names what was said as its readers do', async () => {
    const [ann, ben] = [await newUser('ann'), await newUser('ben')];
    const [anns, bens] = [await open(ann), await open(ben)];
    const chat = await anns.talkTo(bens.user.visible_id);
    const id = await anns.say(chat, text('hello'));
    const first = await bens.heard().next();
    await bens.say(chat, { kind: 'reaction', to: id, keys: ['👍'] });

    expect(first.value.told.what).toMatchObject({ id });
    expect(await hears(anns, 1)).toEqual(['reaction']);
  });

  it('loses and doubles nothing, however often it is closed and opened in the middle of it', async () => {
    const [ann, ben] = [await newUser('ann'), await newUser('ben')];
    const files = { ann: newFile(), ben: newFile() };
    let anns = await open(ann, { file: files.ann });
    let bens = await open(ben, { file: files.ben });
    const chat = await anns.talkTo(bens.user.visible_id);
    for (let round = 0; round < 6; round++) {
      await anns.say(chat, text(`a${round}`));
      await anns.say(chat, text(`b${round}`));
      if (round > 0) await bens.say(chat, text(`c${round}`));
      await Promise.all([anns.close(), round % 2 === 0 && bens.close()]);
      anns = await open(ann, { file: files.ann });
      if (round % 2 === 0) bens = await open(ben, { file: files.ben });
    }
    const rounds = [0, 1, 2, 3, 4, 5];

    expect(await hears(bens, 12)).toEqual(rounds.flatMap((at) => [`a${at}`, `b${at}`]));
    expect(await hears(anns, 5)).toEqual(rounds.slice(1).map((at) => `c${at}`));
  });

  it('sends once what the gatekeeper took without its answer being heard', async () => {
    const [ann, ben] = [await newUser('ann'), await newUser('ben')];
    const [anns, bens] = [await open(ann), await open(ben)];
    const chat = await anns.talkTo(bens.user.visible_id);
    for (const said of ['one', 'two', 'three']) {
      gatekeeper.gatekeeper.faults.next('sendMessage', 'drop');
      await anns.say(chat, text(said));
    }

    expect(await hears(bens, 3)).toEqual(['one', 'two', 'three']);
    await anns.settled();
    await anns.say(chat, text('four'));
    expect(await hears(bens, 1, 3)).toEqual(['four']);
  });

  it('agrees on one group where both begin at once', async () => {
    const [ann, ben] = [await newUser('ann'), await newUser('ben')];
    const [anns, bens] = [await open(ann), await open(ben)];
    const chat = await anns.talkTo(bens.user.visible_id);
    expect(await bens.talkTo(anns.user.visible_id)).toBe(chat);
    await anns.say(chat, text('from Ann'));
    await bens.say(chat, text('from Ben'));

    expect(await hears(bens, 1)).toEqual(['from Ann']);
    expect(await hears(anns, 1)).toEqual(['from Ben']);
  });

  it('is heard by all devices of a person, those that came later too', async () => {
    const [ann, ben] = [await newUser('ann'), await newUser('ben')];
    const [anns, bens] = [await open(ann), await open(ben)];
    const chat = await anns.talkTo(bens.user.visible_id);
    await anns.say(chat, text('before'));
    expect(await hears(bens, 1)).toEqual(['before']);
    const desk = await open(ben, { device: 'desk', accountKey: bens.accountKey });
    await anns.say(chat, text('after'));

    expect(await hears(bens, 1, 1)).toEqual(['after']);
    expect(await hears(desk, 1)).toEqual(['after']);
    await desk.say(chat, text('from the desk'));
    expect(await hears(anns, 1)).toEqual(['from the desk']);
    expect(await hears(bens, 1, 2)).toEqual(['from the desk']);
  });

  it('goes on from yesterday’s backup: what cannot be read is a hole, and what is said is heard', async () => {
    const [ann, ben] = [await newUser('ann'), await newUser('ben')];
    const [file, backup] = [newFile(), newFile()];
    let anns = await open(ann, { file });
    const bens = await open(ben);
    const chat = await anns.talkTo(bens.user.visible_id);
    await anns.say(chat, text('one'));
    await bens.say(chat, text('two'));
    await hears(anns, 1);
    await anns.settled();
    await anns.close();
    copyFileSync(file, backup);
    anns = await open(ann, { file });
    await anns.say(chat, text('three'));
    await bens.say(chat, text('four'));
    expect(await hears(bens, 2)).toEqual(['one', 'three']);
    await hears(anns, 2);
    await anns.settled();
    await anns.close();
    anns = await open(ann, { file: backup });
    await anns.say(chat, text('five'));

    expect(await hears(bens, 1, 2)).toEqual(['five']);
    await bens.say(chat, text('six'));
    expect(await hears(anns, 3)).toEqual(['two', '(cursor_gone)', 'six']);
  });
});
