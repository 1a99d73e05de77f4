import type { MatrixRoomId } from './matrix-ids.ts';
import type { ChatView } from './remote-ids.ts';

/**
 * One link between a remote chat and a Matrix room.
 *
 * Many to many: a room may carry an IRC channel and a Slack channel, and a channel may be linked to
 * two rooms. Each link has lanes of its own, so that one that is stuck holds up no other.
 */
export interface Portal extends ChatView {
  readonly id: number;
  readonly network: string;
  readonly roomId: MatrixRoomId;
  /** Whether name, topic, members and power levels of the room follow this chat. At most one link of a room. */
  readonly ownsRoom: boolean;
  /** Where the link comes from. One from the config goes when the config no longer names it. */
  readonly origin: 'config' | 'alias' | 'command' | 'direct';
  /** The room is encrypted, which cannot be bridged yet: nothing enters it and nothing leaves it. */
  readonly encrypted: boolean;
}
