import type { MediaRef, RemoteUserId, VoiceId } from './remote-ids.ts';

/** A file that a message carries. Plain data, as it is journalled: its bytes are opened when needed. */
export interface Media {
  readonly ref: MediaRef;
  readonly as: 'image' | 'video' | 'audio' | 'file';
  readonly mimeType: string;
  readonly name?: string;
  /** Absent where the sending side does not say. */
  readonly sizeBytes?: number;
}

/** A stretch of a text, in the units of `String.length`. */
export interface Stretch {
  readonly start: number;
  /** The first that is not in it. */
  readonly end: number;
}

/** Where a text names somebody: somebody of the network, or a voice of ours. */
export type Mention = Stretch & ({ readonly user: RemoteUserId } | { readonly voice: VoiceId });

/** What a message says, before either side's formatting is applied. */
export interface MessageBody {
  readonly text: string;
  /**
   * HTML as Matrix permits it: the core lets nothing else through, on neither way. Absent when the
   * text says everything.
   */
  readonly html?: string;
  /**
   * Who is named in `text`, and where. In order, none in another. To a network: put there what it calls
   * them. From one: it becomes a mention, which the HTML shows where it says the same as the text.
   */
  readonly mentions?: readonly Mention[];
  /** `emote`: what somebody does. `notice`: said by a machine. Absent: plain speech. */
  readonly as?: 'emote' | 'notice';
  /** In order. The text is their caption. */
  readonly media?: readonly Media[];
}
