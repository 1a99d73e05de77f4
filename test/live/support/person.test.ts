import { afterEach, expect, it } from 'vitest';
import { requirePart } from '../servers/require-part.ts';
import { Person } from './person.ts';
import { type Synapse, startSynapse } from './synapse.ts';

const part = await requirePart('synapse');

part.describe('Person on Synapse', () => {
  let synapse: Synapse | undefined;
  const people: Person[] = [];

  afterEach(async () => {
    for (const person of people.splice(0)) person.stop();
    await synapse?.process.stop();
  });

  const enter = async (name: string) => {
    const person = await Person.enter(synapse?.url ?? '', name);
    people.push(person);
    return person;
  };

  it('talks, edits, reacts, redacts and is kicked, and the other sees all of it', async () => {
    synapse = await startSynapse({ root: part.root });
    const [anna, bert] = [await enter('anna'), await enter('bert')];
    const room = await anna.createRoom({ name: 'Room', invite: [bert.userId] });
    await bert.join(room);
    const first = await anna.say(room, 'one');
    await bert.hears(room, 'one');
    const second = await bert.say(room, 'two');
    await anna.edit(room, first, 'one, mended');
    await anna.react(room, second, '🎉');
    await bert.hears(room, 'one, mended');
    await bert.redact(room, second, 'oops');
    await anna.until(() => anna.lines(room)[1]?.removed, 'the redaction');

    expect(anna.lines(room)).toMatchObject([
      { sender: anna.userId, body: 'one, mended', edited: true, removed: false },
      { sender: bert.userId, removed: true, reactions: ['🎉'] },
    ]);
    const told = (events: { event_id: string }[]) => events.map((event) => event.event_id);
    expect(told(await bert.history(room))).toEqual(told(bert.events(room)));
    await anna.kick(room, bert.userId, 'enough');
    await anna.until(() => anna.membership(room, bert.userId) === 'leave', 'the kick');
  });

  it('goes on after the homeserver was killed and started again', async () => {
    synapse = await startSynapse({ root: part.root });
    const anna = await enter('anna');
    const room = await anna.createRoom();
    await anna.say(room, 'before');
    await synapse.process.kill();
    await synapse.process.start();
    await anna.say(room, 'after');
    await anna.hears(room, 'after');
    expect(anna.lines(room).map((line) => line.body)).toEqual(['before', 'after']);
  });
});
