import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askBridge } from '../../../src/operator/ask.ts';
import { type Answers, AskedWrongly, door } from '../../../src/operator/door.ts';

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'operator.sock');
}

/** An open door, and what it wrote into the log. */
async function opened(path: string, answers: Answers = { version: async () => ({}) }) {
  const lines: string[] = [];
  const one = door(answers, (level, message) => void lines.push(`${level} ${message}`));
  onTestFinished(() => one.close());
  await one.open(path);
  return { one, lines };
}

const UNREACHABLE = 'warn The commands of an operator cannot reach this bridge';

describe('door', () => {
  it('gives what is asked for, to whoever may read the files of the bridge', async () => {
    const path = socketPath();
    await opened(path, { twice: async (asked) => ({ twice: [asked, asked] }) });
    expect(await askBridge(path, 'twice', { n: 1 })).toEqual({ twice: [{ n: 1 }, { n: 1 }] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says what was asked wrongly, and tells its log only of what went wrong here', async () => {
    const path = socketPath();
    const { lines } = await opened(path, {
      wrong: () => Promise.reject(new AskedWrongly('a number is missing')),
      broken: () => Promise.reject(new Error('no disk')),
    });
    await expect(askBridge(path, 'wrong')).rejects.toThrow('a number is missing');
    await expect(askBridge(path, 'toString')).rejects.toThrow('does not know that');
    expect(lines).toEqual([]);
    await expect(askBridge(path, 'broken')).rejects.toThrow('no disk');
    expect(lines).toEqual(['error An operator could not be answered']);
  });

  it('opens where a bridge that was killed has left its socket, and leaves none itself', async () => {
    const path = socketPath();
    writeFileSync(path, '');
    const { one } = await opened(path);
    expect(await askBridge(path, 'version')).toEqual({});
    await one.close();
    expect(existsSync(path)).toBe(false);
    expect(await askBridge(path, 'version')).toBeUndefined();
  });

  it('takes nothing away from a bridge that runs', async () => {
    const path = socketPath();
    await opened(path, { version: async () => ({ is: 'the first' }) });
    const { lines } = await opened(path);
    expect(lines).toEqual([UNREACHABLE]);
    expect(await askBridge(path, 'version')).toEqual({ is: 'the first' });
  });

  it('says that its path is too long for a socket, and goes on', async () => {
    const { lines } = await opened(join(socketPath(), 'a'.repeat(100)));
    expect(lines).toEqual([UNREACHABLE]);
  });
});
