import { expect, it, onTestFinished, vi } from 'vitest';
import { type Part, remoteChatId } from '../../src/adapter/index.ts';
import { IrcProxy } from './servers/irc-proxy.ts';
import {
  chat,
  enter,
  meeting,
  moves,
  open,
  partsOf,
  patient,
  say,
  words,
} from './support/irc-bench.ts';
import { IrcPerson } from './support/irc-person.ts';
import { ircServers } from './support/irc-servers.ts';

const { both, inspircd } = await ircServers({ history: true });

inspircd.describe('a channel with history', () => {
  it('is told on from the newest that is known, with nothing missing and nothing twice', async () => {
    const server = await inspircd.serve();
    const bob = await enter(server, 'bob');
    const first = await open(server.port);
    await first.watch();
    bob.say('#a', 'one');
    await vi.waitFor(() => expect(words(first.emitted)).toEqual(['bob: one']), patient);
    await say(await first.enlist('ann'), 'mine');
    const last = first.emitted.at(-1);
    await first.close();
    bob.say('#a', 'two');
    bob.action('#a', 'waves');
    const second = await open(server.port, {}, first.disk);
    await second.watch({ atMs: last?.sentAtMs ?? 0, ...(last && 'id' in last && { id: last.id }) });
    bob.say('#a', 'three');
    await vi.waitFor(
      () =>
        expect(words(second.emitted)).toEqual(['bob: one', 'bob: two', 'bob: waves', 'bob: three']),
      patient,
    );
    expect(second.emitted.filter(({ kind }) => kind === 'hole')).toEqual([]);
  });

  it('is told from when it was first listened to, if nothing was said until the next start', async () => {
    const server = await inspircd.serve();
    const bob = await enter(server, 'bob');
    bob.say('#a', 'before');
    const first = await open(server.port);
    await first.watch();
    await first.close();
    bob.say('#a', 'meanwhile');
    const second = await open(server.port, {}, first.disk);
    await second.watch();
    await vi.waitFor(() => expect(words(second.emitted)).toContain('bob: meanwhile'), patient);
  });

  it('knows after a kill which of its lines arrived, of voices that are not back yet', async () => {
    const server = await inspircd.serve();
    const bob = await enter(server, 'bob');
    const proxy = await IrcProxy.start(server.port);
    onTestFinished(() => proxy.stop());
    const first = await open(proxy.port);
    await first.watch();
    const ann = await first.enlist('ann');
    await say(ann, 'settled');
    const [arrived] = await partsOf(ann, 'arrived');
    proxy.toClient = 'lose';
    const inDoubt = ann.on.message.send(arrived!, AbortSignal.timeout(30_000));
    const failed = expect(inDoubt).rejects.toMatchObject({ effect: 'unknown' });
    await bob.hears('#a', 'ann[m]: arrived');
    // The server tells the past in whole seconds, so this must not be tried in the same one.
    const [soon] = await partsOf(ann, 'never');
    const never = { ...soon!, firstTriedAtMs: Date.now() + 2_000 };
    proxy.cut();
    await failed;
    await first.close();

    proxy.toClient = 'pass';
    const second = await open(proxy.port, {}, first.disk);
    await second.watch({ atMs: Date.now() - 60_000 });
    const relay = await second.network.session(second.voice('relay', 'relay'), second.signal);
    const look = (part: Part<'message'>) => relay.on.message.lookup?.(part, second.signal);
    expect(await look(arrived!)).toMatchObject({ ids: [expect.any(String)] });
    expect(await look(never)).toBe('absent');
    const echo = second.emitted.find((event) => 'echoOf' in event && event.echoOf === 'arrived/0');
    expect(echo).toMatchObject({ sender: 'ann{m}' });
    expect(words(second.emitted)).toEqual([]);
  });
});

