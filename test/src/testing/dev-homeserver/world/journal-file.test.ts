import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JournalFile } from '../../../../../src/testing/dev-homeserver/world/journal-file.ts';
import { temporaryDir } from '../support/fixture.ts';

describe('JournalFile', () => {
  it('gives back what was appended, and takes nothing once it is closed', () => {
    const path = join(temporaryDir(), 'journal.jsonl');
    const account = { kind: 'account', userId: '@ä:hs.test' } as const;
    const first = new JournalFile(path);
    first.append(account);
    first.close();
    expect(() => first.append(account)).toThrow(/closed/);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
    const second = new JournalFile(path);
    expect(second.read()).toEqual([account]);
    second.close();
  });
});
