import type { NetworkCommand } from '#adapter';
import { isNick } from '../ids.ts';
import { buildLine, type Line } from '../wire/line.ts';
import { answersTo, whyNot } from './ask.ts';
import { anyConnection, type Desk } from './desk.ts';

/** Says who somebody is. */
export const whois = (desk: Desk): NetworkCommand => ({
  name: 'whois',
  usage: 'NICK',
  summary: 'says who somebody is',
  async run(call, signal) {
    const wanted = call.words || (call.chat ?? '');
    const { features } = desk.observer;
    if (!isNick(wanted, features)) return wanted === '' ? 'Say who.' : `${wanted} is no nick.`;
    const connection = await anyConnection(desk, call);
    const isIt = ({ params }: Line) => features.fold(params[1] ?? '') === features.fold(wanted);
    const answers = await answersTo(connection, buildLine('WHOIS', [wanted]), signal);
    // The bot is told of the secret channels that it shares with somebody.
    const isTold = ({ command }: Line) => command !== CHANNELS || call.voice !== undefined;
    const facts = answers.filter(isIt).filter(isTold).flatMap(factOf);
    if (facts.length === 0) return whyNot(answers, wanted) ?? `There is nobody called ${wanted}.`;
    return [...facts, ...(await ownerOf(desk, wanted))].join('\n');
  },
});

async function ownerOf({ observer, host }: Desk, nick: string): Promise<readonly string[]> {
  const voice = observer.nicks.now(nick)?.voice;
  const speaker = voice && (await host.voice(voice))?.speaker;
  return speaker ? [`speaks for ${speaker.userId}`] : [];
}

const CHANNELS = '319';

type Fact = (params: readonly string[]) => string;

/** @see https://modern.ircdocs.horse/#whois-message */
const facts: Readonly<Record<string, Fact>> = {
  '311': ([, nick, user, host, , realname]) => `${nick} is ${user}@${host} (${realname})`,
  '312': ([, , server]) => `on the server ${server}`,
  '313': () => 'is an operator of the network',
  '317': ([, , idleSeconds]) => `has said nothing for ${idleSeconds} seconds`,
  [CHANNELS]: ([, , channels]) => `is in ${channels}`,
  '330': ([, , account]) => `is logged in as ${account}`,
  '301': ([, , why]) => `is away: ${why}`,
  '335': () => 'is a bot',
  '671': () => 'has a secure connection',
};

const factOf = ({ command, params }: Line): readonly string[] => {
  const fact = facts[command]?.(params);
  return fact === undefined ? [] : [fact.trimEnd()];
};
