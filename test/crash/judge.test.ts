import { describe, expect, it } from 'vitest';
import { type Arrived, type Crossing, type Outcome, removalOf, type Said } from './crossing.ts';
import { judge } from './judge.ts';

/** Anna and Bert talk in two chats, one after the other, each thing confirmed before the next. */
function conversation(): Said[] {
  return ['one', 'two'].flatMap((chat, which) =>
    Array.from({ length: 10 }, (_, index): Said => {
      const sentAtMs = which * 1000 + index * 10;
      const sender = index % 3 === 0 ? 'anna' : 'bert';
      const message = {
        text: `${chat} ${index}`,
        chat,
        sender,
        sentAtMs,
        confirmedAtMs: sentAtMs + 5,
      };
      if (index === 7) return { ...message, what: 'edit', of: `${chat} 5` };
      if (index === 8) return { ...message, what: 'reaction', of: `${chat} 2` };
      return { ...message, what: 'message' };
    }),
  );
}

const arrive = ({ sentAtMs: _, confirmedAtMs: __, ...said }: Said): Arrived => ({
  ...said,
  sender: `ghost of ${said.sender}`,
});

function crossing(change: (parts: { said: Said[]; arrived: Arrived[] }) => void = () => undefined) {
  const said = conversation();
  const parts = { said, arrived: said.map(arrive) };
  change(parts);
  const told = new Map<string, Outcome>();
  const none = new Set<string>();
  const promises = { mayStayUnknown: false, hidesRemoved: false, mayComeLate: false };
  return { ...parts, ...promises, told, toldTwice: none, unlinked: none } satisfies Crossing;
}

const faults = (of: Crossing) => judge(of).map(({ fault, text }) => `${fault}: ${text}`);

const swap = (list: unknown[], a: number, b: number) => {
  [list[a], list[b]] = [list[b], list[a]];
};