inspircd.describe('a server that throws out those who talk too fast', () => {
  it('bears a long text at the default pace, and passes all of it on', async () => {
    const server = await inspircd.serve({ flood: 'strict' });
    const bob = await enter(server, 'bob');
    const opened = await open(server.port, { lineIntervalMs: undefined, lineBurst: undefined });
    await opened.watch();
    const ann = await opened.enlist('ann');
    const lines = Array.from({ length: 14 }, (_, n) => `line ${n}`);
    await say(ann, lines.join('\n'));
    await bob.hears('#a', 'ann[m]: line 13');
    expect(bob.heard('#a')).toEqual(lines.map((line) => `ann[m]: ${line}`));
    expect(opened.standings).toEqual([]);
  });
});

inspircd.describe('a server that slows down those who talk too fast', () => {
  it('loses nothing and doubles nothing of what two voices say at once', async () => {
    const server = await inspircd.serve({ flood: 'default' });
    const bob = await enter(server, 'bob');
    const opened = await open(server.port);
    await opened.watch();
    const names = ['ann', 'cyd'];
    const voices = await Promise.all(names.map((name) => opened.enlist(name)));
    const lines = Array.from({ length: 20 }, (_, n) => `line ${n}`);
    await Promise.all(voices.map((voice) => say(voice, lines.join('\n'))));
    await vi.waitFor(() => expect(bob.heard('#a')).toHaveLength(40), patient);
    for (const name of names) {
      const own = bob.heard('#a').filter((line) => line.startsWith(`${name}[m]: `));
      expect(own).toEqual(lines.map((line) => `${name}[m]: ${line}`));
    }
    expect(opened.standings).toEqual([]);
  });
});

