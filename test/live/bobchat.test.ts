import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFile } from '#gia';
import { moveProvider } from '../../gatekeeper/admin/providers.ts';
import { useGatekeeper } from '../gatekeeper/support/gatekeeper.ts';
import { keyPair } from '../gatekeeper/support/signer.ts';
import { projectDir } from './servers/project-dir.ts';
import { requirePart } from './servers/require-part.ts';
import { BobChat, type BobChatProcess, type Line } from './support/bobchat.ts';
import { makeCertificate } from './support/certificate.ts';
import { LocalPerson, one, type Read, textItem } from './support/local-person.ts';
import { temporaryDir } from './support/temporary-dir.ts';

const domain = 'bobchat.example';
const alicesId = 'alice@alicechat.example';

// Its Python has the one package that BobChat needs.
const synapse = await requirePart('synapse');
const tls = await makeCertificate(`media.${domain}`);
const ca = await readFile(tls.cert, 'utf8');

synapse.describe('BobChat', () => {
  const gatekeeper = useGatekeeper({
    // Its media domain is on this machine.
    net: {
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      isAllowed: () => true,
      ca,
    },
  });
  let bob: BobChat;
  let alice: LocalPerson;
  let media: BobChatProcess;
  let listening: BobChatProcess;

  beforeAll(async () => {
    bob = new BobChat(join(synapse.root, 'bin/python'), await temporaryDir('bobchat'));
    await writeFile(join(bob.dir, 'gatekeeper.pem'), gatekeeper.certificate);
    media = bob.start(['serve-media', '--port', '0', '--cert', tls.cert, '--key', tls.key]);
    alice = await LocalPerson.make(gatekeeper, 'alice');
  });

  afterAll(async () => {
    await media?.kill();
    await listening?.kill();
  });

  const listen = (...after: readonly string[]) => {
    listening = bob.start(['listen', ...after]);
  };
  const send = async (...args: readonly string[]): Promise<Line> => {
    const [kept, sent] = await bob.run('send', 'bob', alicesId, ...args);
    expect(sent).toMatchObject({ id: kept.kept, seq: expect.any(Number) });
    return sent;
  };
  const heard = (id: string) => listening.until((line) => line.id === id);
  const isText = (text: string) => (read: Read) =>
    read.kind === 'message' &&
    read.items.some((item) => item.kind === 'text' && item.text === text);

  it('writes and reads what the papers show byte by byte, and refuses what they refuse', async () => {
    const tests = bob.python([
      '-m',
      'unittest',
      'discover',
      '-t',
      projectDir,
      '-s',
      join(projectDir, 'bobchat/tests'),
    ]);

    await tests.done();
    expect(tests.complaints).toContain('OK');
  });

  it('asks for access, and is let in once the operator says so', async () => {
    const { serving } = await media.until((line) => 'serving' in line);
    const asking = [
      ...['request-access', '--gatekeeper', gatekeeper.origin, '--domain', domain],
      ...['--contact', `ops@${domain}`, '--media-url', `https://media.${domain}:${serving}`],
      ...['--ca', 'gatekeeper.pem'],
    ];
    const [asked] = await bob.run(...asking);
    expect(asked).toMatchObject({ state: 'requested', request_id: expect.any(String) });
    await expect(bob.run('enlist', 'bob')).rejects.toThrow('unauthorized_provider');

    moveProvider(gatekeeper.admin, domain, { to: 'operational', trustsAuth: false });

    expect(await bob.run('status')).toMatchObject([{ state: 'operational', integrator: 1 }]);
    expect(await bob.run(...asking)).toMatchObject([{ request_id: asked.request_id }]);
  });

  it('enlists somebody whom the gatekeeper asks itself', async () => {
    const [user] = await bob.run('enlist', 'bob');
    expect(user).toMatchObject({ state: 'challenge', visible_id: `bob@${domain}` });

    const code = gatekeeper.codes.get(`bob@${domain}`) ?? '';
    expect(await bob.run('answer', 'bob', code)).toMatchObject([{ state: 'active' }]);
    expect(await bob.run('enlist', 'bob')).toMatchObject([
      { user_ref: user.user_ref, state: 'active' },
    ]);
  });

  it('finds people, and says nothing of those who are not there', async () => {
    expect(await bob.run('lookup', 'bob', alicesId)).toMatchObject([
      { status: 'found', user_ref: alice.user.ref },
    ]);
    expect(await bob.run('lookup', 'bob', 'nobody@alicechat.example')).toMatchObject([
      { status: 'not_found_or_not_allowed' },
    ]);
  });

  it('says something, and hears the answer', async () => {
    listen();
    const hi = await send('Hi Alice!');
    alice.talkIn(hi.conv_id);
    expect(await alice.until(isText('Hi Alice!'))).toMatchObject({ id: hi.id });

    const answer = await alice.say({
      kind: 'message',
      replyTo: hi.id,
      items: [textItem('Hi Bob!')],
    });
    expect(await heard(answer)).toMatchObject({
      ...{
        event: 'message.new',
        user: 'bob',
        from: alice.user.ref,
        said: 'text',
        text: 'Hi Bob!',
      },
      in_reply_to: hi.id,
    });

    const again = await send('How are you?', '--reply-to', answer);
    expect(await alice.until(({ id }) => id === again.id)).toMatchObject({ replyTo: answer });
  });

  it('edits, reacts and takes back', async () => {
    const first = await send('Helo');
    const better = await send('Hello', '--edit', first.id);
    const best = await send('Hello!', '--edit', better.id);
    const thumb = await send('👍', '--react-to', best.id);
    await bob.run('remove', 'bob', alicesId, thumb.id);
    await bob.run('remove', 'bob', alicesId, best.id);
    await alice.until((it) => it.kind === 'removal' && it.of === first.id);

    expect(alice.read().slice(-6)).toMatchObject([
      { kind: 'message', id: first.id },
      { kind: 'edit', of: first.id, items: [{ text: 'Hello' }] },
      { kind: 'edit', of: first.id, items: [{ text: 'Hello!' }] },
      { kind: 'reaction', to: best.id, keys: ['👍'] },
      { kind: 'removal', of: thumb.id, what: 'reaction' },
      { kind: 'removal', of: first.id, what: 'message' },
    ]);
  });

  it('hears edits, reactions and removals, of those who said it only', async () => {
    const first = await alice.say({ kind: 'message', items: [textItem('Wel')] });
    const edit = await alice.say({
      kind: 'edit',
      of: first,
      items: [textItem('Well')],
    });
    const heart = await alice.say({
      kind: 'reaction',
      to: first,
      keys: ['❤️', '🎉'],
    });
    const gone = await alice.say({ kind: 'removal', of: first, what: 'message' });
    expect(await heard(first)).toMatchObject({ said: 'text', text: 'Wel' });
    expect(await heard(edit)).toMatchObject({ said: 'edit', text: 'Well', replaces: first });
    expect(await heard(heart)).toMatchObject({
      said: 'reaction',
      text: '❤️\n🎉',
      in_reply_to: first,
    });
    expect(await heard(gone)).toMatchObject({ said: 'removal', replaces: first });

    const bobs = await send('This is mine');
    await alice.say({ kind: 'removal', of: bobs.id, what: 'message' });
    await listening.until(
      (line) => line.said === 'unshowable' && line.why.includes('somebody else'),
    );
    await alice.sendBytes(Buffer.from('9fff', 'hex'));
    await listening.until((line) => line.said === 'unshowable' && line.why.includes('indefinite'));
  });

  it('tells and is told what arrived, what was read, and who types', async () => {
    const hi = await send('Are you there?');
    const arrived = await alice.events.until((it) => it.type === 'receipt');
    expect(arrived).toMatchObject({ data: { kind: 'delivery' } });
    const ephemeral = `/conversations/${alice.convId}/ephemeral`;
    const upTo = { msg_id: hi.msg_id, seq: hi.seq };
    const device = { sender_device: 'phone' };
    await alice.user.call('POST', ephemeral, { body: { ...device, kind: 'read', up_to: upTo } });
    await alice.user.call('POST', ephemeral, {
      body: { ...device, kind: 'typing', active: true },
    });
    await listening.until(
      (line) =>
        line.event === 'receipt' && line.data.kind === 'read' && line.data.up_to.seq === hi.seq,
    );
    await listening.until((line) => line.event === 'typing' && line.data.active);

    const here = await alice.say({ kind: 'message', items: [textItem('Here')] });
    const { seq } = await heard(here);
    await bob.run('typing', 'bob', alicesId);
    await bob.run('read', 'bob', here);
    await alice.events.until((it) => it.type === 'typing');
    await alice.events.until(
      (it) => it.type === 'receipt' && it.data.kind === 'read' && it.data.up_to.seq === seq,
    );
  });

  it('sends a file, which lies encrypted at its own media domain', async () => {
    const bytes = randomBytes(300_000);
    await writeFile(join(bob.dir, 'cat.png'), bytes);
    const [kept] = await bob.run('send-file', 'bob', alicesId, 'cat.png');
    const read = await alice.until(({ id }) => id === kept.kept);
    const [item] = read.kind === 'message' ? read.items : [];
    if (item?.kind !== 'file') throw new Error('It is no file');
    expect(item).toMatchObject({ filename: 'cat.png', contentType: 'image/png' });

    const fetched = await alice.user.call('GET', `/media/proxy?u=${encodeURIComponent(item.url)}`);
    expect(fetched.status).toBe(200);
    const opened = await openFile({
      ...{
        source: one(fetched.bytes),
        item,
        file: join(bob.dir, 'alices-copy'),
        maxBytes: 1 << 20,
      },
    });
    const pieces: Uint8Array[] = [];
    for await (const piece of opened.bytes) pieces.push(piece);
    await opened.close();
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    const part = await alice.user.call('GET', `/media/proxy?u=${encodeURIComponent(item.url)}`, {
      headers: { range: 'bytes=10-19' },
    });
    expect([part.status, part.bytes]).toEqual([206, fetched.bytes.subarray(10, 20)]);
  });

  it('fetches a file, and keeps none that is not what the message says', async () => {
    const bytes = randomBytes(300_000);
    const item = await alice.upload(bytes, 'dog.png', 'image/png');
    const dog = await alice.say({ kind: 'message', items: [item] });
    expect(await heard(dog)).toMatchObject({ said: 'file', files: [{ name: 'dog.png' }] });
    await bob.run('save-file', dog, 'dog.png');
    expect((await readFile(join(bob.dir, 'dog.png'))).equals(bytes)).toBe(true);

    const another = await alice.upload(bytes, 'dog.png', 'image/png');
    const swapped = await alice.say({
      kind: 'message',
      items: [{ ...another, seal: item.seal }],
    } as never);
    await heard(swapped);
    await expect(bob.run('save-file', swapped, 'swapped.png')).rejects.toThrow('tag');
    await expect(readFile(join(bob.dir, 'swapped.png'))).rejects.toThrow('ENOENT');
  });

  it('is killed in the middle, and hears and says each thing once and in order', async () => {
    const rounds = [0, 1, 2, 3];
    const told: Line[] = [];
    const kept: string[] = [];
    const aliceSpeaks = async (round: number) => {
      for (let n = 0; n < 15; n++)
        await alice.say({ kind: 'message', items: [textItem(`from Alice ${round}.${n}`)] });
    };
    for (const round of rounds) {
      const words = Array.from({ length: 30 }, (_, n) => `from Bob ${round}.${n}\n`);
      const sending = bob.start(['send', 'bob', alicesId, '-'], words.join(''));
      await sending.until((line) => (round < 2 ? 'kept' : 'seq') in line);
      const speaking = aliceSpeaks(round);
      await listening.until((line) => line.text === `from Alice ${round}.4`);
      await Promise.all([listening.kill(), sending.kill()]);
      told.push(...listening.lines.filter((line) => 'n' in line));
      kept.push(...sending.lines.flatMap((line) => line.kept ?? []));
      listen('--after', String(told.at(-1).n));
      await speaking;
    }
    if (!told.some(({ text }) => text === 'from Alice 3.14'))
      await listening.until((line) => line.text === 'from Alice 3.14');
    told.push(...listening.lines.filter((line) => 'n' in line));
    const [end] = await bob.run('send', 'bob', alicesId, 'The end');
    await alice.until(isText('The end'));

    const fromAlice = told.flatMap(({ text }) => (/^from Alice/.test(text) ? [text] : []));
    expect(fromAlice).toEqual(
      rounds.flatMap((round) => Array.from({ length: 15 }, (_, n) => `from Alice ${round}.${n}`)),
    );
    expect(told.map(({ n }) => n)).toEqual(told.map((_, index) => told[0].n + index));
    const ids = alice.read().map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(kept.length).toBeGreaterThanOrEqual(rounds.length);
    expect(ids.filter((id) => kept.includes(id))).toEqual(kept);
    expect(ids.at(-1)).toBe(end.kept);
  });

  it('believes no device list but by the account key that it knows', async () => {
    const [known] = await bob.run('devices', 'bob', alicesId);
    expect(known).toMatchObject({
      account_key: alice.user.account.jwk.kid,
      devices: [{ id: 'phone' }],
    });

    const another = await keyPair();
    const answer = await alice.user.putDevices([{ id: 'phone' }], another, true);
    expect(answer.status).toBe(200);

    await listening.until(
      (line) => line.event === 'identity.changed' && line.data.new === another.jwk.kid,
    );
    await expect(bob.run('devices', 'bob', alicesId)).rejects.toThrow('another account key');
  });

  it('acknowledges what is safe, so that it never comes again', async () => {
    const last = await alice.say({ kind: 'message', items: [textItem('The last')] });
    const { seq } = await heard(last);
    // Receipts go out after what they are of was acknowledged.
    await alice.events.until((it) => it.type === 'receipt' && it.data.up_to.seq >= seq);
    await listening.kill();
    const forget =
      "import sqlite3; sqlite3.connect('bobchat.db').executescript('delete from settings where name = \"cursor\"; delete from heard')";
    await bob.python(['-c', forget]).done();
    const fresh = await alice.say({ kind: 'message', items: [textItem('Fresh')] });
    listen('--after', '0');
    await heard(fresh);

    expect(listening.lines.map(({ id }) => id)).toEqual([fresh]);
  });

  it('hears on once the gatekeeper is there again', async () => {
    await gatekeeper.restart();
    const again = await alice.say({ kind: 'message', items: [textItem('Here again')] });

    expect(await heard(again)).toMatchObject({ text: 'Here again' });
  });
});
