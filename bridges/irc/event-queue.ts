import type { RemoteEvent, StateChange } from '#adapter';

type Emit = (events: readonly RemoteEvent[], save: readonly StateChange[]) => Promise<void>;

/** Where a reader is told to hold on. */
export interface Pressure {
  full(): void;
  drained(): void;
  /** The core's storage is broken: stop. */
  broken(error: unknown): void;
}

const FULL = 1_000;
const DRAINED = 200;

/** Events of one connection on their way to the core: in order, each batch awaited, those that came meanwhile in the next. */
export class EventQueue {
  private readonly emit: Emit;
  private readonly pressure: Pressure;
  private events: RemoteEvent[] = [];
  private save: StateChange[] = [];
  private running: Promise<void> | undefined;
  private isFull = false;
  private isBroken = false;

  constructor(emit: Emit, pressure: Pressure) {
    this.emit = emit;
    this.pressure = pressure;
  }

  push(events: readonly RemoteEvent[], save: readonly StateChange[] = []): void {
    if (this.isBroken || events.length + save.length === 0) return;
    this.events.push(...events);
    this.save.push(...save);
    if (this.events.length > FULL && !this.isFull) {
      this.isFull = true;
      this.pressure.full();
    }
    this.running ??= this.run();
  }

  /** Resolves once everything that was pushed before is on disk. */
  async settled(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.events.length + this.save.length > 0) {
        const [events, save] = [this.events, this.save];
        [this.events, this.save] = [[], []];
        await this.emit(events, save);
        this.relax();
      }
    } catch (error) {
      this.isBroken = true;
      this.pressure.broken(error);
    } finally {
      this.running = undefined;
    }
  }

  private relax(): void {
    if (!this.isFull || this.events.length > DRAINED) return;
    this.isFull = false;
    this.pressure.drained();
  }
}
