import type { MediaRef } from './remote-ids.ts';

/** A file that a message carries. Plain data, as it is journalled: its bytes are opened when needed. */
export interface Media {
  readonly ref: MediaRef;
  readonly as: 'image' | 'video' | 'audio' | 'file';
  readonly mimeType: string;
  readonly name?: string;
  /** Absent where the sending side does not say. */
  readonly sizeBytes?: number;
}

/** What a message says, before either side's formatting is applied. */
export interface MessageBody {
  readonly text: string;
  /**
   * HTML as Matrix permits it: the core lets nothing else through, on neither way. Absent when the
   * text says everything.
   */
  readonly html?: string;
  /** `emote`: what somebody does. `notice`: said by a machine. Absent: plain speech. */
  readonly as?: 'emote' | 'notice';
  /** In order. The text is their caption. */
  readonly media?: readonly Media[];
}
