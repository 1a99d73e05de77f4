import { setTimeout as sleep } from 'node:timers/promises';
import {
  BridgeError,
  type ChatInfo,
  type ChatView,
  type Found,
  type MediaRef,
  type Network,
  type NetworkCommand,
  type NetworkSession,
  type RemoteUserId,
  type Served,
  type UserInfo,
  type Voice,
} from '#adapter';
import { suites } from '#gia';
import { accountIn } from './account.ts';
import { commandsOf } from './commands.ts';
import { talkOf } from './conversations.ts';
import { earOf } from './ear.ts';
import { enlist } from './enlist.ts';
import { failureOf, orFailure } from './failures.ts';
import { fetchFile } from './fetch-file.ts';
import { userIdOf } from './ids.ts';
import { type Ear, listen } from './listen.ts';
import { serveFile } from './offer-file.ts';
import { Progress } from './progress.ts';
import { securityOf } from './security.ts';
import type { Site } from './site.ts';
import { Told } from './told.ts';
import { speak } from './voice.ts';

/** One provider's connection to one gatekeeper: a stream for all, and whoever speaks. */
export class Gateway implements Network {
  readonly commands: readonly NetworkCommand[];
  readonly #site: Site;
  readonly #told = new Told();
  readonly #progress = new Progress();
  readonly #closing = new AbortController();
  readonly #listening: Promise<void>;
  /** Why it does not stand. Absent: it does. */
  #failedAs: string | undefined;

  constructor(site: Site) {
    this.#site = site;
    this.commands = commandsOf(site);
    const signal = AbortSignal.any([this.#closing.signal, site.host.signal]);
    const parts = { site, told: this.#told, progress: this.#progress, signal };
    const ear = earOf({ ...parts, standing: (failure) => this.#stands(failure) });
    this.#listening = this.#listen(ear, signal).catch(() => {});
  }

  /** What the gatekeeper refuses, as when it has suspended us, it may take again later. What cannot be stored ends it. */
  async #listen(ear: Ear, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await listen(this.#site, ear, signal);
      } catch (error) {
        signal.throwIfAborted();
        this.#stands(error);
        if (!(error instanceof BridgeError)) return;
      }
      await sleep(this.#site.refusedMs, undefined, { signal });
    }
  }

  /** The same again is no news. */
  #stands(failure: unknown): void {
    const { host } = this.#site;
    if (failure === undefined) {
      if (this.#failedAs !== undefined) host.report({ is: 'ready' });
      this.#failedAs = undefined;
      return;
    }
    const error = bridgeError(failure);
    if (this.#failedAs !== error.message) host.report({ is: 'failed', error });
    this.#failedAs = error.message;
  }

  /** Each chat is heard anyway. Who reads it is said where it begins to be bridged. */
  async watch({ chat, receiver }: ChatView, _: unknown, signal: AbortSignal): Promise<void> {
    const { host } = this.#site;
    const voice = receiver && (await host.voice(receiver));
    if (!voice) return;
    const { conversation } = await this.#talk(voice, chat, signal);
    await host.emit(securityOf(conversation, voice.id, 'beginning'));
  }

  async session(voice: Voice, signal: AbortSignal): Promise<NetworkSession> {
    const account = await orFailure(enlist(this.#site, voice, signal));
    const parts = { told: this.#told, progress: this.#progress, closing: this.#closing.signal };
    return speak({ site: this.#site, voice, account, ...parts });
  }

  async forget({ state }: Voice, signal: AbortSignal): Promise<void> {
    const { host, gatekeeper } = this.#site;
    const { ref } = await accountIn(state, suites['mls10/1'].newDeviceKeys);
    if (ref === undefined) return;
    await orFailure(
      gatekeeper.call('deleteUser', { params: { user_ref: ref }, user: ref, signal }),
    );
    await host.state.save([host.state.change(`ref/${ref}`, null)]);
  }

  async user(id: RemoteUserId, signal: AbortSignal): Promise<UserInfo> {
    const call = { params: { user_ref: id }, signal };
    const { profile } = await orFailure(this.#site.gatekeeper.call('getUser', call));
    return { name: profile.name };
  }

  async chat({ chat, receiver }: ChatView, signal: AbortSignal): Promise<ChatInfo> {
    const voice = receiver && (await this.#site.host.voice(receiver));
    if (!voice) throw new BridgeError('not_allowed', 'nobody is there', { effect: 'none' });
    const { conversation, ref } = await this.#talk(voice, chat, signal);
    const others = conversation.participants.filter(({ user_ref }) => user_ref !== ref);
    return { kind: 'direct', members: others.map(({ user_ref }) => userIdOf(user_ref)) };
  }

  openMedia(ref: MediaRef, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return fetchFile(this.#site, ref, AbortSignal.any([signal, this.#closing.signal]));
  }

  async serve(path: string): Promise<Served | undefined> {
    return serveFile(this.#site, path);
  }

  /** By the whole visible id. It is asked for one of ours: who is not to be found by them is found by nobody. */
  async resolve(name: string, signal: AbortSignal): Promise<Found | undefined> {
    const asker = await this.#anybody();
    if (asker === undefined) return undefined;
    const { results } = await orFailure(
      this.#site.gatekeeper.call('lookup', {
        ...{ user: asker, signal },
        body: { identifiers: [name] },
      }),
    );
    const ref = results[0]?.user_ref;
    return ref === undefined ? undefined : { user: userIdOf(ref) };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listening;
    await this.#site.gatekeeper.close();
  }

  async #talk({ state }: Voice, conv: string, signal: AbortSignal) {
    const { ref = '' } = await accountIn(state, suites['mls10/1'].newDeviceKeys);
    const { conversation } = await orFailure(talkOf(this.#site, state, { conv, ref, signal }));
    return { conversation, ref };
  }

  async #anybody(): Promise<string | undefined> {
    for await (const [key] of this.#site.host.state.list('ref/')) return key.slice('ref/'.length);
    return undefined;
  }
}

function bridgeError(cause: unknown): BridgeError {
  const failure = failureOf(cause);
  if (failure instanceof BridgeError) return failure;
  return new BridgeError('protocol', String(cause), { effect: 'none', cause });
}
