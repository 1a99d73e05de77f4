import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface Script {
  /** The capabilities that it offers, in one word each. */
  readonly caps?: readonly string[];
  readonly isupport?: readonly string[];
  /** What it tells of a channel's past to whoever joins: whole lines. */
  readonly history?: readonly string[];
  /** Sees each line first. True: it has dealt with it. */
  readonly deal?: (client: ScriptedClient, command: string, params: readonly string[]) => boolean;
}

const SPOKEN = new Set(['PRIVMSG', 'NOTICE', 'TAGMSG', 'BATCH']);

const MODERN = [
  ...['message-tags', 'batch', 'server-time', 'echo-message', 'labeled-response'],
  ...['multi-prefix', 'userhost-in-names'],
];

/** As much of an IRC server as a test needs, in this process: what it does can be scripted, and cut. */
export class ScriptedServer {
  script: Script;
  readonly clients: ScriptedClient[] = [];
  readonly #server: Server;
  #messages = 0;

  private constructor(script: Script) {
    this.script = { caps: MODERN, ...script };
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.clients.push(new ScriptedClient(this, socket));
    });
  }

  static async start(script: Script = {}, port = 0): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    server.#server.listen(port, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.cut();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The newest client of this nick. */
  client(nick: string): ScriptedClient {
    const found = this.clients.findLast((client) => client.nick === nick && !client.isGone);
    if (!found) throw new Error(`nobody is ${nick}`);
    return found;
  }

  isTaken(nick: string): boolean {
    return this.clients.some((client) => client.nick === nick && !client.isGone);
  }

  /** Said to everybody in a channel. */
  tell(channel: string, line: string, but?: ScriptedClient): void {
    for (const client of this.clients)
      if (client !== but && client.channels.has(channel)) client.say(line);
  }

  nextId(): string {
    return `m${++this.#messages}`;
  }
}

/** The server's end of one connection. */
export class ScriptedClient {
  nick = '';
  isGone = false;
  /** Everything that it has sent, as the server cut it. */
  readonly lines: string[] = [];
  readonly channels = new Set<string>();
  readonly caps = new Set<string>();
  readonly server: ScriptedServer;
  readonly #socket: Socket;
  #user = '';
  #isNegotiating = false;
  #isWelcome = false;
  #rest = '';
  /** A message of several lines that is being said. */
  #batch: { readonly target: string; readonly tags: string; readonly lines: string[] } | undefined;

