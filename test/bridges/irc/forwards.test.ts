import { describe, expect, it, vi } from 'vitest';
import { remoteChatId } from '../../../src/adapter/index.ts';
import { chat, openOn, say } from './bench.ts';
import { serve } from './listening.ts';
import type { Script } from './scripted-server.ts';

/** A server that sends everybody on who would join `#a`. */
const sendsOn: Script['deal'] = (client, command, [names = '']) => {
  if (command !== 'JOIN') return false;
  for (const name of names.split(',')) {
    if (name === '#a') client.say(`:s 470 ${client.nick} #a ##b :Forwarding to another channel`);
    client.join(name === '#a' ? '##b' : name);
  }
  return true;
};

const refusal = {
  code: 'not_allowed',
  effect: 'none',
  message: '#a: the channel sends everybody on to ##b (470)',
  words: 'the channel sends everybody on to ##b',
};

describe('a channel that sends everybody on', () => {
  it('is not bridged, and the bot does not stay where it was sent', async () => {
    const server = await serve({ deal: sendsOn });
    const opened = await openOn(server.port);
    await expect(opened.watch()).rejects.toMatchObject(refusal);
    const bot = server.client('drawbridge');
    await vi.waitFor(() => expect(bot.sent('PART')).toEqual(['PART ##b']));
    expect(bot.channels).not.toContain('##b');
  });

  it('is not joined by a voice, which leaves it unless it is there anyway', async () => {
    const server = await serve({ deal: sendsOn });
    const opened = await openOn(server.port);
    const session = await opened.enlist('ann');
    const ann = server.client('ann[m]');
    await expect(session.join?.(chat, opened.signal)).rejects.toMatchObject(refusal);
    await vi.waitFor(() => expect(ann.channels).not.toContain('##b'));
    await session.join?.(remoteChatId('##b'), opened.signal);
    await expect(session.join?.(chat, opened.signal)).rejects.toMatchObject(refusal);
    await say(session, 'hi', 'k', remoteChatId('##b'));
    expect(ann.sent('PART')).toEqual(['PART ##b']);
    expect(ann.channels).toContain('##b');
  });
});
