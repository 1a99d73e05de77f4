import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Board, Side, SideName } from './sides/board.ts';
import { countVerdict, isFlawless, type Verdict } from './verdict.ts';

/** How the demonstration stands. `remote` and `matrix` say towards which side. */
export type DemonstrationView =
  | { readonly is: 'idle' }
  | {
      readonly is: 'running';
      readonly step: 'starting' | 'sending' | 'killed' | 'waiting' | 'settling';
      readonly each: number;
      readonly sent: Readonly<Record<SideName, number>>;
      readonly arrived: Readonly<Record<SideName, number>>;
    }
  | {
      readonly is: 'done';
      readonly remote: Verdict;
      readonly matrix: Verdict;
      readonly isFlawless: boolean;
      /** Of how many lost ones the sender was told. */
      readonly told: number;
      readonly tookMs: number;
    }
  | { readonly is: 'failed'; readonly reason: string };

export interface DemonstrationOptions {
  readonly sides: Readonly<Record<SideName, Side>>;
  readonly bridge: { kill(): Promise<void>; start(): Promise<void> };
  readonly onChange: (view: DemonstrationView) => void;
  readonly each?: number;
  /** Between two messages of one side. */
  readonly paceMs?: number;
  /** Without a single arrival for so long, what is missing counts as lost. */
  readonly patienceMs?: number;
  /** After the last arrival, so that a late copy is seen too. */
  readonly settleMs?: number;
}

/** Sends on both sides, kills the bridge in mid-stream, starts it again, and counts. */
export class Demonstration {
  readonly #options: Required<DemonstrationOptions>;
  #view: DemonstrationView = { is: 'idle' };

  constructor(options: DemonstrationOptions) {
    this.#options = { each: 50, paceMs: 40, patienceMs: 45_000, settleMs: 1500, ...options };
    for (const side of [options.sides.matrix, options.sides.remote]) this.#count(side.board);
  }

  get view(): DemonstrationView {
    return this.#view;
  }

  #tag = '';
  #sent: Record<SideName, number> = { remote: 0, matrix: 0 };
  #arrived: Record<SideName, number> = { remote: 0, matrix: 0 };
  #progressed: () => void = () => undefined;

  /** Ends with a verdict, or with why there is none; it never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#view.is === 'running') return;
    const beganAtMs = Date.now();
    this.#tag = `run ${randomBytes(3).toString('hex')}`;
    this.#sent = { remote: 0, matrix: 0 };
    this.#arrived = { remote: 0, matrix: 0 };
    try {
      await this.#play(signal);
      this.#show(await this.#judge(Date.now() - beganAtMs));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#show({ is: 'failed', reason: `The demonstration broke off: ${reason}` });
    }
  }

  async #play(signal: AbortSignal): Promise<void> {
    const { bridge, sides, settleMs } = this.#options;
    this.#step('starting');
    await bridge.start();
    this.#step('sending');
    const sending = Promise.all([
      this.#send(sides.matrix, signal),
      this.#send(sides.remote, signal),
    ]);
    await Promise.race([sending, this.#until(() => this.#isHalf(), signal)]);
    await bridge.kill();
    this.#step('killed');
    await sending;
    this.#step('starting');
    await bridge.start();
    this.#step('waiting');
    await this.#untilArrived(signal);
    this.#step('settling');
    await wait(settleMs, undefined, { signal });
  }

  /** The people of a side take turns. Each message is confirmed before the next is sent. */
  async #send(side: Side, signal: AbortSignal): Promise<void> {
    const { each, paceMs } = this.#options;
    const towards = side.name === 'matrix' ? 'remote' : 'matrix';
    const speakers = side.board.people.filter(({ maySpeak }) => maySpeak);
    for (let number = 1; number <= each; number++) {
      const speaker = speakers[number % speakers.length];
      if (speaker === undefined) throw new Error(`Nobody can speak on ${side.name}`);
      await side.say(speaker.id, `${number} of ${each}, ${this.#tag}`);
      this.#sent[towards]++;
      this.#step();
      await wait(paceMs, undefined, { signal });
    }
  }

  #isHalf(): boolean {
    const half = this.#options.each / 2;
    return this.#sent.remote >= half && this.#sent.matrix >= half;
  }

  async #untilArrived(signal: AbortSignal): Promise<void> {
    const { each, patienceMs } = this.#options;
    const isAll = () => this.#arrived.remote >= each && this.#arrived.matrix >= each;
    while (!isAll()) {
      const before = this.#arrived.remote + this.#arrived.matrix;
      const late = AbortSignal.timeout(patienceMs);
      await this.#until(() => this.#arrived.remote + this.#arrived.matrix > before, late, signal);
      signal.throwIfAborted();
      if (late.aborted && this.#arrived.remote + this.#arrived.matrix === before) return;
    }
  }

  /** Resolves when it is so, or when one of the signals aborts. */
  async #until(isSo: () => boolean, ...signals: readonly AbortSignal[]): Promise<void> {
    const over = AbortSignal.any([...signals]);
    await new Promise<void>((resolve) => {
      const look = () => {
        if (isSo() || over.aborted) resolve();
      };
      this.#progressed = look;
      over.addEventListener('abort', look, { once: true });
      look();
    });
  }

  #count(board: Board): void {
    const towards = board === this.#options.sides.matrix.board ? 'matrix' : 'remote';
    board.watch({
      changed: (change) => {
        if (this.#view.is !== 'running' || change.kind !== 'said') return;
        if (!change.bridged || !change.text.endsWith(this.#tag)) return;
        this.#arrived[towards]++;
        this.#step();
      },
    });
  }

  /** Not by what was shown on the way, but by what the logs of both sides have now. */
  async #judge(tookMs: number): Promise<DemonstrationView> {
    const { matrix, remote } = this.#options.sides;
    const [matrixLog, remoteLog] = await Promise.all([matrix.readLog(), remote.readLog()]);
    const texts = (log: typeof matrixLog, bridged: boolean) =>
      log
        .filter((said) => said.bridged === bridged && said.text.endsWith(this.#tag))
        .map(({ text }) => text);
    const toRemote = countVerdict(texts(matrixLog, false), texts(remoteLog, true));
    const toMatrix = countVerdict(texts(remoteLog, false), texts(matrixLog, true));
    const told = matrix.board.lines.filter(
      ({ text, fate }) => text.endsWith(this.#tag) && (fate === 'failed' || fate === 'unknown'),
    ).length;
    const flawless = isFlawless(toRemote) && isFlawless(toMatrix);
    return { is: 'done', remote: toRemote, matrix: toMatrix, isFlawless: flawless, told, tookMs };
  }

  #step(step?: (DemonstrationView & { is: 'running' })['step']): void {
    const now = step ?? (this.#view.is === 'running' ? this.#view.step : 'sending');
    const { each } = this.#options;
    const [sent, arrived] = [{ ...this.#sent }, { ...this.#arrived }];
    this.#show({ is: 'running', step: now, each, sent, arrived });
    this.#progressed();
  }

  #show(view: DemonstrationView): void {
    this.#view = view;
    this.#options.onChange(view);
  }
}