  constructor(server: ScriptedServer, socket: Socket) {
    this.server = server;
    this.#socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isGone = true;
    });
  }

  get mask(): string {
    return `${this.nick}!~${this.#user}@client.test`;
  }

  say(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  cut(): void {
    this.isGone = true;
    this.#socket.destroy();
  }

  /** What it has sent of one command, without tags. */
  sent(command: string): readonly string[] {
    const bare = this.lines.map((line) => line.replace(/^@\S+ /, ''));
    return bare.filter((line) => line.startsWith(command));
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split(/\r\n|\n|\r|\0/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(raw: string): void {
    this.lines.push(raw);
    const [, tags = '', command = '', rest = ''] = /^(?:@(\S+) )?(\S+) ?(.*)$/s.exec(raw) ?? [];
    const cut = rest.startsWith(':') ? 0 : rest.indexOf(' :');
    const words = (cut < 0 ? rest : rest.slice(0, cut)).split(' ').filter((word) => word !== '');
    if (cut >= 0) words.push(rest.slice(rest.indexOf(':', cut) + 1));
    if (this.server.script.deal?.(this, command, words)) return;
    this.#answer(command, words, tags);
  }

  #answer(command: string, params: readonly string[], tags: string): void {
    const [first = ''] = params;
    if (command === 'CAP') this.#negotiate(first, params.at(-1) ?? '');
    if (command === 'NICK') this.#name(first);
    if (command === 'USER') this.#user = first;
    if (command === 'PING') this.say(`:s PONG s :${first}`);
    if (command === 'JOIN') for (const name of first.split(',')) this.join(name);
    if (command === 'PART') this.#part(first);
    if (command === 'QUIT') {
      this.say('ERROR :Closing link');
      this.#socket.end();
    }
    if (SPOKEN.has(command)) this.#say(command, params, tags);
    this.#welcome();
  }

  #negotiate(verb: string, words: string): void {
    const offered = this.server.script.caps ?? [];
    if (verb === 'LS') {
      this.#isNegotiating = true;
      this.say(`:s CAP * LS :${offered.join(' ')}`);
    }
    if (verb === 'REQ') {
      for (const word of words.split(' ')) this.caps.add(word);
      this.say(`:s CAP * ACK :${words}`);
    }
    if (verb === 'END') this.#isNegotiating = false;
  }

  #name(nick: string): void {
    if (this.server.isTaken(nick)) this.say(`:s 433 * ${nick} :Nickname is already in use`);
    else this.nick = nick;
  }

  #welcome(): void {
    if (this.#isWelcome || this.#isNegotiating || this.nick === '' || this.#user === '') return;
    this.#isWelcome = true;
    this.say(`:s 001 ${this.nick} :Welcome ${this.mask}`);
    const tokens = ['CASEMAPPING=ascii', 'NICKLEN=30', ...(this.server.script.isupport ?? [])];
    this.say(`:s 005 ${this.nick} ${tokens.join(' ')} :are supported`);
    this.say(`:s 422 ${this.nick} :No MOTD`);
  }

  join(name: string): void {
    if (this.channels.has(name)) return;
    this.channels.add(name);
    this.server.tell(name, `:${this.mask} JOIN :${name}`);
    const others = this.server.clients.filter(({ channels }) => channels.has(name));
    const names = others.map(({ nick, mask }) => `@${this.caps.size > 0 ? mask : nick}`);
    this.say(`:s 353 ${this.nick} = ${name} :${names.join(' ')}`);
    this.say(`:s 366 ${this.nick} ${name} :End`);
    const { history } = this.server.script;
    if (!history || !this.caps.has('batch')) return;
    this.say(`:s BATCH +h chathistory ${name}`);
    for (const line of history) this.say(`@batch=h;${line.replace(/^@/, '')}`);
    this.say(':s BATCH -h');
  }

  #part(name: string): void {
    this.server.tell(name, `:${this.mask} PART ${name}`);
    this.channels.delete(name);
  }

  #say(command: string, [target = '', text, of = '']: readonly string[], tags: string): void {
    if (command === 'BATCH') this.#gather(target, of, tags);
    else if (this.#batch) this.#batch.lines.push(`${tags} ${text}`);
    else this.#speak(command, target, text, tags);
  }

  /** @see https://ircv3.net/specs/extensions/multiline */
  #gather(ref: string, target: string, tags: string): void {
    if (ref.startsWith('+')) this.#batch = { target, tags, lines: [] };
    if (ref.startsWith('+') || !this.#batch) return;
    const { lines, tags: own, target: to } = this.#batch;
    this.#batch = undefined;
    const about = (isEcho: boolean) =>
      [
        ...[`time=${new Date().toISOString()}`, `msgid=${this.server.nextId()}`],
        ...own
          .split(';')
          .filter((tag) => tag.startsWith('+') || (isEcho && tag.startsWith('label='))),
      ].join(';');
    for (const client of this.server.clients.filter(({ channels }) => channels.has(to))) {
      client.say(`@${about(client === this)} :${this.mask} BATCH +x draft/multiline ${to}`);
      for (const line of lines) {
        const [, tag = '', text = ''] = /^(\S*) (.*)$/.exec(line) ?? [];
        const concat = tag.includes('concat') ? ';draft/multiline-concat' : '';
        client.say(`@batch=x${concat} :${this.mask} PRIVMSG ${to} :${text}`);
      }
      client.say(':s BATCH -x');
    }
  }

  #speak(command: string, target: string, text: string | undefined, tags: string): void {
    const label = /(?:^|;)label=([^;]*)/.exec(tags)?.[1];
    const own = tags.split(';').filter((tag) => tag.startsWith('+'));
    const time = new Date().toISOString();
    const about = [`time=${time}`, `msgid=${this.server.nextId()}`, ...own];
    const words = text === undefined ? '' : ` :${text}`;
    const line = `:${this.mask} ${command} ${target}${words}`;
    const to = (client: ScriptedClient, more: readonly string[] = []) =>
      client.say(client.caps.size > 0 ? `@${[...about, ...more].join(';')} ${line}` : line);
    for (const client of this.server.clients)
      if (client !== this && (client.channels.has(target) || client.nick === target)) to(client);
    if (this.caps.has('echo-message')) to(this, label === undefined ? [] : [`label=${label}`]);
  }
}
