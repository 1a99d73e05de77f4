import { describe, expect, it } from 'vitest';
import { Crossings } from '../../../src/playground/crossings.ts';
import type { ChatChange } from '../../../src/playground/sides/chat-log.ts';

const said = (id: string, text: string, bridged = false): ChatChange => ({
  ...{ kind: 'said', id, text, bridged, sender: 'somebody', atMs: 0 },
});

describe('Crossings', () => {
  it('counts a message as waiting until it stands on the other side', () => {
    const crossings = new Crossings();
    expect(crossings.saw('matrix', said('$1', 'hello'))).toBeUndefined();
    expect(crossings.count('remote')).toEqual({ waiting: 1, delivered: 0 });
    expect(crossings.count('matrix')).toEqual({ waiting: 0, delivered: 0 });

    expect(crossings.saw('remote', said('m1', 'hello', true))).toEqual({
      side: 'matrix',
      id: '$1',
    });
    expect(crossings.count('remote')).toEqual({ waiting: 0, delivered: 1 });
  });

  it('wants the same text twice where it was said twice', () => {
    const crossings = new Crossings();
    crossings.saw('remote', said('m1', 'ok'));
    crossings.saw('remote', said('m2', 'ok'));
    expect(crossings.saw('matrix', said('$1', 'ok', true))).toEqual({ side: 'remote', id: 'm1' });
    expect(crossings.count('matrix')).toEqual({ waiting: 1, delivered: 1 });
  });

  it('knows a message that is seen to arrive before it is seen to leave', () => {
    const crossings = new Crossings();
    crossings.saw('remote', said('m1', 'hello', true));
    expect(crossings.saw('matrix', said('$1', 'hello'))).toEqual({ side: 'matrix', id: '$1' });
    expect(crossings.count('remote')).toEqual({ waiting: 0, delivered: 1 });
    crossings.saw('matrix', said('$2', 'hello'));
    expect(crossings.count('remote')).toEqual({ waiting: 1, delivered: 1 });
  });

  it('waits no longer for what was removed, has failed, or may have arrived', () => {
    const crossings = new Crossings();
    for (const id of ['$1', '$2', '$3']) crossings.saw('matrix', said(id, `from ${id}`));
    crossings.saw('matrix', { kind: 'removed', target: '$1' });
    crossings.saw('matrix', { kind: 'fate', target: '$2', fate: 'failed' });
    expect(crossings.count('remote').waiting).toBe(1);
    crossings.saw('matrix', { kind: 'fate', target: '$3', fate: 'unknown' });
    expect(crossings.count('remote')).toEqual({ waiting: 0, delivered: 0 });
  });

  it('does not wait for notices, nor for edits and reactions', () => {
    const crossings = new Crossings();
    crossings.saw('matrix', { ...said('$1', 'told by the bridge'), as: 'notice' } as ChatChange);
    crossings.saw('matrix', { kind: 'edited', target: '$1', text: 'new' });
    expect(crossings.count('remote')).toEqual({ waiting: 0, delivered: 0 });
  });
});
