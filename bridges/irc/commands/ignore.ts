import type { NetworkCommand } from '#adapter';
import { type Desk, ownSession } from './desk.ts';

const MASK = /^[^\s,:]{1,200}$/;

/** Keeps somebody's private messages away. */
export const ignore = (desk: Desk): NetworkCommand => ({
  name: 'ignore',
  usage: '[NICK or MASK]',
  summary: 'lets you hear no more of what somebody says to you alone; without one, says of whom',
  async run(call) {
    const { words } = call;
    const { ignored } = await ownSession(desk, call);
    const { features } = desk.observer;
    if (words === '')
      return ignored.all.length === 0
        ? 'You ignore nobody.'
        : `You ignore ${ignored.all.join(', ')}`;
    if (!MASK.test(words)) return `${words} is no nick and no mask, such as *!*@example.org`;
    const isTaken = await ignored.add(words, (name) => features.fold(name));
    return isTaken ? `You ignore ${words} now.` : 'You ignore too many already.';
  },
});

/** Lets them through again. */
export const unignore = (desk: Desk): NetworkCommand => ({
  name: 'unignore',
  usage: 'NICK or MASK',
  summary: 'ends that',
  async run(call) {
    const { words } = call;
    const { ignored } = await ownSession(desk, call);
    const { features } = desk.observer;
    const wasThere = await ignored.remove(words, (name) => features.fold(name));
    return wasThere ? `You hear ${words} again.` : `You do not ignore ${words || 'nobody'}.`;
  },
});