describe('judge', () => {
  it('finds nothing where all arrived once and in order', () => {
    expect(judge(crossing())).toEqual([]);
  });

  it('finds nothing where two chats were mixed in another way', () => {
    const mixed = crossing(({ arrived }) => {
      arrived.unshift(...arrived.splice(10, 10));
    });
    expect(judge(mixed)).toEqual([]);
  });

  it('finds a lost message', () => {
    expect(faults(crossing(({ arrived }) => arrived.splice(4, 1)))).toEqual(['lost: one 4']);
  });

  it('finds a doubled message, wherever the second copy is', () => {
    const late = crossing(({ arrived }) => arrived.push(arrived[3]!));
    const early = crossing(({ arrived }) => arrived.splice(4, 0, arrived[3]!));
    expect(faults(late)).toEqual(['doubled: one 3']);
    expect(faults(early)).toEqual(['doubled: one 3']);
  });

  it('finds two messages of one sender that changed places', () => {
    const found = faults(crossing(({ arrived }) => swap(arrived, 1, 2)));
    expect(found).toContain('out of order: one 1');
  });

  it('finds them where their side never confirmed them', () => {
    const found = crossing(({ said, arrived }) => {
      for (const [index, { confirmedAtMs: _, ...each }] of said.entries()) said[index] = each;
      swap(arrived, 1, 2);
    });
    expect(faults(found)).toEqual(['out of order: one 1']);
  });

  it('finds a message that came after one that was sent when it was confirmed', () => {
    const found = faults(crossing(({ arrived }) => swap(arrived, 3, 4)));
    expect(found).toEqual(['out of order: one 3']);
  });

  it('lets messages of two senders pass each other where neither was confirmed in time', () => {
    const fine = crossing(({ said, arrived }) => {
      said[3] = { ...said[3]!, confirmedAtMs: said[4]!.sentAtMs! + 1 };
      swap(arrived, 3, 4);
    });
    expect(judge(fine)).toEqual([]);
  });

  describe('where the homeserver forgets what it had not pushed', () => {
    const late = (change: (arrived: Arrived[]) => void) => ({
      ...crossing(({ arrived }) => {
        arrived.splice(3, 0, { ...arrived.splice(1, 1)[0]!, isLate: true });
        change(arrived);
      }),
      mayComeLate: true,
    });

    it('lets a message come after newer ones that says so', () => {
      expect(judge(late(() => {}))).toEqual([]);
    });

    it('still finds one that does not say so, and one that is lost or doubled', () => {
      const silent = late((arrived) => {
        arrived[3] = arrive(conversation()[1]!);
      });
      expect(faults(silent)).toContain('out of order: one 1');
      expect(faults(late((arrived) => arrived.splice(3, 1)))).toEqual(['lost: one 1']);
      expect(faults(late((arrived) => arrived.push(arrived[3]!)))).toEqual(['doubled: one 1']);
    });

    it('finds one that says so elsewhere', () => {
      expect(faults({ ...late(() => {}), mayComeLate: false })).toContain('changed: one 1');
    });
  });

  it('finds what nobody said', () => {
    const found = crossing(({ arrived }) =>
      arrived.push({ text: 'boo', what: 'message', chat: 'one', sender: 'ghost of anna' }),
    );
    expect(faults(found)).toEqual(['never said: boo']);
  });

  it('finds what came to another chat', () => {
    const found = crossing(({ arrived }) => {
      arrived[9] = { ...arrived[9]!, chat: 'two' };
    });
    expect(faults(found)).toEqual(['changed: one 9']);
  });

  it('finds an edit that became a message, and one of another message', () => {
    const plain = crossing(({ arrived }) => {
      const { of: _, ...rest } = arrived[7]!;
      arrived[7] = { ...rest, what: 'message' };
    });
    const other = crossing(({ arrived }) => {
      arrived[7] = { ...arrived[7]!, of: 'one 1' };
    });
    expect(faults(plain)).toEqual(['changed: one 7']);
    expect(faults(other)).toEqual(['changed: one 7']);
  });

  it('finds a message under the name of somebody else', () => {
    const found = crossing(({ arrived }) => {
      arrived[4] = { ...arrived[4]!, sender: 'ghost of anna' };
    });
    expect(faults(found)).toEqual(['under a wrong name: one 4']);
  });

  describe('where a message may stay unknown', () => {
    const unknown = (text: string, change?: Parameters<typeof crossing>[0]): Crossing => ({
      ...crossing(change),
      told: new Map([[text, 'unknown']]),
      mayStayUnknown: true,
    });

    it('takes "unknown" for an answer, arrived or not', () => {
      expect(judge(unknown('one 4', ({ arrived }) => arrived.splice(4, 1)))).toEqual([]);
      expect(judge(unknown('one 4'))).toEqual([]);
    });

    it('takes an edit of it as a message', () => {
      const fine = unknown('one 5', ({ arrived }) => {
        const { of: _, ...rest } = arrived[7]!;
        arrived[7] = { ...rest, what: 'message' };
      });
      expect(judge(fine)).toEqual([]);
    });

    const without = (lost: number) => (parts: { arrived: Arrived[] }) =>
      parts.arrived.splice(lost, 1);

    it('lets a reaction to it go whose sender is told, but no edit of it', () => {
      const reaction = unknown('one 2', without(8));
      const told = new Map([...reaction.told, ['one 8', 'failed' as const]]);
      expect(judge({ ...reaction, told })).toEqual([]);
      expect(faults(unknown('one 5', without(7)))).toEqual(['lost: one 7']);
    });

    it('finds a reaction to it that went without a word', () => {
      expect(faults(unknown('one 2', without(8)))).toEqual(['lost: one 8']);
    });

    it('still finds one that is lost and nobody was told of', () => {
      const found = unknown('one 4', ({ arrived }) => arrived.splice(5, 1));
      expect(faults(found)).toEqual(['lost: one 5']);
    });

    it('still finds a doubled one', () => {
      const found = unknown('one 3', ({ arrived }) => arrived.push(arrived[3]!));
      expect(faults(found)).toEqual(['doubled: one 3']);
    });

    it('finds one that was called failed', () => {
      const failed = new Map([['one 4', 'failed' as const]]);
      const lost = unknown('one 4', ({ arrived }) => arrived.splice(4, 1));
      expect(faults({ ...lost, told: failed })).toEqual(['lost: one 4']);
      expect(faults({ ...unknown('one 4'), told: failed })).toEqual(['told wrongly: one 4']);
    });

    it('finds words about what nobody said', () => {
      expect(faults(unknown('boo'))).toEqual(['told wrongly: boo']);
    });
  });

  it('lets a reaction go to what came from the other side and is unknown, and nothing else', () => {
    const lost = crossing(({ arrived }) => arrived.splice(8, 1));
    expect(faults(lost)).toEqual(['lost: one 8']);
    expect(judge({ ...lost, unlinked: new Set(['one 2']) })).toEqual([]);
    const message = crossing(({ arrived }) => arrived.splice(2, 1));
    expect(faults({ ...message, unlinked: new Set(['one 2']) })).toEqual(['lost: one 2']);
  });

  it('wants nothing to come of what the other side does not know, and its sender to be told', () => {
    const poll = { what: 'unsupported', text: 'a poll', chat: 'one', sender: 'anna' } as const;
    const asked = (arrived?: Arrived) =>
      crossing((parts) => {
        parts.said.push(poll);
        if (arrived) parts.arrived.push(arrived);
      });
    const told = new Map([['a poll', 'failed' as const]]);
    expect(judge({ ...asked(), told })).toEqual([]);
    expect(faults(asked())).toEqual(['lost: a poll']);
    const came = faults({ ...asked({ ...arrive(poll), what: 'message' }), told });
    expect(came).toEqual(['changed: a poll', 'told wrongly: a poll']);
  });

  it('finds words that were said to a sender twice', () => {
    const unknown = new Map([['one 4', 'unknown' as const]]);
    const twice = { ...crossing(), told: unknown, mayStayUnknown: true };
    expect(judge(twice)).toEqual([]);
    expect(faults({ ...twice, toldTwice: new Set(['one 4']) })).toEqual(['told wrongly: one 4']);
  });

  it('finds "unknown" where the network could have said', () => {
    const told = new Map([['one 4', 'unknown' as const]]);
    expect(faults({ ...crossing(), told })).toEqual(['told wrongly: one 4']);
    const lost = crossing(({ arrived }) => arrived.splice(4, 1));
    expect(faults({ ...lost, told })).toEqual(['lost: one 4', 'told wrongly: one 4']);
  });
});

