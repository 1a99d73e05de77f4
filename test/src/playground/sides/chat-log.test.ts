import { describe, expect, it } from 'vitest';
import { type ChatChange, ChatLog } from '../../../../src/playground/sides/chat-log.ts';

const said = (id: string, text = id): ChatChange => ({
  ...{ kind: 'said', id, text, sender: 'alice', atMs: 1, bridged: false },
});
const reacted = (by: string, more: { id?: string; removed?: boolean } = {}): ChatChange => ({
  ...{ kind: 'reacted', target: '1', emoji: '👍', by, removed: false },
  ...more,
});

function logOf(...changes: readonly ChatChange[]): ChatLog {
  const log = new ChatLog(100);
  for (const change of changes) log.apply(change);
  return log;
}

describe('ChatLog', () => {
  it('keeps lines in the order in which they were said, each once', () => {
    const log = logOf(said('1'), said('2'));
    expect(log.apply(said('1', 'again'))).toBeUndefined();
    expect(log.lines.map(({ text }) => text)).toEqual(['1', '2']);
  });

  it('forgets the oldest beyond what it keeps', () => {
    const log = new ChatLog(2);
    for (const id of ['1', '2', '3']) log.apply(said(id));
    expect(log.lines.map(({ id }) => id)).toEqual(['2', '3']);
    expect(log.apply({ kind: 'edited', target: '1', text: 'x' })).toBeUndefined();
  });

  it('shows the text of the last edit, and that there was one', () => {
    const log = logOf(said('1'), { kind: 'edited', target: '1', text: 'better' });
    expect(log.line('1')).toMatchObject({ text: 'better', edited: true });
  });

  it('empties what was removed, and no late edit or reaction brings it back', () => {
    const log = logOf(said('1'), reacted('bob'), { kind: 'removed', target: '1' });
    expect(log.line('1')).toMatchObject({ text: '', removed: true, reactions: [] });
    expect(log.apply({ kind: 'edited', target: '1', text: 'back' })).toBeUndefined();
    expect(log.apply(reacted('bob'))).toBeUndefined();
  });

  it('takes a reaction of one person once, and away again', () => {
    const log = logOf(said('1'), reacted('bob'), reacted('bob'), reacted('carol'));
    expect(log.line('1')?.reactions.map(({ by }) => by)).toEqual(['bob', 'carol']);
    log.apply(reacted('bob', { removed: true }));
    expect(log.line('1')?.reactions.map(({ by }) => by)).toEqual(['carol']);
  });

  it('takes a reaction away by its own id', () => {
    const log = logOf(said('1'), reacted('bob', { id: '$r' }), { kind: 'removed', target: '$r' });
    expect(log.line('1')).toMatchObject({ removed: false, reactions: [] });
  });

  it('remembers what became of a line, and tells nothing that it said before', () => {
    const log = logOf(said('1'));
    const fate: ChatChange = { kind: 'fate', target: '1', fate: 'failed' };
    expect(log.apply(fate)).toMatchObject({ fate: 'failed' });
    expect(log.apply(fate)).toBeUndefined();
  });
});
