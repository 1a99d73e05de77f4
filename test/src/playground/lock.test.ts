import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderTaken, lockFolder } from '../../../src/playground/lock.ts';
import { isRunning, markProcess } from '../../../src/playground/process-mark.ts';

let dir: string;
const children: ChildProcess[] = [];
const lockFile = () => join(dir, 'lock.json');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'playground-lock-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  rmSync(dir, { recursive: true, force: true });
});

async function startOther(): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
  children.push(child);
  await once(child.stdout, 'data');
  return child as ChildProcess & { pid: number };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('lockFolder', () => {
  it('keeps a second playground out, and says whom to stop', async () => {
    const other = await startOther();
    writeFileSync(lockFile(), JSON.stringify(markProcess(other.pid)));
    expect(() => lockFolder(dir)).toThrow(FolderTaken);
    expect(() => lockFolder(dir)).toThrow(new RegExp(`process ${other.pid}.*Stop it first`));
    expect(JSON.parse(readFileSync(lockFile(), 'utf8')).pid).toBe(other.pid);
  });

  it('takes over the lock of a process that is gone', async () => {
    const other = await startOther();
    writeFileSync(lockFile(), JSON.stringify(markProcess(other.pid)));
    await end(other);
    lockFolder(dir);
    expect(JSON.parse(readFileSync(lockFile(), 'utf8')).pid).toBe(process.pid);
  });

  it('takes over a lock whose number now belongs to another process', async () => {
    const other = await startOther();
    writeFileSync(lockFile(), JSON.stringify({ pid: other.pid, began: 'long ago' }));
    lockFolder(dir);
    expect(JSON.parse(readFileSync(lockFile(), 'utf8')).pid).toBe(process.pid);
  });

  it.each(['', '{"pid":', '{"pid":-4}'])(
    'takes over a lock that was never written whole: %s',
    (text) => {
      writeFileSync(lockFile(), text);
      expect(() => lockFolder(dir)).not.toThrow();
    },
  );

  it('lets the folder go, but never the lock of somebody else', () => {
    const letGo = lockFolder(dir);
    letGo();
    expect(existsSync(lockFile())).toBe(false);

    const letGoAgain = lockFolder(dir);
    writeFileSync(lockFile(), '{"pid":1}');
    letGoAgain();
    expect(existsSync(lockFile())).toBe(true);
  });
});

describe('isRunning', () => {
  it('knows a process from its end on as gone', async () => {
    const other = await startOther();
    const mark = markProcess(other.pid);
    if (mark === undefined) throw new Error('The child of this test is not there');
    expect(isRunning(mark)).toBe(true);
    await end(other);
    expect(isRunning(mark)).toBe(false);
  });
});
