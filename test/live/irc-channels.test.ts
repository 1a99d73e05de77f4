import { expect, it, vi } from 'vitest';
import { systemClock } from '../../bridges/irc/wire/clock.ts';
import { chat, enter, meeting, open, patient } from './support/irc-bench.ts';
import { ircServers } from './support/irc-servers.ts';

const { both } = await ircServers();

for (const { name, describe, serve } of both)
  describe(`a channel on ${name}`, () => {
    const meet = async () => meeting(await serve());

    it('kicks, where it may', async () => {
      const { server, bob, ann } = await meet();
      const cyd = await enter(server, 'cyd');
      const action = {
        ...{ kind: 'member', chat, who: 'cyd', is: 'out', reason: 'spam' },
        speaker: { userId: '@ann:example.org', displayName: 'Ann' },
      } as never;
      const part = { key: 'k', action, firstTriedAtMs: systemClock.now() };
      const kick = () => ann.on.member?.send(part, AbortSignal.timeout(5_000));
      await expect(kick()).rejects.toMatchObject({ code: 'not_allowed', effect: 'none' });
      bob.raw('MODE #a +o ann[m]');
      await bob.until(({ command }) => command === 'MODE', 'a mode');
      await kick();
      await cyd.until(({ command, params }) => command === 'KICK' && params[1] === 'cyd', 'a kick');
      expect(await kick()).toEqual({ ids: [] });
    });

    it('tells who is banned, bans where it may, and tells of an invitation', async () => {
      const server = await serve();
      const [bob, cyd] = [await enter(server, 'bob'), await enter(server, 'cyd')];
      const { enlist, watch, emitted, signal } = await open(server.port, { bansToMatrix: true });
      await watch();
      const ann = await enlist('ann');
      const told = (is: string) =>
        vi.waitFor(
          () => expect(emitted.at(-1)).toMatchObject({ sender: 'bob', who: 'cyd', is }),
          patient,
        );
      bob.raw('MODE #a +b cyd!*@*');
      await told('banned');
      bob.raw('MODE #a -b cyd!*@*');
      await told('unbanned');

      bob.raw('MODE #a +o ann[m]');
      await bob.until(({ params }) => params[1] === '+o', 'a mode');
      const act = (is: 'banned' | 'unbanned') => {
        const speaker = { userId: '@ann:example.org', displayName: 'Ann' };
        const action = { kind: 'member', chat, who: 'cyd' as never, is, speaker } as const;
        return ann.on.member?.send({ key: is, action, firstTriedAtMs: systemClock.now() }, signal);
      };
      await act('banned');
      await cyd.until(({ command, params }) => command === 'KICK' && params[1] === 'cyd', 'a kick');
      await act('unbanned');
      await cyd.join('#a');

      await ann.leave?.(chat, signal);
      bob.raw('INVITE ann[m] #a');
      await vi.waitFor(
        () => expect(emitted.at(-1)).toMatchObject({ sender: 'bob', voice: 'ann', is: 'invited' }),
        patient,
      );
    });

    it('tells by its modes who comes in and who speaks', async () => {
      const server = await serve();
      const bob = await enter(server, 'bob');
      bob.raw('MODE #a +k key');
      await bob.until(({ command }) => command === 'MODE', 'a mode');
      const { watch, network, signal, enlist } = await open(server.port, {
        channelKeys: { '#a': 'key' },
        modesToMatrix: { i: 'invitation', k: 'invitation', m: 'moderated' },
      });
      await watch();
      const is = (access: object) =>
        vi.waitFor(
          async () => expect((await network.chat?.({ chat }, signal))?.access).toEqual(access),
          patient,
        );
      await is({ isByInvitation: true, speakingPower: 1 });
      await enlist('ann');
      bob.raw('MODE #a +m-k key');
      await is({ isByInvitation: false, speakingPower: 1, speakers: [] });
      bob.raw('MODE #a +v ann[m]');
      await is({ isByInvitation: false, speakingPower: 1, speakers: ['ann'] });
    });

    it('says why it cannot join', async () => {
      const { bob, network, voice, signal } = await meet();
      bob.raw('MODE #a +i');
      await bob.until(({ command }) => command === 'MODE', 'a mode');
      const cyd = await network.session(voice('cyd', 'enlisted'), signal);
      await expect(cyd.join?.(chat, signal)).rejects.toMatchObject({
        code: 'not_allowed',
        message: '#a: the channel is by invitation only (473)',
      });
    });

    it('comes into a channel that wants a key, if it was given it', async () => {
      const { server, bob, ...rest } = await meet();
      bob.raw('MODE #a +k sesame');
      await bob.until(({ command }) => command === 'MODE', 'a mode');
      const cyd = await rest.network.session(rest.voice('cyd', 'enlisted'), rest.signal);
      await expect(cyd.join?.(chat, rest.signal)).rejects.toMatchObject({
        message: '#a: the channel wants a key (475)',
      });
      const other = await open(server.port, { nick: 'other', channelKeys: { '#a': 'sesame' } });
      await other.watch();
      await other.enlist('dan');
      expect(await bob.names('#a')).toEqual(expect.arrayContaining(['dan[m]', 'other']));
    });

    it('knows topic and members', async () => {
      const { bob, network, signal, emitted } = await meet();
      bob.raw('TOPIC #a :About bridges');
      await vi.waitFor(async () => {
        expect(await network.chat?.({ chat }, signal)).toEqual({
          kind: 'group',
          name: '#a',
          topic: 'About bridges',
          members: ['bob'],
          powers: new Map([['bob', 50]]),
        });
      }, patient);
      bob.raw('MODE #a +v-o bob bob');
      await vi.waitFor(async () => {
        const { powers } = (await network.chat?.({ chat }, signal)) ?? {};
        expect(powers).toEqual(new Map([['bob', 1]]));
      }, patient);
      expect(emitted).toMatchObject([{ kind: 'title', sender: 'bob', topic: 'About bridges' }]);
    });

    it('sets a topic, where it may, and knows after a doubt whether it did', async () => {
      const { bob, ann, signal, emitted, emits } = await meet();
      const { title } = ann.on;
      const partOf = async (topic: string, firstTriedAtMs = systemClock.now()) => {
        const speaker = { userId: '@ann:example.org', displayName: 'Ann' };
        const action = { kind: 'title', chat, speaker, topic } as const;
        const wire = (await title?.encode?.(action, signal))?.parts[0];
        return { key: topic, action, firstTriedAtMs, ...(wire && { wire }) };
      };
      // Some channels have it from the start: then nothing is said of it.
      bob.raw('MODE #a +t');
      await bob.names('#a');
      await expect(title?.send(await partOf('tea'), signal)).rejects.toMatchObject({
        code: 'not_allowed',
        effect: 'none',
      });
      bob.raw('MODE #a -t');
      await bob.until(({ params }) => params[1] === '-t', 'a mode');
      await title?.send(await partOf('tea'), signal);
      await bob.until(({ params }) => params[1] === 'tea', 'a topic');
      await emits(() => expect(emitted).toMatchObject([{ kind: 'title', topic: 'tea' }]));
      expect(emitted[0]).not.toHaveProperty('sender');
      expect(await title?.lookup?.(await partOf('tea'), signal)).toEqual({ ids: [] });
      const later = Date.now() + 60_000;
      const found = await title?.lookup?.(await partOf('cake', later), signal);
      expect(found).toBe(name === 'ngircd' ? 'cannot-tell' : 'absent');
    });

    it('tells at the next start of a topic that was set meanwhile, and by whom', async () => {
      const { server, bob, close, disk } = await meet();
      await close();
      bob.raw('TOPIC #a :tea');
      await bob.until(({ command }) => command === 'TOPIC', 'a topic');
      const second = await open(server.port, {}, disk);
      await second.watch();
      const news = { kind: 'title', sender: 'bob', topic: 'tea' };
      await vi.waitFor(
        () => expect(second.emitted).toContainEqual(expect.objectContaining(news)),
        patient,
      );
    });
  });
