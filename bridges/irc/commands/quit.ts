import type { NetworkCommand } from '#adapter';

/** Takes somebody's nick off the network. */
export const quit = (): NetworkCommand => ({
  name: 'quit',
  usage: '',
  summary: 'takes your nick off IRC until you speak again',
  async run({ voice }) {
    if (!voice?.isOpen) return 'You have no connection to IRC.';
    await voice.letGo();
    return 'Your connection to IRC is closed. Speak, and you are back.';
  },
});
