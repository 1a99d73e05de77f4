/** What the process with the adapter is asked to do. Each is answered under its number. */
export type Order =
  | { readonly do: 'open'; readonly port: number }
  /** The bot goes into these. */
  | { readonly do: 'watch'; readonly channels: readonly string[] }
  /** A voice connects and joins. */
  | { readonly do: 'enlist'; readonly name: string; readonly channel: string }
  /** Resolves once each line is confirmed. */
  | {
      readonly do: 'say';
      readonly name: string;
      readonly channel: string;
      readonly lines: readonly string[];
    }
  | { readonly do: 'weigh' }
  | { readonly do: 'close' };

export interface Asked {
  readonly number: number;
  readonly order: Order;
}

export type Told =
  | { readonly number: number; readonly bytes?: number; readonly error?: string }
  /** Something was said on IRC, and this is when the core had it. */
  | { readonly heard: string; readonly atMs: number };

/** The same clock in every process of this machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now();
