import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LogEntry } from './record.ts';

const fileOf = (dir: string) => join(dir, 'log.jsonl');

/**
 * The network's memory on disk: one JSON line per accepted thing, only ever appended.
 *
 * A line is with the operating system before its request is answered, so it survives `SIGKILL` of
 * the network (not a power cut). A last line without an end was never answered, and is cut off.
 */
export class DiskLog {
  readonly #fd: number;

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.#fd = openSync(fileOf(dir), 'a+');
    const bytes = readFileSync(fileOf(dir));
    ftruncateSync(this.#fd, bytes.lastIndexOf('\n') + 1);
  }

  append(entry: LogEntry): void {
    writeWhole(this.#fd, Buffer.from(`${JSON.stringify(entry)}\n`));
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/**
 * Reads the log of a network, running or killed: the judge of what was really said.
 *
 * @throws when there is no log, or a line of it cannot be read.
 */
export function readLoopbackLog(dir: string): LogEntry[] {
  const text = readFileSync(fileOf(dir), 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.slice(0, -1).map((line, index) => parse(line, `${fileOf(dir)}:${index + 1}`));
}

function parse(line: string, where: string): LogEntry {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${where} is not a JSON line. Restore the file, or remove it to begin anew.`, {
      cause,
    });
  }
}

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; ) from += writeSync(fd, bytes, from);
}
