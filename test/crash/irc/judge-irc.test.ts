import { describe, expect, it } from 'vitest';
import type { IrcLine } from '../../live/support/irc-person.ts';
import type { Arrived, Outcome, Said } from '../crossing.ts';
import { ChannelLog } from './channel-log.ts';
import { judgeIrc } from './judge-irc.ts';
import type { IrcKind } from './options.ts';

const line = (nick: string, command: string, ...params: string[]): IrcLine => ({
  ...{ nick, command, params, raw: '', atMs: 0 },
});

/** Ina says `one` and `two` on IRC, Anna and Cora one thing each in Matrix. */
function records(server: IrcKind = 'inspircd-history') {
  const irc = new ChannelLog();
  const texts = ['ina ch-1 1', 'ina ch-1 2'];
  irc.take(line('drawbridge', 'JOIN', '#ch-1'));
  for (const text of texts) irc.take(line('ina', 'PRIVMSG', '#ch-1', text));
  irc.take(line('anna[m]', 'PRIVMSG', '#ch-1', 'anna ch-1 1'));
  irc.take(line('drawbridge', 'PRIVMSG', '#ch-1', '<cora> cora ch-1 1'));
  const thing = { what: 'message', chat: 'ch-1' } as const;
  const said = ['anna', 'cora'].map(
    (sender): Said => ({ ...thing, sender, text: `${sender} ch-1 1` }),
  );
  const arrived = texts.map((text): Arrived => ({ ...thing, text, sender: '@ina:hs' }));
  const matrix = {
    ...{ said, arrived, things: new Map(), toldTwice: new Set<string>() },
    told: new Map<string, Outcome>(),
  };
  const rooms = new Map([['ch-1', texts.map((text) => ({ is: 'words', text }) as const)]]);
  const spoken = [new Map(), new Map(texts.map((text, n) => [text, { sentAtMs: n }]))];
  return { server, matrix, irc, rooms, spoken, inDoubt: new Set<string>() };
}

const faults = (of: ReturnType<typeof records>) =>
  judgeIrc(of).ways.map(({ findings }) => findings.map(({ fault, text }) => `${fault}: ${text}`));

describe('judgeIrc', () => {
  it('finds nothing where all is there, through voices and the bot', () => {
    expect(faults(records())).toEqual([[], []]);
  });

  it('finds what is lost in either direction', () => {
    const of = records();
    of.matrix.arrived.pop();
    of.rooms.get('ch-1')?.pop();
    of.irc.arrived.pop();
    expect(faults(of)).toEqual([['lost: cora ch-1 1'], ['lost: ina ch-1 2']]);
  });

  it('takes no doubt where the history could have said, unless the server died', () => {
    const of = records();
    of.matrix.told.set('anna ch-1 1', 'unknown');
    expect(faults(of)).toEqual([['told wrongly: anna ch-1 1'], []]);
    expect(faults({ ...of, inDoubt: new Set(['anna ch-1 1']) })).toEqual([[], []]);
    expect(faults({ ...of, server: 'ngircd' })).toEqual([[], []]);
  });

  it('does not ask for what nobody on IRC heard', () => {
    const of = records();
    of.spoken[1]?.set('ina ch-1 3', { sentAtMs: 9 });
    expect(faults(of)).toEqual([[], []]);
  });
});
