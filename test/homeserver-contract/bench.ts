import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import {
  type Answer,
  type Client,
  person,
  publicRoom,
} from '../src/testing/dev-homeserver/support/api.ts';
import {
  ghost,
  registration,
  type StubAppservice,
  startStubAppservice,
} from '../src/testing/dev-homeserver/support/stub-appservice.ts';

/** A homeserver that the contract is run on. Its users are of `hs.test`. */
export interface ContractHomeserver {
  readonly url: string;
  /** How long it waits after the first time that an appservice failed. */
  readonly firstPauseMs: number;
  /** Has somebody ask too much of it, and gives what they are answered then. */
  askTooMuch(who: Client): Promise<Answer>;
  /** Stops it as an operator does, and starts it again on the same data, at the same address. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a homeserver with these registrations, each the text of a YAML file. */
export type StartHomeserver = (registrations: readonly string[]) => Promise<ContractHomeserver>;

/** What the clauses share: one homeserver, some people, and appservices that do as they are told. */
export interface Bench {
  readonly url: string;
  readonly firstPauseMs: number;
  readonly alice: Client;
  readonly bob: Client;
  /** Two users of the appservice `x`. */
  readonly one: Client;
  readonly two: Client;
  /** A public room that Alice made, with all of them in it. */
  readonly room: string;
  /** Takes whatever comes, unless a clause says otherwise. */
  readonly x: StubAppservice;
  /** Another one, for clauses about delivery, with one user in a room of Alice's. */
  readonly slow: StubAppservice;
  readonly listener: Client;
  readonly quiet: string;
  /** Somebody new. */
  person(): Promise<Client>;
  ghost(id?: 'x' | 'slow'): Promise<Client>;
  /** A name that was not given yet. */
  name(): string;
  restart(): Promise<void>;
  /** What Alice is answered who has asked too much. */
  askTooMuch(): Promise<Answer>;
}

/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:9';

/** Gives the bench, within a test. */
export type Open = () => Bench;

/** A bench for all clauses of a run. */
export function openBench(start: StartHomeserver): Open {
  let homeserver: ContractHomeserver | undefined;
  let bench: Bench | undefined;
  const stubs: StubAppservice[] = [];

  beforeAll(async () => {
    for (let count = 0; count < 2; count += 1) stubs.push(await startStubAppservice());
    const [x, slow] = stubs as [StubAppservice, StubAppservice];
    homeserver = await start([
      registration(x.url),
      registration(slow.url, 'slow'),
      registration(nowhere, 'away'),
      registration(null, 'deaf'),
    ]);
    bench = await furnish(homeserver, x, slow);
  });
  afterEach(() => {
    for (const stub of stubs) stub.answer = async () => [200, '{}'];
  });
  afterAll(async () => {
    await homeserver?.close();
    for (const stub of stubs) await stub.close();
  });
  return () => {
    if (bench === undefined) throw new Error('The bench is there within a test only');
    return bench;
  };
}

async function furnish(
  homeserver: ContractHomeserver,
  x: StubAppservice,
  slow: StubAppservice,
): Promise<Bench> {
  const { url, firstPauseMs } = homeserver;
  let names = 0;
  const name = () => {
    names += 1;
    return `n${names}`;
  };
  const people = {
    alice: await person(homeserver, 'alice'),
    bob: await person(homeserver, 'bob'),
    one: await ghost(url, '_x_one'),
    two: await ghost(url, '_x_two'),
    listener: await ghost(url, '_slow_listener', 'slow'),
  };
  const { alice, bob, one, two, listener } = people;
  return {
    url,
    firstPauseMs,
    ...people,
    room: await publicRoom(alice, bob, one, two),
    quiet: await publicRoom(alice, listener),
    x,
    slow,
    name,
    person: () => person(homeserver, name()),
    ghost: (id = 'x') => ghost(url, `_${id}_${name()}`, id),
    askTooMuch: () => homeserver.askTooMuch(alice),
    restart: async () => {
      await homeserver.restart();
      // Connections from before may break at their next request only.
      await until(() => fetch(`${url}/_matrix/client/versions`));
    },
  };
}

/** Waits for what a homeserver does in its own time. */
export const until = <T>(check: () => T | Promise<T>, everyMs = 10): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000, interval: everyMs });

/** How a homeserver refused: `403 M_FORBIDDEN`; `200` where it did not. */
export const verdict = async (
  answer: Promise<{ readonly status: number; readonly body: { readonly errcode?: string } }>,
): Promise<string> => {
  const { status, body } = await answer;
  return body.errcode === undefined ? String(status) : `${status} ${body.errcode}`;
};
