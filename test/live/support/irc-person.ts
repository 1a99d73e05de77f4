import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface IrcLine {
  /** As the server said it, without the line end. */
  readonly raw: string;
  readonly nick: string;
  readonly command: string;
  readonly params: readonly string[];
  /** When it came, as `performance.now` gives it. */
  readonly atMs: number;
}

const waitMs = 30_000;
const shownLines = 25;

/** A person with a plain IRC client. It shares no code with the bridge, so it can judge it. */
export class IrcPerson {
  nick: string;
  readonly lines: IrcLine[] = [];
  readonly #port: number;
  #socket: Socket | undefined;
  #rest = '';
  readonly #waiting = new Set<() => void>();

  private constructor(port: number, nick: string) {
    this.#port = port;
    this.nick = nick;
  }

  /** Connects and waits until the server has welcomed it. */
  static async enter(port: number, nick: string): Promise<IrcPerson> {
    const person = new IrcPerson(port, nick);
    await person.reconnect();
    return person;
  }

  get isConnected(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed;
  }

  /** Comes back after the server was away. What it saw before stays in `lines`. */
  async reconnect(): Promise<void> {
    const socket = connect(this.#port, '127.0.0.1').setEncoding('utf8').setNoDelay(true);
    await once(socket, 'connect');
    this.#socket = socket;
    this.#rest = '';
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => socket.destroy());
    const before = this.lines.length;
    this.raw(`NICK ${this.nick}`);
    this.raw(`USER ${this.nick} 0 * :${this.nick} the person`);
    await this.until((line) => line.command === '001', 'a welcome', before);
  }

  async join(channel: string): Promise<void> {
    const before = this.lines.length;
    this.raw(`JOIN ${channel}`);
    await this.until(
      (line) => line.command === '366' && same(line.params[1], channel),
      `${channel}`,
      before,
    );
  }

  say(target: string, text: string): void {
    this.raw(`PRIVMSG ${target} :${text}`);
  }

  action(target: string, text: string): void {
    this.say(target, `\x01ACTION ${text}\x01`);
  }

  kick(channel: string, nick: string, reason = ''): void {
    this.raw(`KICK ${channel} ${nick} :${reason}`);
  }

  async rename(nick: string): Promise<void> {
    const before = this.lines.length;
    const old = this.nick;
    this.raw(`NICK ${nick}`);
    await this.until(
      (line) => line.command === 'NICK' && line.nick === old,
      `the nick ${nick}`,
      before,
    );
    this.nick = nick;
  }

  /** Who is in a channel, without their ranks, sorted. */
  async names(channel: string): Promise<string[]> {
    const before = this.lines.length;
    this.raw(`NAMES ${channel}`);
    await this.until(
      (line) => line.command === '366' && same(line.params[1], channel),
      'names',
      before,
    );
    const replies = this.lines.slice(before).filter((line) => line.command === '353');
    const words = replies.flatMap((line) => (line.params[3] ?? '').split(' '));
    return words
      .filter((word) => word !== '')
      .map((word) => word.replace(/^[~&@%+]+/, ''))
      .sort();
  }

  /** All that was said in a channel, in order, as `nick: text`; actions as `* nick text`. */
  heard(channel: string): string[] {
    return this.lines
      .filter((line) => line.command === 'PRIVMSG' && same(line.params[0], channel))
      .map((line) => spoken(line));
  }

  /** Waits until that was heard in a channel, written as `heard` writes it. */
  hears(channel: string, what: string): Promise<IrcLine> {
    return this.until(
      (line) =>
        line.command === 'PRIVMSG' && same(line.params[0], channel) && spoken(line) === what,
      `"${what}"`,
    );
  }

  /** Waits for a line, from the `from`th on. */
  until(isIt: (line: IrcLine) => boolean, what: string, from = 0): Promise<IrcLine> {
    return new Promise((resolve, reject) => {
      let next = from;
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = () => {
        const found = this.lines.slice(next).find(isIt);
        next = this.lines.length;
        if (found === undefined) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        const seen = this.lines.slice(-shownLines).map((line) => line.raw);
        reject(
          new Error(`${this.nick} waited in vain for ${what}. It saw:\n  ${seen.join('\n  ')}`),
        );
      }, waitMs);
      this.#waiting.add(look);
      look();
    });
  }

  raw(line: string): void {
    if (!this.isConnected) throw new Error(`${this.nick} is not connected`);
    this.#socket?.write(`${line}\r\n`);
  }

  quit(): void {
    this.#socket?.end('QUIT :gone\r\n');
    this.#socket = undefined;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const raw of lines) this.#take(parse(raw));
    for (const look of [...this.#waiting]) look();
  }

  #take(line: IrcLine): void {
    if (line.command === 'PING') this.#socket?.write(`PONG :${line.params.at(-1) ?? ''}\r\n`);
    else this.lines.push(line);
  }
}

function parse(raw: string): IrcLine {
  const untagged = raw.replace(/^@\S+ +/, '');
  const [, prefix = '', rest = ''] = /^(?::(\S+) +)?(.*)$/.exec(untagged) ?? [];
  const cut = rest.indexOf(' :');
  const words = (cut < 0 ? rest : rest.slice(0, cut)).split(' ').filter((word) => word !== '');
  const [command = '', ...params] = words;
  if (cut >= 0) params.push(rest.slice(cut + 2));
  const nick = prefix.split('!')[0] ?? '';
  return { raw, nick, command: command.toUpperCase(), params, atMs: performance.now() };
}

function spoken(line: IrcLine): string {
  const text = line.params[1] ?? '';
  if (!text.startsWith('\x01ACTION ')) return `${line.nick}: ${text}`;
  return `* ${line.nick} ${text.slice('\x01ACTION '.length).replace('\x01', '')}`;
}

const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();
