import type { LinkQuestion } from '../adapter/link-question.ts';
import type { Network } from '../adapter/network.ts';
import type { Context } from '../engine/context.ts';
import { withDeadline } from '../engine/deadline.ts';
import { pause } from '../engine/pause.ts';
import type { Speakers } from '../engine/speakers.ts';
import type { MatrixEventId } from '../model/matrix-ids.ts';
import type { RemoteChatId } from '../model/remote-ids.ts';
import type { MatrixEvent } from '../ports/matrix.ts';
import { tokenBucket } from '../util/token-bucket.ts';
import { type Answer, inWords } from './answer.ts';

const MINUTES = 5;
const FOR_MS = MINUTES * 60_000;
/** The messages of the room wait until the question is put. */
const PUT = { deadlineMs: 20_000, effect: 'none' } as const;
/** For each chat and each asker: whoever is asked did not ask for it. */
const LIMIT = { burst: 3, perSecond: 1 / 600, maxKeys: 10_000 };

type SayLater = (event: MatrixEvent<'message'>, answer: Answer) => Promise<void>;

/** The command, as far as it matters here. */
interface Call {
  readonly context: Context;
  readonly speakers: Speakers;
  readonly event: MatrixEvent<'message'>;
  /** Aborts when the bridge stops. */
  readonly signal: AbortSignal;
}

interface Wanted {
  readonly network: string;
  readonly chat: RemoteChatId;
  /** Who is to be asked. Absent: anybody there who may say. */
  readonly whom: string | undefined;
  /** How the network is asked. */
  readonly ask: NonNullable<Network['askToLink']>;
  /** Somebody who may has said yes. @returns what the asker is told then. */
  agreed(): Promise<string>;
}

/**
 * Questions to people of networks whether a room may be linked to their chat, one for each chat at a time.
 *
 * In memory: what has no answer before a stop is void, of which the asker is warned.
 */
export class LinkQuestions {
  readonly #sayLater: SayLater;
  readonly #open = new Map<string, { event: MatrixEventId; words: Promise<string> }>();
  readonly #limits = { chats: tokenBucket(LIMIT), askers: tokenBucket(LIMIT) };

  constructor(sayLater: SayLater) {
    this.#sayLater = sayLater;
  }

  /** @returns what the asker is told for now, the same when they are told it again. @throws {BridgeError} */
  async put(call: Call, wanted: Wanted): Promise<string> {
    const key = JSON.stringify([wanted.network, wanted.chat]);
    const before = this.#open.get(key);
    if (before?.event === call.event.id) return before.words;
    if (before) return `Somebody is being asked about ${wanted.chat} already: try again later.`;
    if (this.#isTooOften(call, key))
      return 'Too much was asked of people there lately: try again in ten minutes.';
    const ended = new AbortController();
    const end = () => {
      ended.abort();
      this.#open.delete(key);
    };
    const open = AbortSignal.any([ended.signal, call.signal]);
    const words = this.#putNow(call, wanted, open, end);
    this.#open.set(key, { event: call.event.id, words });
    words.catch(end);
    return words;
  }

  #isTooOften({ context, event }: Call, chat: string): boolean {
    const now = context.clock.now();
    return (
      this.#limits.askers.take(event.sender, now) > 0 || this.#limits.chats.take(chat, now) > 0
    );
  }

  async #putNow(call: Call, wanted: Wanted, open: AbortSignal, end: () => void): Promise<string> {
    const question = await ask(call, wanted, open);
    void this.#follow(call, wanted, question, open).finally(end);
    return `${question.whom} was asked whether ${wanted.chat} may be bridged to this room, and has ${MINUTES} minutes to answer. If I am restarted meanwhile, ask again.`;
  }

  async #follow(call: Call, wanted: Wanted, { whom, answer }: LinkQuestion, open: AbortSignal) {
    const { context, event, signal } = call;
    const word = await Promise.race([
      answer,
      pause(context.clock, FOR_MS, open).then(() => undefined),
    ]);
    if (signal.aborted) return;
    const told =
      word === 'yes'
        ? `${whom} says yes. ${await wanted.agreed().catch((error) => notNow(call, error))}`
        : notLinked(wanted.chat, whom, word);
    await this.#sayLater(event, told);
  }
}

async function ask(
  call: Call,
  { chat, whom, ask }: Wanted,
  open: AbortSignal,
): Promise<LinkQuestion> {
  const { context, speakers, event } = call;
  const asker = await speakers.of(event.roomId, event.sender);
  const { text: name } = await context.matrix.title(event.roomId, 'name');
  const wish = {
    ...{ chat, asker, forMs: FOR_MS },
    room: { id: event.roomId, ...(name !== '' && { name }) },
    ...(whom !== undefined && { whom }),
  };
  return withDeadline(context.clock, PUT, (late) => ask(wish, AbortSignal.any([late, open])));
}

function notLinked(
  chat: RemoteChatId,
  whom: string,
  word: 'no' | 'not-theirs' | undefined,
): string {
  if (word === 'no') return `${whom} says no: ${chat} is not bridged to this room.`;
  if (word === 'not-theirs')
    return `${whom} says yes, but may not decide that about ${chat}: nothing was bridged.`;
  return `${whom} has not answered within ${MINUTES} minutes: nothing was bridged. You may ask again.`;
}

/** Said yes, and nobody tries it again by themselves. */
function notNow({ context }: Call, error: unknown): string {
  context.log('warn', 'A chat could not be linked though its people agreed', {
    error: String(error),
  });
  try {
    return inWords(error);
  } catch {
    return 'But it cannot be done now: ask again later.';
  }
}
