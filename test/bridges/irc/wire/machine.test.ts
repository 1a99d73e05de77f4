import { describe, expect, it } from 'vitest';
import { type Line, parseLine } from '../../../../bridges/irc/wire/line.ts';
import {
  begin,
  isSelf,
  type Machine,
  type Registration,
  step,
  type WireEvent,
} from '../../../../bridges/irc/wire/machine.ts';

const ann: Registration = { nick: 'ann', username: 'ann', realname: 'Ann of Matrix' };

/** Feeds what the server says, and gives back the state, and what was sent and told since the start. */
function talk(raws: readonly string[], who = ann) {
  const first = begin(who);
  let state: Machine = first.state;
  const sent: string[] = [];
  const events: WireEvent[] = [];
  for (const raw of raws) {
    const next = step(state, parseLine(raw) as Line);
    state = next.state;
    sent.push(...next.send);
    events.push(...next.events);
  }
  return { state, sent, events, first: first.send };
}

const welcome = [':irc.test 001 ann :Welcome ann!~ann@10.0.0.1', ':irc.test 422 ann :No MOTD'];

describe('begin', () => {
  it('asks for the capabilities before it says who it is', () => {
    expect(talk([]).first).toEqual(['CAP LS 302', 'NICK ann', 'USER ann 0 * :Ann of Matrix']);
  });

  it('gives the password of the server before the nick', () => {
    expect(talk([], { ...ann, password: 'two words' }).first).toContain('PASS :two words');
  });

  it('cuts the nick to what the server is known to take', () => {
    expect(talk([], { ...ann, nick: 'annabella', nickLength: 5 }).first).toContain('NICK annab');
  });
});

