import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BridgeProcess, endOrphan } from '../../../src/playground/bridge-process.ts';
import { tryPort } from '../../../src/playground/ports.ts';
import { isRunning, markProcess } from '../../../src/playground/process-mark.ts';

const executable = fileURLToPath(new URL('./pretend-bridge.mjs', import.meta.url));

let dir: string;
let port: number;
let bridge: BridgeProcess;
const seen: string[] = [];
const pidFile = () => join(dir, 'bridge.pid.json');

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'playground-bridge-'));
  port = (await tryPort(0)) ?? 0;
  seen.length = 0;
  writeConfig('well');
  bridge = new BridgeProcess({
    ...{ executable, dir, args: ['run', '--config', join(dir, 'config')] },
    isReady: async (signal) => (await fetch(`http://127.0.0.1:${port}/`, { signal })).ok,
    onChange: ({ is }) => seen.push(is),
  });
});
afterEach(async () => {
  await bridge.close();
  rmSync(dir, { recursive: true, force: true });
});

const writeConfig = (mood: string) =>
  writeFileSync(join(dir, 'config'), `port: ${port}\nmood: ${mood}\n`);

describe('BridgeProcess', () => {
  it('runs once it answers, and not before', async () => {
    await bridge.start();
    expect(seen).toEqual(['starting', 'running']);
    expect(bridge.standing).toMatchObject({ is: 'running', kills: 0 });
    expect(isRunning({ pid: bridge.standing.pid ?? 0 })).toBe(true);
  });

  it('dies of SIGKILL at once, without a last word, and can be started again', async () => {
    await bridge.start();
    await bridge.kill();
    expect(bridge.standing).toMatchObject({ is: 'killed', ended: 'signal SIGKILL', kills: 1 });
    expect(bridge.standing.lastLines).toEqual(['info  The bridge is running']);
    expect(await tryPort(port)).toBe(port);
    await bridge.start();
    expect(bridge.standing).toMatchObject({ is: 'running', kills: 1 });
  });

  it('starts one process, however often it is asked to', async () => {
    await Promise.all([bridge.start(), bridge.start()]);
    const { pid } = bridge.standing;
    await bridge.start();
    expect(bridge.standing.pid).toBe(pid);
    expect(seen).toEqual(['starting', 'running']);
  });

  it('shows how it ended by itself, and its last words', async () => {
    writeConfig('sick');
    await bridge.start();
    expect(bridge.standing).toMatchObject({ is: 'died', ended: 'exit code 2' });
    expect(bridge.standing.lastLines).toEqual(['drawbridge: the config is wrong']);
    await bridge.close();
    expect(readFileSync(join(dir, 'bridge.log'), 'utf8')).toContain('the config is wrong');
  });

  it('lets it end in its own way when it is closed, and never starts it after that', async () => {
    await bridge.start();
    await bridge.close();
    expect(bridge.standing).toMatchObject({ is: 'stopped', ended: 'exit code 0' });
    expect(bridge.standing.lastLines).toContain('info  Stopped');
    expect(existsSync(pidFile())).toBe(false);
    await bridge.start();
    expect(bridge.standing.is).toBe('stopped');
  });
});

describe('endOrphan', () => {
  it('ends the bridge that a killed playground left', async () => {
    const args = [executable, 'run', '--config', join(dir, 'config')];
    const orphan = spawn(process.execPath, args);
    await once(orphan.stdout, 'data');
    const mark = markProcess(orphan.pid ?? 0);
    writeFileSync(pidFile(), JSON.stringify(mark));
    expect(await endOrphan(dir)).toBe(orphan.pid);
    await vi.waitFor(() => expect(orphan.signalCode).toBe('SIGKILL'));
    expect(existsSync(pidFile())).toBe(false);
  });

  it('leaves another process alone that was given the same number', async () => {
    writeFileSync(pidFile(), JSON.stringify({ pid: process.pid, began: 'long ago' }));
    expect(await endOrphan(dir)).toBeUndefined();
  });

  it('has nothing to do in a new folder', async () => {
    expect(await endOrphan(dir)).toBeUndefined();
  });
});
