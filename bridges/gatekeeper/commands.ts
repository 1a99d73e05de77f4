import type { NetworkCommand } from '#adapter';
import { suites } from '#gia';
import { accountChange, accountIn } from './account.ts';
import { orFailure } from './failures.ts';
import { visibleIdOf } from './ids.ts';
import type { Site } from './site.ts';

/** Begins a private chat. */
const chat: NetworkCommand = {
  name: 'chat',
  usage: 'NAME@DOMAIN',
  summary: 'invites you into a private room with somebody over there',
  async run({ words, voice, invite }) {
    const name = words.trim();
    if (!/^[^\s@]+@[^\s@]+$/.test(name)) return 'Say with whom, such as alice@alicechat.example.';
    // Whoever asks has to be known over there first.
    await voice?.open();
    const found = await invite(name);
    if (!found) return `There is nobody called ${name}, or they do not want to be found.`;
    return `You are invited into a private room with ${name}.`;
  },
};

const me = ({ host }: Site): NetworkCommand => ({
  name: 'me',
  usage: '',
  summary: 'says what you are called over there',
  async run({ speaker }) {
    return `You are ${visibleIdOf(speaker.userId, host.config)} over there.`;
  },
});

/** The gatekeeper may want to know from somebody themselves that it is them. */
const code = ({ gatekeeper }: Site): NetworkCommand => ({
  name: 'code',
  usage: 'CODE',
  summary: 'answers what the other service has asked you to prove who you are',
  async run({ words, voice }, signal) {
    if (!voice) return 'You may have no account there.';
    const account = await accountIn(voice.state, suites['mls10/1'].newDeviceKeys);
    const { ref, challenge, ...rest } = account;
    if (ref === undefined || challenge === undefined) return 'Nothing was asked.';
    const body = { challenge_id: challenge, answer: words.trim() };
    await orFailure(
      gatekeeper.call('answerChallenge', { params: { user_ref: ref }, body, signal }),
    );
    await voice.state.save([accountChange(voice.state, { ...rest, ref })]);
    await voice.open();
    return 'That is right: you are known there now.';
  },
});

export const commandsOf = (site: Site): readonly NetworkCommand[] => [chat, me(site), code(site)];
