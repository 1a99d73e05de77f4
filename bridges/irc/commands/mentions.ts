import type { NetworkCommand } from '#adapter';
import { type Desk, ownNick } from './desk.ts';

/** Whether somebody is called when their nick is said. */
export const mentions = ({ observer: { mentioning } }: Desk): NetworkCommand => ({
  name: 'mentions',
  usage: '[on or off]',
  summary: 'says whether you are called when your nick is said on IRC, or switches it',
  async run({ words, voice }) {
    if (!voice) throw ownNick();
    if (!mentioning.isOn) return 'Nobody is called when their nick is said on this network.';
    if (words === 'on' || words === 'off') await mentioning.set(voice, words === 'on');
    else if (words !== '') return 'Say on or off.';
    const not = mentioning.mayCall(voice.id) ? '' : 'not ';
    return `You are ${not}called when your nick is said on IRC.`;
  },
});
