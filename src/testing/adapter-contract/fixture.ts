import type { NetworkAdapter, Voice } from '../../adapter/index.ts';

/**
 * What a test provides so that the contract can be checked against its adapter: a network of its
 * own for each promise, told and watched by somebody else than the adapter.
 *
 * Whatever is optional a poor network, or a poor fake of one, may not be able to do: the promises
 * that need it are then reported as skipped.
 */
export interface AdapterFixture {
  readonly adapter: NetworkAdapter;
  /** As an operator would write it. Absent: `{}`. */
  readonly config?: unknown;
  /** Which of the adapter's voices is to be checked. Absent: the first. */
  readonly voice?: Voice['kind'];
  /** The answers to the first login flow, for the voice `login`. */
  readonly login?: Readonly<Record<string, string>>;
  /** A chat that the voice can speak in, once it has joined. Nothing was said there yet. */
  readonly chat: string;
  /** A chat that does not exist and does not come to be by speaking there. */
  readonly unknownChat?: string;

  /** What the network holds to have been said in `chat`, in order, whoever said it. */
  said(): Promise<readonly string[]>;
  stop(): Promise<void>;

  /** Somebody else says something in `chat`, with a client of their own. */
  speak?(text: string): Promise<void>;
  /** What is said while the bridge is away is emitted when it is back. */
  readonly remembers?: true;
  /** Cuts every connection of the adapter. It may connect again. */
  cut?(): Promise<void>;
  /**
   * Every command that the network was given so far, one element each, as the network cut them: a
   * line, or a request. To see that nobody's words become a command.
   */
  commands?(): Promise<readonly string[]>;
  /** Ways for the sending of one message to go wrong. Each is tried on a network of its own. */
  readonly faults?: readonly AdapterFault[];
}

export interface AdapterFault {
  /** For the report: `the answer is lost`. */
  readonly name: string;
  /** From here on it goes wrong. The contract gives `send` up after a while, if need be. */
  begin(): Promise<void>;
  /** From here on it works again. */
  end(): Promise<void>;
}
