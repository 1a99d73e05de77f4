import { type NetworkCommand, remoteUserId } from '#adapter';
import type { Ask, FoundFacts, UserFacts } from './wire.ts';

/** Says who somebody is. */
export const whois = (bot: Ask): NetworkCommand => ({
  name: 'whois',
  usage: '[NAME]',
  summary: 'says who somebody is there; without a name, who you are',
  async run({ words, voice }, signal) {
    if (words === '' && !voice) return 'You have no account there: the bot speaks for you.';
    const user = words === '' ? (await voice?.open())?.self : await personOf(words, bot, signal);
    if (user === undefined) return `There is nobody called ${words}.`;
    const path = `GET /users/${encodeURIComponent(user)}`;
    const { displayName, kind } = await bot<UserFacts>(path, signal);
    return `${user} is called ${displayName}, and is ${kinds[kind]}.`;
  },
});

const kinds: Readonly<Record<UserFacts['kind'], string>> = {
  person: 'a person',
  enlisted: 'somebody of this bridge',
  bot: 'a bot',
};

async function personOf(name: string, bot: Ask, signal: AbortSignal) {
  const query = `GET /resolve?name=${encodeURIComponent(name)}`;
  const { user } = await bot<FoundFacts>(query, signal);
  return user === undefined ? undefined : remoteUserId(user);
}
