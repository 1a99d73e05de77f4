import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../servers/run.ts';
import { ServerProcess } from './server-process.ts';
import { temporaryDir } from './temporary-dir.ts';

/** A small disk in memory, which only the programs that enter it see. It needs no root. */
export interface SmallDisk {
  /** Where it lies, for whoever is on it. */
  readonly dir: string;
  /** What a program is started by to be on it. */
  readonly enter: readonly string[];
  /** Until there is no byte left. */
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  makeReadOnly(): Promise<void>;
  close(): Promise<void>;
}

const SIZE_MIB = 32;

/** @returns why there is none: it takes Linux, and a kernel that lets its users have namespaces. */
export async function smallDisk(): Promise<SmallDisk | { readonly missing: string }> {
  const outside = await temporaryDir('disk');
  const dir = join(outside, 'disk');
  await mkdir(dir);
  const mount = `mount -t tmpfs -o size=${SIZE_MIB}m none "$0" && : > "$0/is-there" && exec sleep infinity`;
  const own = ['--user', '--map-root-user', '--mount'];
  const holder = new ServerProcess({
    program: 'unshare',
    args: [...own, 'sh', '-c', mount, dir],
    logFile: join(outside, 'disk.log'),
    isReady: () => inside('test', '-e', join(dir, 'is-there')).then(() => true),
  });
  const enter = () => [
    ...['nsenter', '--target', String(holder.pid), '--user', '--mount', '--preserve-credentials'],
    '--',
  ];
  function inside(...words: readonly string[]): Promise<string> {
    const [program = '', ...args] = [...enter(), ...words];
    return run(program, args);
  }
  try {
    await holder.start();
  } catch (error) {
    return { missing: `a namespace of its own: ${(error as Error).message.trim()}` };
  }
  const ballast = join(dir, 'ballast');
  return {
    dir,
    enter: enter(),
    fill: () => inside('sh', '-c', `! cat /dev/zero > "$0" 2> /dev/null`, ballast).then(() => {}),
    makeRoom: () => inside('rm', ballast).then(() => {}),
    makeReadOnly: () => inside('mount', '-o', 'remount,ro', dir).then(() => {}),
    close: () => holder.kill(),
  };
}