describe('step', () => {
  it('hears without TLS that the server wants it, at the start and later', () => {
    const list = ':irc.test CAP * LS :sasl sts=port=6697';
    expect(talk([list]).events).toEqual([{ kind: 'insecure', port: 6697 }]);
    const later = [':irc.test CAP * LS :sasl', ...welcome, ':irc.test CAP ann NEW :sts=port=6698'];
    expect(talk(later).events.at(-1)).toEqual({ kind: 'insecure', port: 6698 });
    expect(talk([':irc.test CAP * LS :sts=duration=60']).events).toEqual([]);
  });

  it('hears nothing of that over TLS', () => {
    const who = { ...ann, isSecure: true };
    expect(talk([':irc.test CAP * LS :sts=port=6697,duration=60'], who).events).toEqual([]);
  });

  it('asks for what it can use of a list in two lines, and ends when it has all of it', () => {
    const { sent, state } = talk([
      ':irc.test CAP * LS * :message-tags server-time sasl=PLAIN,EXTERNAL',
      ':irc.test CAP * LS :batch echo-message labeled-response',
      ':irc.test CAP * ACK :message-tags batch server-time echo-message labeled-response',
    ]);
    expect(sent).toEqual([
      'CAP REQ :message-tags batch server-time echo-message labeled-response',
      'CAP END',
    ]);
    expect(state.caps.on).toContain('labeled-response');
    expect(state.phase).toBe('registering');
  });

  it('ends at once when there is nothing to ask for', () => {
    expect(talk([':irc.test CAP * LS :sasl away-notify']).sent).toEqual(['CAP END']);
  });

  it('asks for each alone when all together are refused', () => {
    const { sent, state } = talk([
      ':irc.test CAP * LS :batch server-time',
      ':irc.test CAP * NAK :batch server-time',
      ':irc.test CAP * ACK :batch',
      ':irc.test CAP * NAK :server-time',
    ]);
    expect(sent).toEqual([
      'CAP REQ :batch server-time',
      'CAP REQ batch',
      'CAP REQ server-time',
      'CAP END',
    ]);
    expect([...state.caps.on]).toEqual(['batch']);
  });

  it('follows what the server offers and takes back later', () => {
    const lines = [':irc.test CAP * LS :batch', ':irc.test CAP * ACK :batch', ...welcome];
    const more = talk([...lines, ':irc.test CAP ann NEW :echo-message sasl']);
    expect(more.sent.at(-1)).toBe('CAP REQ echo-message');
    const less = talk([...lines, ':irc.test CAP ann DEL :batch']);
    expect([...less.state.caps.on]).toEqual([]);
    expect(less.sent).not.toContain('CAP REQ batch CAP END');
  });

  it('does without capabilities on a server that does not know them', () => {
    const { state, events } = talk([':irc.test 421 * CAP :Unknown command', ...welcome]);
    expect(state.phase).toBe('ready');
    expect(events).toContainEqual({ kind: 'ready' });
  });

  it('is ready once, when the features are known', () => {
    const { state, events } = talk([
      ':irc.test 001 ann :Welcome ann!~ann@10.0.0.1',
      ':irc.test 005 ann CASEMAPPING=ascii NICKLEN=30 :are supported',
      ':irc.test 376 ann :End of MOTD',
      ':irc.test 376 ann :End of MOTD',
    ]);
    expect(state.features.caseMapping).toBe('ascii');
    expect(events.filter(({ kind }) => kind === 'ready')).toHaveLength(1);
  });

  it('answers a ping with its own words', () => {
    expect(talk(['PING :a b']).sent).toEqual(['PONG :a b']);
  });

  it('tries other nicks while its own is taken', () => {
    const taken = ':irc.test 433 * ann :Nickname is already in use';
    expect(talk([taken, taken, taken]).sent).toEqual(['NICK ann_', 'NICK ann2', 'NICK ann3']);
  });

  it('gives up on nicks in the end', () => {
    const taken = Array.from({ length: 50 }, () => ':irc.test 433 * ann :in use');
    expect(talk(taken).events[0]).toMatchObject({ kind: 'refused', as: 'nick' });
  });

  it('tries a short nick when the server calls it erroneous, and gives up when that is too', () => {
    const bad = ':irc.test 432 * x :Erroneous Nickname';
    const { sent, events } = talk([bad, bad], { ...ann, nick: 'annabella-of-matrix' });
    expect(sent).toEqual(['NICK annabella']);
    expect(events).toEqual([{ kind: 'refused', as: 'nick', text: 'annabella' }]);
  });

  it('is called what the server calls it', () => {
    expect(talk([':irc.test 001 annab :Welcome']).state.nick).toBe('annab');
  });

  it('learns how others see it', () => {
    const { state } = talk(welcome);
    expect(state).toMatchObject({ user: '~ann', host: '10.0.0.1' });
    const cloaked = talk([...welcome, ':irc.test 396 ann cloak.test :is now your host']).state;
    expect(cloaked).toMatchObject({ user: '~ann', host: 'cloak.test' });
    const joined = talk([...welcome, ':ann!ident@vhost.test JOIN #a']).state;
    expect(joined).toMatchObject({ user: 'ident', host: 'vhost.test' });
    const changed = talk([...welcome, ':ann!~ann@10.0.0.1 CHGHOST new new.test']).state;
    expect(changed).toMatchObject({ user: 'new', host: 'new.test' });
  });

  it('follows its own renaming, and passes on that of others', () => {
    const { state, events } = talk([
      ...welcome,
      ':bob!b@h NICK robert',
      ':ANN!~ann@10.0.0.1 NICK :Guest1',
    ]);
    expect(state.nick).toBe('Guest1');
    expect(events.filter(({ kind }) => kind === 'renamed')).toEqual([
      { kind: 'renamed', from: 'ann', to: 'Guest1' },
    ]);
    expect(events.filter(({ kind }) => kind === 'line')).toHaveLength(2);
  });

  it.each([
    ['ERROR :Closing link: [K-Lined: spam]', 'banned'],
    ['ERROR :Closing link: [Excess Flood]', 'closing'],
    ['ERROR :Closing Link: 1.2.3.4 (Trying to (re)connect too fast.)', 'throttled'],
    ['ERROR :Closing Link: [1.2.3.4] (Throttled: Reconnecting too fast)', 'throttled'],
    ['ERROR :Too many host connections (local)', 'throttled'],
    [
      'ERROR :Closing link: (a@b) [No more connections allowed from your host via this connect class (local)]',
      'throttled',
    ],
    [':irc.test 465 ann :You are banned from this server', 'banned'],
    [':irc.test 464 ann :Password incorrect', 'password'],
  ])('knows why it is thrown out: %s', (raw, as) => {
    expect(talk([raw]).events).toMatchObject([{ kind: 'refused', as }]);
  });

  it('changes nothing in the state that it was given', () => {
    const { state } = talk(welcome);
    const before = JSON.stringify(state);
    step(state, parseLine(':ann!x@y NICK other') as Line);
    expect(JSON.stringify(state)).toBe(before);
  });
});

describe('isSelf', () => {
  it('compares nicks as the server does', () => {
    const { state } = talk([':irc.test 001 ann[m] :Welcome']);
    expect(isSelf(state, parseLine(':ANN{m}!x@y JOIN #a') as Line)).toBe(true);
    expect(isSelf(state, parseLine(':bob!x@y JOIN #a') as Line)).toBe(false);
  });
});
