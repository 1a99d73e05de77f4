import type { RemoteChatId } from '../model/remote-ids.ts';
import type { Speaker } from './voice.ts';

/** Somebody of Matrix wants a room linked to a chat. */
export interface LinkWish {
  readonly chat: RemoteChatId;
  readonly asker: Speaker;
  /** What it is called people have chosen: it may hold anything, line breaks too. */
  readonly room: { readonly id: string; readonly name?: string };
  /** Who is to be asked, as the asker typed it. Absent: somebody who may say so. */
  readonly whom?: string;
  /** So long an answer is waited for, for whoever is asked. */
  readonly forMs: number;
}

/** What was put to somebody of the chat. */
export interface LinkQuestion {
  /** Who was asked, for people. */
  readonly whom: string;
  /**
   * Never rejects. `yes` is given only for whoever may decide about the chat at the moment when they say it;
   * `not-theirs`: they said yes, and may not. Without an answer it stays open.
   */
  readonly answer: Promise<'yes' | 'no' | 'not-theirs'>;
}
