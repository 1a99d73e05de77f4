import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newMemory, readMemory, saveMemory } from '../../../src/playground/memory.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'playground-memory-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('readMemory', () => {
  it('finds nothing in a new folder', () => {
    expect(readMemory(dir)).toBeUndefined();
  });

  it('finds what was saved, which nobody else may read', () => {
    const memory = { ...newMemory(), ports: { homeserver: 1, network: 2, bridge: 3 } };
    saveMemory(dir, memory);
    expect(readMemory(dir)).toEqual(memory);
    expect(statSync(join(dir, 'playground.json')).mode & 0o077).toBe(0);
  });

  it.each(['{', '{"version":2}'])('says what to do about a damaged file: %s', (text) => {
    writeFileSync(join(dir, 'playground.json'), text);
    expect(() => readMemory(dir)).toThrow(/playground.json is damaged[\s\S]*begin anew/);
  });
});

describe('newMemory', () => {
  it('has secrets of its own each time', () => {
    expect(newMemory().password).not.toBe(newMemory().password);
    expect(newMemory().botToken).not.toBe(newMemory().botToken);
  });
});
