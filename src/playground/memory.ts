import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const port = z.int().min(1).max(65_535);

const schema = z.strictObject({
  version: z.literal(1),
  /** Of the Matrix people, who exist nowhere but here. */
  password: z.string().min(1),
  botToken: z.string().min(1),
  ports: z.strictObject({
    homeserver: port.optional(),
    network: port.optional(),
    bridge: port.optional(),
  }),
});

/** What a playground knows of itself from one run to the next. */
export type Memory = z.output<typeof schema>;

const fileOf = (dir: string) => join(dir, 'playground.json');

/** As it was left. `undefined`: there was no playground in this folder yet. @throws when it cannot be read. */
export function readMemory(dir: string): Memory | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(dir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${fileOf(dir)} is damaged: ${why}\nDelete the folder ${dir} to begin anew.`);
  }
}

export function newMemory(): Memory {
  const secret = () => randomBytes(24).toString('base64url');
  return { version: 1, password: secret(), botToken: secret(), ports: {} };
}

/** Replaces the file as a whole, so that it is never half written. */
export function saveMemory(dir: string, memory: Memory): void {
  const temporary = `${fileOf(dir)}.new`;
  writeFileSync(temporary, `${JSON.stringify(memory, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, fileOf(dir));
}
