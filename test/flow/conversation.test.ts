import { describe, expect, it } from 'vitest';
import { arrives, bridgedRoom, ghost, textsIn, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

const seenThere = (what: object) =>
  until(() => expect(story.network.log()).toContainEqual(expect.objectContaining(what)));

describe('a conversation', () => {
  it('goes both ways, under the names of those who speak', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);

    await ann.say(room, 'hello from Matrix');
    await arrives(story, 'town', 'hello from Matrix');
    await carol.say('town', 'hello from over there');
    const seen = await ann.hears(room, 'hello from over there');

    expect(seen.sender).toBe(ghost('carol'));
    expect((await ann.members(room))[ghost('carol')]?.display_name).toBe('Carol');
  });

  it('carries edits both ways', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const hello = await ann.say(room, 'hello');
    const answer = await carol.say('town', 'hi');
    const seen = await ann.hears(room, 'hi');

    await ann.edit(room, hello, 'hello again');
    await seenThere({ type: 'edit', text: 'hello again' });
    await carol.edit('town', answer, 'hi again');
    const edit = await ann.hears(room, '* hi again');
    expect(edit.content['m.relates_to']).toEqual({
      rel_type: 'm.replace',
      event_id: seen.event_id,
    });
  });

  it('carries reactions, and takes them back', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const message = await carol.say('town', 'hi');
    const seen = await ann.hears(room, 'hi');

    const like = await ann.react(room, seen.event_id, '👍');
    await seenThere({ type: 'reaction', target: message, emoji: '👍', removed: false });
    await ann.redact(room, like);
    await seenThere({ type: 'reaction', target: message, emoji: '👍', removed: true });

    await carol.react('town', message, '🎉');
    const cheer = await ann.sees(
      room,
      ({ type, sender }) => type === 'm.reaction' && sender === ghost('carol'),
    );
    await carol.react('town', message, '🎉', true);
    await ann.sees(
      room,
      ({ event_id, content }) => event_id === cheer.event_id && Object.keys(content).length === 0,
    );
  });

  it('carries redactions both ways', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const hello = await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    const answer = await carol.say('town', 'hi');
    const seen = await ann.hears(room, 'hi');

    await ann.redact(room, hello);
    await seenThere({ type: 'removal' });
    await carol.remove('town', answer);
    await ann.sees(
      room,
      ({ event_id, content }) => event_id === seen.event_id && Object.keys(content).length === 0,
    );
  });

  it('carries emotes, notices, rich text and replies', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await ann.send(room, { msgtype: 'm.emote', body: 'waves' });
    await ann.send(room, {
      msgtype: 'm.text',
      body: 'bold',
      format: 'org.matrix.custom.html',
      formatted_body: '<b>bold</b>',
    });
    await seenThere({ type: 'message', text: 'waves', style: 'emote' });
    await seenThere({ type: 'message', text: 'bold', html: '<b>bold</b>' });

    const question = await carol.say('town', 'who is there?');
    const asked = await ann.hears(room, 'who is there?');
    await ann.say(room, 'me', {
      'm.relates_to': { 'm.in_reply_to': { event_id: asked.event_id } },
    });
    await seenThere({ type: 'message', text: 'me', replyTo: question });
    await carol.say('town', 'nods', { style: 'emote' });
    expect((await ann.hears(room, 'nods')).content['msgtype']).toBe('m.emote');
  });

  it('lets no HTML through that Matrix does not permit, either way', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const html = '<b onclick="x()">hi</b><script>x()</script>';
    await ann.say(room, 'from here', { format: 'org.matrix.custom.html', formatted_body: html });
    await seenThere({ type: 'message', text: 'from here', html: '<b>hi</b>' });
    await carol.say('town', 'from there', { html });
    const seen = await ann.hears(room, 'from there');
    expect(seen.content['formatted_body']).toBe('<b>hi</b>');
    await carol.say('town', '<b>from there</b>', { html: '<script>x()</script>' });
    const plain = await ann.hears(room, '<b>from there</b>');
    expect(plain.content).not.toHaveProperty('formatted_body');
  });

  it('keeps the order of many, both ways', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const many = Array.from({ length: 20 }, (_, n) => `number ${n}`);
    for (const text of many) {
      await ann.say(room, `ann ${text}`);
      await carol.say('town', `carol ${text}`);
    }
    await arrives(story, 'town', 'ann number 19');
    await ann.hears(room, 'carol number 19');

    const isFrom = (name: string) => (text: string) => text.startsWith(`${name} number`);
    expect(textsIn(story, 'town').filter(isFrom('ann'))).toEqual(many.map((text) => `ann ${text}`));
    const here = (await ann.timeline(room)).map(({ content }) => String(content['body']));
    expect(here.filter(isFrom('carol'))).toEqual(many.map((text) => `carol ${text}`));
  });
});
