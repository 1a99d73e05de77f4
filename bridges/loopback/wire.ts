import { BridgeError } from '#adapter';

/** What the network says of one thing that happened. */
export type Item = {
  readonly seq: number;
  readonly atMs: number;
  /** Done by us, not by a person's own hand: for which voice of ours. */
  readonly by?: string;
  /** Of a private chat: which voices of ours are in it. */
  readonly for?: readonly string[];
} & (
  | { readonly type: 'profile'; readonly user: string }
  | {
      readonly type: 'chat';
      readonly chat: string;
      /** Absent: it began with somebody's joining it. */
      readonly sender?: string;
      readonly name?: string;
      readonly topic?: string;
    }
  | (Done & { readonly type: 'message'; readonly id: string; readonly replyTo?: string } & Words & {
        readonly echoOf?: string;
      })
  | (Done & { readonly type: 'edit'; readonly target: string } & Words)
  | (Done & { readonly type: 'removal'; readonly target: string })
  | (Done & {
      readonly type: 'reaction';
      readonly target: string;
      readonly emoji: string;
      readonly removed: boolean;
    })
  | (Done & {
      readonly type: 'member';
      readonly who: string;
      /** The voices of ours that `who` is. */
      readonly whoFor?: readonly string[];
      readonly is: 'in' | 'out' | 'invited' | 'banned' | 'unbanned';
      readonly reason?: string;
    })
);

interface Done {
  readonly chat: string;
  readonly sender: string;
}

export interface Words {
  readonly text: string;
  readonly html?: string;
  readonly style?: 'emote' | 'notice';
}

export interface Page {
  readonly events: readonly Item[];
  readonly hints: readonly (Pick<Item, 'by' | 'for'> & {
    readonly chat: string;
    readonly user: string;
  } & ({ readonly forMs: number } | { readonly upTo: string }))[];
  readonly next: number;
}

export interface Me {
  readonly id: string;
  /** The number of the newest thing that happened. */
  readonly end: number;
  /** The most that a text may have in UTF-8. Absent: it may be long. */
  readonly maxLineBytes?: number;
}

/** An account that we act for, and what we ask with as it. */
export interface Client {
  readonly id: string;
  readonly token: string;
}

export interface UserFacts {
  readonly id: string;
  readonly displayName: string;
  readonly kind: 'person' | 'enlisted' | 'bot';
}

export interface ChatFacts {
  readonly kind: 'direct' | 'group';
  readonly name?: string;
  readonly topic?: string;
  readonly members: readonly { readonly id: string; readonly ours?: true }[];
}

/** Neither: nobody is meant. */
export interface FoundFacts {
  readonly chat?: string;
  readonly user?: string;
}

export interface HistoryFacts {
  readonly events: readonly Item[];
  readonly before?: number;
}

/** Asks the network, as whoever the token is for. @throws {BridgeError} that tells what came of it. */
export type Ask = <Answer>(what: string, signal: AbortSignal, body?: unknown) => Promise<Answer>;

export const askAs =
  (url: string, token: string): Ask =>
  async <Answer>(what: string, signal: AbortSignal, body?: unknown) => {
    const [method = 'GET', path = '/'] = what.split(' ');
    if (signal.aborted) throw new BridgeError('unreachable', 'given up', { effect: 'none' });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = { method, headers, signal, body: JSON.stringify(body) };
    try {
      const response = await fetch(new URL(path, url), init);
      const answer: unknown = await response.json();
      if (response.ok) return answer as Answer;
      throw refusal(what, response.status, answer as Refusal);
    } catch (error) {
      throw error instanceof BridgeError ? error : noAnswer(what, error);
    }
  };

interface Refusal {
  readonly message?: string;
  readonly retryAfterMs?: number;
}

const codes: Readonly<Record<number, BridgeError['code']>> = {
  401: 'logged_out',
  403: 'not_allowed',
  413: 'too_large',
  429: 'rate_limited',
};

/** A clear no had no effect. A server that fell over may have done it before it fell. */
function refusal(what: string, status: number, body: Refusal): BridgeError {
  const said = `${what}: ${status} ${body.message}`;
  if (status >= 500) return new BridgeError('unreachable', said, { effect: 'unknown' });
  const { retryAfterMs } = body;
  return new BridgeError(codes[status] ?? 'protocol', said, {
    effect: 'none',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

const neverLeft = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

function noAnswer(what: string, error: unknown): BridgeError {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const hasLeft = !neverLeft.has((cause as NodeJS.ErrnoException).code ?? '');
  const effect = hasLeft ? 'unknown' : 'none';
  return new BridgeError('unreachable', `${what}: ${cause}`, { effect, cause: error });
}
