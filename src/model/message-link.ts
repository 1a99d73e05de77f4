import type { MatrixEventId } from './matrix-ids.ts';
import type { RemoteMessageId } from './remote-ids.ts';

/**
 * That a Matrix event and a remote message are the same thing said, in one portal.
 *
 * Many to many: one event may have become several remote messages (a long text cut into lines), and
 * one remote message several events (an album). The text is not stored.
 */
export interface MessageLink {
  readonly portal: number;
  readonly eventId: MatrixEventId;
  readonly remoteId: RemoteMessageId;
  /** Which of the several this is, from 0, on the side that has several. */
  readonly part: number;
  /** Which side said it. */
  readonly saidBy: 'matrix' | 'remote';
  /** The Matrix user it is from, a ghost for what the remote side said: who may edit and redact it. */
  readonly sender: string;
  /** What it answers in a thread: the root. Absent: it stands in no thread. */
  readonly threadRoot?: MatrixEventId;
}
