import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { libraryPath } from '../servers/debian.ts';
import { ServerProcess } from './server-process.ts';
import { temporaryDir } from './temporary-dir.ts';

const patient = { timeout: 30_000, interval: 20 };

/** Somebody on IRC with a client that people really use. What it has shown them stands in its log. */
export class WeeChat {
  readonly #dir: string;
  readonly #channel: string;

  private constructor(dir: string, channel: string) {
    this.#dir = dir;
    this.#channel = channel;
  }

  /** In the channel, until the test ends. @param root where `provide` has put it. */
  static async enter(
    root: string,
    { port, nick, channel }: { port: number; nick: string; channel: string },
  ): Promise<WeeChat> {
    const dir = await temporaryDir('weechat');
    const wee = new WeeChat(dir, channel);
    const first = [
      '/set logger.file.flush_delay 0',
      `/server add t 127.0.0.1/${port} -notls -nicks=${nick} -autojoin=${channel}`,
      '/set irc.server.t.anti_flood_prio_high 0',
      '/set irc.server.t.anti_flood_prio_low 0',
      `/set fifo.file.path ${join(dir, 'fifo')}`,
      '/fifo enable',
      '/connect t',
    ];
    const program = new ServerProcess({
      program: join(root, 'usr/bin/weechat-headless'),
      args: ['-d', dir, ...first.flatMap((command) => ['-r', command])],
      cwd: dir,
      env: {
        LD_LIBRARY_PATH: await libraryPath(root),
        WEECHAT_EXTRA_LIBDIR: join(root, 'usr/lib/x86_64-linux-gnu/weechat'),
      },
      logFile: join(dir, 'printed.log'),
      isReady: async () => (await wee.shown()).some((line) => line.includes('has joined')),
    });
    await program.start();
    onTestFinished(() => program.kill());
    return wee;
  }

  /** What somebody types there: words, or a command of the client. */
  type(line: string): Promise<void> {
    return appendFile(join(this.#dir, 'fifo'), `irc.t.${this.#channel} *${line}\n`);
  }

  /** Each line of the channel as `who: what`, without its time; `--`, `-->` and `<--` are the client's own. */
  async shown(): Promise<readonly string[]> {
    const path = join(this.#dir, 'logs', `irc.t.${this.#channel}.weechatlog`);
    const text = await readFile(path, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      const [, who, what] = line.split('\t');
      return what === undefined ? [] : [`${who?.trim()}: ${what}`];
    });
  }

  /** Waits until that was shown. */
  async sees(what: string | RegExp): Promise<void> {
    await vi.waitFor(async () => {
      const lines = await this.shown();
      const isIt = (line: string) => (typeof what === 'string' ? line === what : what.test(line));
      if (!lines.some(isIt)) throw new Error(`${what} is not among\n  ${lines.join('\n  ')}`);
    }, patient);
  }
}
