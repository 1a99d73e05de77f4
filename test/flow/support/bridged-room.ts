import { expect, vi } from 'vitest';
import {
  type LoopbackPerson,
  loopbackPerson,
} from '../../../src/testing/loopback-network/index.ts';
import type { MatrixPerson } from './matrix-person.ts';
import { SERVER, type Story } from './story.ts';

export const BOT = `@bridge_bot:${SERVER}`;
export const ghost = (name: string) => `@bridge_loop_${name}:${SERVER}`;

/** Ann's private room with the bot in it. */
export async function roomWithBot(
  ann: MatrixPerson,
  bot = BOT,
  options: object = {},
): Promise<string> {
  const room = await ann.createRoom(options);
  await ann.invite(room, bot);
  await ann.sees(
    room,
    ({ state_key, content }) => state_key === bot && content['membership'] === 'join',
    'the bot',
  );
  return room;
}

/** Links a room to a chat by a command, as people do. */
export async function link(person: MatrixPerson, room: string, chat: string): Promise<void> {
  await person.say(room, `!loop bridge #${chat}`);
  await person.hears(room, `This room is bridged to ${chat} on Loop now.`);
}

/** Ann in a room that is bridged to the chat `town`, where Carol is. */
export async function bridgedRoom(
  story: Story,
): Promise<{ ann: MatrixPerson; carol: LoopbackPerson; room: string }> {
  const ann = await story.person('ann');
  const carol = await loopbackPerson(story.network.url, { id: 'carol', displayName: 'Carol' });
  await carol.join('town');
  const room = await roomWithBot(ann);
  await link(ann, room, 'town');
  return { ann, carol, room };
}

export const textsIn = (story: Story, chat: string) =>
  story.network.messages(chat).map(({ text }) => text);

/** Waits until the network has heard it. */
export const arrives = (story: Story, chat: string, text: string) =>
  until(() => expect(textsIn(story, chat)).toContain(text));

export const until = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 30_000, interval: 20 });
