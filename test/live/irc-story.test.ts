import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type IrcServer, startInspircd, startNgircd } from './servers/irc.ts';
import { requireParts } from './servers/require-part.ts';
import { patient } from './support/irc-bench.ts';
import { channel, type IrcScene, nickOf, publicUrl, setIrcScene } from './support/irc-scene.ts';
import type { Person } from './support/person.ts';

const parts = await requireParts('synapse', 'inspircd', 'ngircd');

parts.describe('IRC story with inspircd', () => {
  tellStory(() => startInspircd({ root: parts.root('inspircd'), history: true }), {
    keepsHistory: true,
    passesTags: true,
  });
});

parts.describe('IRC story with ngircd', () => {
  tellStory(() => startNgircd({ root: parts.root('ngircd') }), {
    keepsHistory: false,
    passesTags: false,
  });
});

function tellStory(
  startIrc: () => Promise<IrcServer>,
  { keepsHistory, passesTags }: { keepsHistory: boolean; passesTags: boolean },
) {
  let scene: IrcScene;

  beforeAll(async () => {
    scene = await setIrcScene(await startIrc(), parts.root('synapse'));
  });
  afterAll(() => scene?.close());

  /** What somebody's ghost is called, with the words. */
  const shown = (person: Person) =>
    person.lines(scene.room).map(({ sender, body }) => `${nameOf(person, sender)}: ${body}`);

  const nameOf = (person: Person, userId: string) =>
    person.client.getRoom(scene.room)?.getMember(userId)?.rawDisplayName ?? userId;

  it('carries a conversation of six both ways, each under their own name, in order', async () => {
    const { room, matrixPeople, ircPeople } = scene;
    const [anna] = matrixPeople;
    const [ina] = ircPeople;
    const spoken = matrixPeople.map((person) => sayRounds(person));
    for (const round of rounds) {
      for (const person of ircPeople) person.say(channel, `${person.nick} says ${round}`);
    }
    await Promise.all(spoken);
    for (const person of matrixPeople) {
      const nick = nickOf(person);
      await ina.hears(channel, `${nick}: ${nick} says ${rounds.length}`);
      const heard = ina.heard(channel).filter((line) => line.startsWith(`${nick}: `));
      expect(heard).toEqual(rounds.map((round) => `${nick}: ${nick} says ${round}`));
    }
    for (const { nick } of ircPeople) {
      await anna.hears(room, `${nick} says ${rounds.length}`);
      const seen = shown(anna).filter((line) => line.startsWith(`${nick}: `));
      expect(seen).toEqual(rounds.map((round) => `${nick}: ${nick} says ${round}`));
    }
  });

  const rounds = [1, 2, 3, 4, 5];

  async function sayRounds(person: Person): Promise<void> {
    for (const round of rounds) await person.say(scene.room, `${nickOf(person)} says ${round}`);
  }

  it('keeps an answer behind what it answers', async () => {
    const { room, matrixPeople, ircPeople } = scene;
    const [anna, bert] = matrixPeople;
    const [ina] = ircPeople;
    await anna.say(room, 'who is there?');
    await bert.say(room, 'I am');
    await ina.hears(channel, `${nickOf(bert)}: I am`);
    ina.say(channel, 'me too');
    await anna.hears(room, 'me too');
    const heard = ina.heard(channel);
    expect(heard.indexOf(`${nickOf(anna)}: who is there?`)).toBeLessThan(
      heard.indexOf(`${nickOf(bert)}: I am`),
    );
    expect(shown(anna).slice(-3)).toEqual(['anna: who is there?', 'bert: I am', 'ina: me too']);
  });

  it('calls whoever is named, both ways', async () => {
    const { room, matrixPeople, ircPeople } = scene;
    const [anna] = matrixPeople;
    const [ina, ivo] = ircPeople;
    const words = `${nickOf(anna)}: ivo was here`;
    ina.say(channel, words);
    await anna.hears(room, words);
    const events = anna.client.getRoom(room)?.getLiveTimeline().getEvents() ?? [];
    const named = events.find((event) => event.getContent()['body'] === words);
    const ghost = anna.lines(room).find(({ sender }) => nameOf(anna, sender) === ivo.nick)?.sender;
    expect(ghost).toBeDefined();
    expect(named?.getContent()['m.mentions']).toEqual({ user_ids: [anna.userId, ghost] });

    const link = `<a href="https://matrix.to/#/${ghost}">Ivo of IRC</a>`;
    const html = { format: 'org.matrix.custom.html', formatted_body: `${link}: so you were` };
    await anna.say(room, 'Ivo of IRC: so you were', html);
    await ina.hears(channel, `${nickOf(anna)}: ivo: so you were`);
  });

  it('answers what people ask of IRC', async () => {
    const { room, matrixPeople } = scene;
    const [anna] = matrixPeople;
    await anna.say(room, '!irc nick');
    await anna.hears(room, `You are called ${nickOf(anna)}.`);
  });

  it('carries actions both ways', async () => {
    const { room, matrixPeople, ircPeople } = scene;
    const [anna] = matrixPeople;
    const [ina] = ircPeople;
    await anna.emote(room, 'waves');
    await ina.hears(channel, `* ${nickOf(anna)} waves`);
    ina.action(channel, 'waves back');
    expect(await anna.hears(room, 'waves back')).toMatchObject({ as: 'emote' });
  });

  it('says an edit and a redaction in words, and a reaction where no tag can carry it', async () => {
    const { room, matrixPeople, ircPeople } = scene;
    const [anna, bert] = matrixPeople;
    const [ina] = ircPeople;
    const first = await anna.say(room, 'good mroning');
    await anna.edit(room, first, 'good morning');
    await ina.hears(channel, `${nickOf(anna)}: * good morning`);
    const second = await bert.say(room, 'my password is 1234');
    await ina.hears(channel, `${nickOf(bert)}: my password is 1234`);
    await bert.redact(room, second);
    await ina.hears(channel, `* ${nickOf(bert)} took back a message`);
    await bert.react(room, first, '🎉');
    // Whoever's program knows no tags sees nothing of it (`irc-words.test.ts` sees the tag).
    if (passesTags) await bert.say(room, 'that was a reaction');
    const next = passesTags ? ': that was a reaction' : ' reacted with 🎉';
    await ina.hears(channel, `${passesTags ? '' : '* '}${nickOf(bert)}${next}`);
  });

  it('shows a picture under an address, until it is taken back', async () => {
    const { room, matrixPeople, ircPeople, bridge } = scene;
    const [anna] = matrixPeople;
    const [ina] = ircPeople;
    const bytes = Buffer.alloc(3_000_000, 'a picture');
    const { content_uri: url } = await anna.client.uploadContent(bytes, { type: 'image/png' });
    const info = { mimetype: 'image/png', size: bytes.length };
    const content = { msgtype: 'm.image', body: 'cat.png', url, info };
    const picture = await anna.send(room, 'm.room.message', content);
    const isPicture = (line: string) => line.includes('[image] cat.png (3.0 MB) ');
    await vi.waitFor(() => expect(ina.heard(channel).some(isPicture)).toBe(true), patient);
    const address = ina.heard(channel).find(isPicture)?.split(' ').at(-1) ?? '';
    const here = address.replace(publicUrl, bridge.url);
    const whole = await fetch(here);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const range = 'bytes=2999999-';
    expect((await fetch(here, { headers: { range } })).status).toBe(206);
    await anna.redact(room, picture);
    await vi.waitFor(async () => expect((await fetch(here)).status).toBe(404), patient);
  });

  it('finds channels and people by the names that IRC has for them', async () => {
    const { client } = scene.matrixPeople[0];
    const [ina] = scene.ircPeople;
    // The SDK's types do not know the fields of a protocol.
    const fields = { network: 'irc', channel: '#New' } as never;
    const channels = await client.getThirdpartyLocation('irc', fields);
    expect(channels).toMatchObject([{ alias: '#drawbridge_irc_#new:hs.test', protocol: 'irc' }]);
    const people = await client.getThirdpartyUser('irc', { network: 'irc', nick: ina.nick });
    expect(people).toMatchObject([{ userid: `@drawbridge_irc_${ina.nick}:hs.test` }]);
  });

  it('follows a nick change', async () => {
    const { room, matrixPeople, ircPeople } = scene;
    const [anna] = matrixPeople;
    const [, ivo] = ircPeople;
    await ivo.rename('yvo');
    ivo.say(channel, 'I am yvo now');
    await anna.hears(room, 'I am yvo now');
    expect(shown(anna).at(-1)).toBe('yvo: I am yvo now');
    await anna.until(() => !anna.members(room).includes('ivo'), 'ivo to be gone');
    expect(anna.members(room)).toContain('yvo');
  });

  it('removes from the room whoever was kicked from the channel, and the other way round', async () => {
    const { room, matrixPeople, ircPeople } = scene;
    const [anna, , carl] = matrixPeople;
    const [ina, , ida] = ircPeople;
    ina.kick(channel, nickOf(carl), 'enough');
    await anna.until(() => anna.membership(room, carl.userId) === 'leave', 'carl to be removed');
    ina.raw(`MODE ${channel} +o ${nickOf(anna)}`);
    const ghost = anna.client
      .getRoom(room)
      ?.getJoinedMembers()
      .find((member) => member.rawDisplayName === 'ida');
    expect(ghost).toBeDefined();
    await anna.kick(room, ghost?.userId ?? '', 'you too');
    await ida.until((line) => line.command === 'KICK' && line.params[1] === 'ida', 'the kick');
    await ida.join(channel);
    await anna.until(() => anna.members(room).includes('ida'), 'ida to be back');
  });

  it('carries on after the bridge was stopped, with what was said meanwhile', async () => {
    const { room, bridge, matrixPeople, ircPeople } = scene;
    const [anna] = matrixPeople;
    const [ina] = ircPeople;
    await bridge.process.stop();
    await anna.say(room, 'said without the bridge');
    ina.say(channel, 'heard by no bridge');
    await ina.names(channel);
    await bridge.process.start();
    await ina.hears(channel, `${nickOf(anna)}: said without the bridge`);
    if (keepsHistory) await anna.hears(room, 'heard by no bridge');
    else {
      await anna.until(
        () =>
          anna
            .lines(room)
            .find(({ as, body }) => as === 'notice' && body.includes('could not be bridged')),
        'word of what was missed',
      );
    }
    await bothWays('after the bridge');
  });

  it('carries on after the homeserver was restarted, with what was said meanwhile', async () => {
    const { room, synapse, matrixPeople, ircPeople } = scene;
    const [anna] = matrixPeople;
    const [ina] = ircPeople;
    await synapse.process.stop();
    ina.say(channel, 'said without the homeserver');
    await synapse.process.start();
    await anna.hears(room, 'said without the homeserver');
    await bothWays('after the homeserver');
  });

  it('carries on after the IRC server was restarted, with what was said meanwhile', async () => {
    const { room, irc, bridge, matrixPeople, ircPeople } = scene;
    const [anna] = matrixPeople;
    const [ina] = ircPeople;
    await irc.process.stop();
    await anna.say(room, 'said without IRC');
    // What the bridge says to an empty channel nobody can hear: people come back before it does.
    bridge.process.pause();
    await irc.process.start();
    for (const person of ircPeople) {
      await person.reconnect();
      await person.join(channel);
    }
    bridge.process.resume();
    // On a network without history nobody has what was said before the bot is back.
    await vi.waitFor(async () => expect(await ina.names(channel)).toContain('drawbridge'), {
      timeout: 30_000,
    });
    await bothWays('after IRC');
    expect(ina.heard(channel).filter((line) => line.endsWith(': said without IRC'))).toEqual([
      `${nickOf(anna)}: said without IRC`,
    ]);
  });

  it('has doubled nothing and lost nothing', async () => {
    const { room, matrixPeople } = scene;
    const [anna] = matrixPeople;
    const lines = (await anna.history(room)).filter(({ type }) => type === 'm.room.message');
    const bodies = lines.map(({ sender, content }) => `${sender}: ${content['body']}`);
    expect(bodies).toEqual([...new Set(bodies)]);
    expect(JSON.parse(await scene.bridge.command('queue', '--json'))).toEqual([]);
    expect(JSON.parse(await scene.bridge.command('dead-letters', '--json'))).toEqual([]);
  });

  async function bothWays(when: string): Promise<void> {
    const { room, matrixPeople, ircPeople } = scene;
    const [anna, bert] = matrixPeople;
    const [ina] = ircPeople;
    await bert.say(room, `from Matrix ${when}`);
    await ina.hears(channel, `${nickOf(bert)}: from Matrix ${when}`);
    ina.say(channel, `from IRC ${when}`);
    await anna.hears(room, `from IRC ${when}`);
  }
}
