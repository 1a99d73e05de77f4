import type { ServerResponse } from 'node:http';
import { httpServer, listen } from './http-server.ts';
import { type FaultInput, Faults } from './misbehave.ts';
import { LoopbackState } from './network.ts';
import type { Certainty, LogEntry, LogEntryOf } from './record.ts';

export { readLoopbackLog } from './disk-log.ts';
export type { FaultInput as LoopbackFault } from './misbehave.ts';
export { type LoopbackPerson, loopbackPerson } from './person.ts';
export type {
  Certainty as LoopbackCertainty,
  LogEntry as LoopbackLogEntry,
  LogEntryOf as LoopbackLogEntryOf,
} from './record.ts';

export interface LoopbackOptions {
  /** 0 or absent: any free one. */
  readonly port?: number;
  readonly host?: string;
  /** Where its log lies, replayed at the start. Absent: in memory only. */
  readonly dir?: string;
  readonly certainty: Certainty;
  /** The token of the bot `bridge`, which is there from the start. */
  readonly botToken?: string;
  /** A text that is longer in UTF-8 is refused, as on networks of lines. Absent: any may be said. */
  readonly maxLineBytes?: number;
  /** The origin of a web page that may ask, for `access-control-allow-origin`. */
  readonly allowOrigin?: string;
}

/** A running network, and what a test may know and do behind the back of its clients. */
export interface LoopbackNetwork {
  readonly url: string;
  /** Everything that was ever accepted, in order. */
  log(): readonly LogEntry[];
  /** Every message that was accepted, of one chat or of all, in order. */
  messages(chat?: string): readonly LogEntryOf<'message'>[];
  /** Goes wrong on demand. @throws when there is no such fault. */
  misbehave(fault: FaultInput): void;
  /** Goes right again. */
  behave(): void;
  /** Cuts every connection that waits for an answer, and goes on. How many there were. */
  cut(): number;
  /** What it was asked, each as `METHOD /path?query` in the words of whoever asked. */
  requests(): readonly string[];
  /** Cuts every connection and ends. The log stays. */
  close(): Promise<void>;
}

export const defaultBotToken = 'loopback-bot';

/**
 * A small chat network over HTTP and JSON: a stand-in for the real ones, with a log that tells what
 * was really said. People and bridges use the same requests, and it can be told to go wrong.
 */
export async function startLoopbackNetwork(options: LoopbackOptions): Promise<LoopbackNetwork> {
  const state = new LoopbackState(options);
  const faults = new Faults();
  const server = httpServer({ state, faults, allowOrigin: options.allowOrigin });
  const requests: string[] = [];
  const waiting = new Set<ServerResponse>();
  server.on('request', ({ method, url }, response) => {
    requests.push(`${method} ${url}`);
    waiting.add(response.once('close', () => waiting.delete(response)));
  });
  makeBot(state, options.botToken ?? defaultBotToken);
  const url = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  return {
    url,
    log: () => state.entries(),
    messages: (chat) =>
      state
        .entries()
        .filter((entry) => entry.type === 'message')
        .filter((entry) => chat === undefined || entry.chat === chat),
    misbehave: (fault) => faults.add(fault),
    behave: () => faults.clear(),
    cut: () => {
      for (const response of waiting) response.destroy();
      return waiting.size;
    },
    requests: () => requests,
    close: async () => {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      state.close();
    },
  };
}

function makeBot(state: LoopbackState, token: string): void {
  const id = 'bridge';
  if (!state.world.accounts.has(id))
    state.commit({ type: 'account', id, kind: 'bot', displayName: 'Bridge' });
  if (!state.world.actor(token)) state.commit({ type: 'token', account: id, token, via: id });
}
