import { renderUnicodeCompact } from 'uqr';
import { BridgeError } from '../adapter/errors.ts';
import type { LoginField, LoginFlow, LoginStep } from '../adapter/login.ts';
import type { LoginWalk } from '../engine/login-walk.ts';
import type { Logins } from '../engine/logins.ts';
import type { NetworkOptions } from '../engine/options.ts';
import type { MatrixEvent } from '../ports/matrix.ts';
import { escapeHtml } from '../util/escape.ts';
import { type Answer, inWords } from './answer.ts';

/** What was asked and not answered for so long is no longer waited for. */
const PATIENCE_MS = 10 * 60_000;

interface Dialog {
  readonly walk: LoginWalk;
  readonly network: NetworkOptions;
  readonly values: Record<string, string>;
  lastMs: number;
}

export interface DialogTools {
  readonly logins: Pick<Logins, 'begin'>;
  readonly now: () => number;
  /** Takes a message with a secret out of the room. @returns whether the bot may. */
  readonly erase: (event: MatrixEvent<'message'>) => Promise<boolean>;
  /** Says what comes of its own accord, later. */
  readonly sayLater: (event: MatrixEvent<'message'>, answer: Answer) => Promise<void>;
}

/**
 * Logins that people walk in a chat with the bot: it asks, and their next message is the answer.
 *
 * In memory, as a login that is not done is gone after a restart; whoever answers then is told.
 */
export class LoginDialogs {
  readonly #tools: DialogTools;
  readonly #dialogs = new Map<string, Dialog>();

  constructor(tools: DialogTools) {
    this.#tools = tools;
  }

  /** @returns what the bot says first. Rejects as `Logins.begin` does. */
  async begin(event: MatrixEvent<'message'>, network: NetworkOptions, flow: LoginFlow) {
    this.cancel(event);
    const walk = await this.#tools.logins.begin(network.id, event, flow);
    const dialog = { walk, network, values: {}, lastMs: this.#tools.now() };
    this.#dialogs.set(keyOf(event), dialog);
    return this.#prompt(event, dialog);
  }

  /** @returns what the bot says to an answer. `undefined`: nothing was asked, so it is none. */
  async answer(event: MatrixEvent<'message'>): Promise<Answer | undefined> {
    const dialog = this.#underWay(event);
    const field = dialog && nextField(dialog);
    if (!field) return undefined;
    const remark =
      field.type === 'secret' && !(await this.#tools.erase(event))
        ? 'I may not delete your message here: please delete it yourself.\n'
        : '';
    dialog.lastMs = this.#tools.now();
    dialog.values[field.id] = event.body.text.trim();
    const next = await this.#proceed(event, dialog);
    return typeof next === 'string' ? remark + next : next;
  }

  /** @returns whether there was anything to give up. */
  cancel(event: MatrixEvent): boolean {
    const dialog = this.#underWay(event);
    dialog?.walk.giveUp();
    return this.#dialogs.delete(keyOf(event)) && dialog !== undefined;
  }

  #underWay(event: MatrixEvent): Dialog | undefined {
    const dialog = this.#dialogs.get(keyOf(event));
    if (!dialog) return undefined;
    const isStale =
      dialog.walk.step.kind === 'ask' && this.#tools.now() - dialog.lastMs > PATIENCE_MS;
    if (!isStale) return dialog;
    this.#dialogs.delete(keyOf(event));
    return undefined;
  }

  /** The next question, or the step that comes after the last one. */
  async #proceed(event: MatrixEvent<'message'>, dialog: Dialog): Promise<Answer> {
    if (nextField(dialog)) return this.#prompt(event, dialog);
    return this.#step(event, dialog, () => dialog.walk.submit(dialog.values));
  }

  async #step(
    event: MatrixEvent<'message'>,
    dialog: Dialog,
    take: () => Promise<void>,
  ): Promise<Answer> {
    try {
      await take();
      for (const id of Object.keys(dialog.values)) delete dialog.values[id];
      return await this.#prompt(event, dialog);
    } catch (error) {
      this.#end(event, dialog);
      return `${refusal(error, dialog.network)}\nSay “${dialog.network.command} login” to begin again.`;
    }
  }

  async #prompt(event: MatrixEvent<'message'>, dialog: Dialog): Promise<Answer> {
    const { walk, network } = dialog;
    const { step } = walk;
    if (step.kind === 'done') {
      this.#end(event, dialog);
      return `You are logged in to ${network.displayName} as ${step.self}.`;
    }
    if (step.kind === 'show') {
      void this.#later(event, dialog);
      return shown(step, network);
    }
    const field = nextField(dialog);
    return field ? question(field, network) : this.#proceed(event, dialog);
  }

  async #later(event: MatrixEvent<'message'>, dialog: Dialog): Promise<void> {
    const answer = await this.#step(event, dialog, () => dialog.walk.wait());
    if (!dialog.walk.isGivenUp) await this.#tools.sayLater(event, answer);
  }

  /** Unless another has been begun in its place. */
  #end(event: MatrixEvent, dialog: Dialog): void {
    if (this.#dialogs.get(keyOf(event)) === dialog) this.#dialogs.delete(keyOf(event));
  }
}

/** What a network does not take is nobody's fault but a wrong word's. */
const refusal = (error: unknown, { displayName }: NetworkOptions): string =>
  error instanceof BridgeError && (error.code === 'logged_out' || error.code === 'not_allowed')
    ? `${displayName} did not accept this${error.words === undefined ? '' : `: ${error.words}`}.`
    : inWords(error);

const keyOf = ({ roomId, sender }: MatrixEvent): string => `${roomId} ${sender}`;

/** The first field that has no value yet. */
function nextField({ walk, values }: Dialog): LoginField | undefined {
  const { step } = walk;
  return step.kind === 'ask' ? step.fields.find(({ id }) => !Object.hasOwn(values, id)) : undefined;
}

function question({ name, type }: LoginField, { command }: NetworkOptions): string {
  const remark = type === 'secret' ? ' It is deleted here once I have read it.' : '';
  return `${name}? Say it as your next message, or “${command} cancel”.${remark}`;
}

function shown(
  { as, data }: Extract<LoginStep, { kind: 'show' }>,
  { displayName }: NetworkOptions,
): Answer {
  if (as === 'link') return `Open this link to log in to ${displayName}: ${data}`;
  if (as === 'code') return `Enter this code on ${displayName}: ${data}`;
  const text = `Scan this with ${displayName} on your phone:`;
  return {
    text: `${text}\n${renderUnicodeCompact(data)}`,
    html: `${escapeHtml(text)}<pre><code>${renderUnicodeCompact(data)}</code></pre>`,
  };
}