describe('judge, where something is taken back', () => {
  const anna = { chat: 'one', sender: 'anna' };
  const edit = { ...anna, what: 'edit', text: 'one 9 edit', of: 'one 9' } as const;
  const removal = (of: string) => ({ ...anna, what: 'removal', text: removalOf(of), of }) as const;

  /** Anna says it, edits it and takes it back. */
  const takenBack = (change: (parts: { said: Said[]; arrived: Arrived[] }) => void = () => {}) =>
    crossing(({ said, arrived }) => {
      for (const each of [edit, removal('one 9')]) {
        said.push(each);
        arrived.push(arrive(each));
      }
      change({ said, arrived });
    });

  it('finds nothing where it came and went', () => {
    expect(judge(takenBack())).toEqual([]);
  });

  it('finds a removal that got lost, and what stands there still', () => {
    expect(faults(takenBack(({ arrived }) => arrived.splice(-1)))).toEqual([
      'lost: removal of one 9',
      'not removed: one 9',
      'not removed: one 9 edit',
    ]);
  });

  it('finds what was taken back twice, or by nobody', () => {
    const twice = takenBack(({ arrived }) => arrived.push(arrived.at(-1)!));
    expect(faults(twice)).toEqual(['doubled: removal of one 9']);
    const nobody = takenBack(({ arrived }) => arrived.push(arrive(removal('one 3'))));
    expect(faults(nobody)).toEqual(['never said: removal of one 3']);
  });

  it('finds what came back after it was taken back', () => {
    const again = takenBack(({ arrived }) => arrived.push(arrived[9]!));
    expect(faults(again)).toEqual(['doubled: one 9', 'not removed: one 9']);
    const edited = takenBack(({ arrived }) => arrived.push(...arrived.splice(-2, 1)));
    expect(faults(edited)).toEqual(['out of order: one 9 edit', 'not removed: one 9 edit']);
  });

  it('finds the words of an edit that stayed as a message of their own', () => {
    const anew = takenBack(({ arrived }) => {
      const { of: _, ...rest } = arrived.at(-2)!;
      arrived[arrived.length - 2] = { ...rest, what: 'message' };
    });
    expect(faults(anew)).toEqual(['changed: one 9 edit', 'not removed: one 9 edit']);
  });

  it('lets a removal go of a message that is unknown, where its sender is told', () => {
    const kept = takenBack(({ arrived }) => arrived.splice(-1));
    const unknown = new Map<string, Outcome>([['one 9', 'unknown']]);
    const told = new Map([...unknown, [removalOf('one 9'), 'failed' as const]]);
    expect(judge({ ...kept, told, mayStayUnknown: true })).toEqual([]);
    expect(faults({ ...kept, told: unknown, mayStayUnknown: true })).toEqual([
      'lost: removal of one 9',
    ]);
  });

  it('lets a reaction be taken back that found nothing to stand on, with no trace', () => {
    const found = crossing(({ said, arrived }) => {
      arrived.splice(8, 1);
      said.push({ ...removal('one 8'), sender: 'bert' });
    });
    expect(judge({ ...found, unlinked: new Set(['one 2']) })).toEqual([]);
    expect(faults(found)).toEqual(['lost: one 8']);
  });

  describe('before the bridge has heard of it', () => {
    const unheard = (change: Parameters<typeof takenBack>[0]) => takenBack(change);
    const without = ({ arrived }: { arrived: Arrived[] }) => {
      arrived.splice(-2);
      arrived.splice(9, 1);
    };

    it('lets it never come, with its edits, where the words are withheld then', () => {
      expect(judge({ ...unheard(without), hidesRemoved: true })).toEqual([]);
    });

    it('finds it lost where they are not', () => {
      expect(faults(unheard(without))).toEqual(['lost: one 9', 'lost: one 9 edit']);
    });

    it('still finds any other that is lost', () => {
      const more = unheard((parts) => {
        without(parts);
        parts.arrived.splice(3, 1);
      });
      expect(faults({ ...more, hidesRemoved: true })).toEqual(['lost: one 3']);
    });
  });
});