for (const { name, describe, serve } of both)
  describe(`the adapter on ${name}`, () => {
    const meet = async () => meeting(await serve());

    it('says a long text byte for byte, and cuts no character in two', async () => {
      const { ann, bob } = await meet();
      const text = 'ä漢🙂👩‍👩‍👧 words'.repeat(60);
      await say(ann, `${text}\nend`);
      await bob.hears('#a', 'ann[m]: end');
      const heard = bob.heard('#a').map((line) => line.replace('ann[m]: ', ''));
      // ngircd takes spaces at the end of a line away.
      const letters = (words: string) => (name === 'ngircd' ? words.replaceAll(' ', '') : words);
      expect(letters(heard.slice(0, -1).join(''))).toBe(letters(text));
      expect(heard.length).toBeGreaterThan(5);
    });

    it('hears and says deeds and notices', async () => {
      const { ann, bob, emitted, emits } = await meet();
      bob.action('#a', 'waves');
      bob.raw('NOTICE #a :beep');
      await emits(() =>
        expect(emitted.map((event) => 'body' in event && event.body)).toEqual([
          { text: 'waves', as: 'emote' },
          { text: 'beep', as: 'notice' },
        ]),
      );
      const [part] = await partsOf(ann, 'x');
      const action = { ...part!.action, body: { text: 'smiles', as: 'emote' as const } };
      const [wire] = (await ann.on.message.encode?.(action, AbortSignal.timeout(5_000)))!.parts;
      await ann.on.message.send({ ...part!, wire: wire! }, AbortSignal.timeout(5_000));
      await bob.hears('#a', '* ann[m] smiles');
    });

    it('knows who is named, as the server compares nicks', async () => {
      const { server, bob, ann, emitted, emits } = await meet();
      const cyd = await enter(server, 'cyd');
      await cyd.rename('c[d]');
      const isOne = name === 'inspircd';
      bob.say('#a', 'ann[m]: ask C{D}');
      await emits(() => expect(words(emitted)).toEqual(['bob: ann[m]: ask C{D}']));
      expect(emitted.at(-1)).toMatchObject({
        body: {
          mentions: [
            { start: 0, end: 6, voice: 'ann' },
            ...(isOne ? [{ start: 12, end: 16, user: 'c{d}' }] : []),
          ],
        },
      });
      const [part] = await partsOf(ann, 'x');
      const mentions = [{ start: 0, end: 1, user: (isOne ? 'c{d}' : 'c[d]') as never }];
      const action = { ...part!.action, body: { text: 'C, hi', mentions } };
      const [wire] = (await ann.on.message.encode?.(action, AbortSignal.timeout(5_000)))!.parts;
      await ann.on.message.send({ ...part!, wire: wire! }, AbortSignal.timeout(5_000));
      await bob.hears('#a', 'ann[m]: c[d], hi');
    });

    it('takes another nick when somebody has the one it wants', async () => {
      const server = await serve();
      const other = await IrcPerson.enter(server.port, 'ann');
      onTestFinished(() => other.quit());
      await other.rename('ann[m]');
      const bob = await enter(server, 'bob');
      const opened = await open(server.port);
      await opened.watch();
      await say(await opened.enlist('ann'), 'hi');
      await bob.hears('#a', 'ann[m]_: hi');
    });

    it('tells of people who come, are renamed and go, and of no voice', async () => {
      const { server, emitted, emits, ann, signal } = await meet();
      const cyd = await enter(server, 'cyd');
      await cyd.rename('sid');
      cyd.say('#a', 'me');
      cyd.raw('PART #a :bye');
      await cyd.join('#a');
      cyd.quit();
      await ann.leave?.(chat, signal);
      await emits(() =>
        expect(moves(emitted)).toEqual([
          ...['cyd in', 'cyd out', 'sid in', 'sid out', 'sid in', 'sid out'],
        ]),
      );
      expect(words(emitted)).toEqual(['sid: me']);
    });

    it('tells who is kicked, a voice too, which can come back', async () => {
      const { server, bob, ann, emitted, emits, signal } = await meet();
      await enter(server, 'cyd');
      bob.kick('#a', 'cyd', 'spam');
      bob.kick('#a', 'ann[m]', 'you too');
      await emits(() => expect(moves(emitted)).toEqual(['cyd in', 'cyd out', 'ann out']));
      expect(emitted.at(-1)).toMatchObject({ sender: 'bob', reason: 'you too', voice: 'ann' });
      if (name === 'ngircd') bob.raw('MODE #a +n');
      await expect(say(ann, 'outside')).rejects.toMatchObject({
        code: 'not_allowed',
        effect: 'none',
      });
      await ann.join?.(chat, signal);
      await say(ann, 'back');
      await bob.hears('#a', 'ann[m]: back');
    });

    it('talks to one person alone, both ways', async () => {
      const { bob, ann, emitted, emits, signal, network } = await meet();
      const found = await network.resolve?.('BOB', signal);
      expect(found).toEqual({ user: 'bob' });
      expect(await network.resolve?.('nobody', signal)).toBeUndefined();
      const to = (await ann.direct?.('bob' as never, signal))!;
      await say(ann, 'psst', to);
      await bob.until(({ params }) => params[0] === 'bob' && params[1] === 'psst', 'a whisper');
      bob.say('ann[m]', 'what?');
      await emits(() =>
        expect(emitted).toMatchObject([
          { chat: 'bob', receiver: 'ann', sender: 'bob', body: { text: 'what?' } },
        ]),
      );
      await expect(say(ann, 'x', remoteChatId('nobody'))).rejects.toMatchObject({
        code: 'not_allowed',
        effect: 'none',
      });
    });

    it('is back in its channels after the server was killed and started again', async () => {
      const { server, bob, ann, emitted, emits, standings } = await meet();
      bob.say('#a', 'before');
      await emits(() => expect(words(emitted)).toEqual(['bob: before']));
      await server.process.kill();
      const failed = () => standings.filter(({ standing }) => standing.is === 'failed');
      await emits(() =>
        expect(failed().map(({ voice }) => voice)).toEqual(
          expect.arrayContaining([undefined, 'ann']),
        ),
      );
      await expect(say(ann, 'lost')).rejects.toMatchObject({ code: 'unreachable', effect: 'none' });
      await server.process.start();
      await bob.reconnect();
      await bob.join('#a');
      await emits(() => {
        const ready = standings.filter(({ standing }) => standing.is === 'ready');
        expect(ready.map(({ voice }) => voice)).toEqual(expect.arrayContaining([undefined, 'ann']));
      });
      await say(ann, 'back');
      await bob.hears('#a', 'ann[m]: back');
      bob.say('#a', 'after');
      await emits(() => expect(words(emitted)).toEqual(['bob: before', 'bob: after']));
      expect(emitted.map(({ kind }) => kind)).toContain('hole');
    });
  });
