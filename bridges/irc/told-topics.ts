import type { AdapterState, RemoteChatId, RemoteEvent, RemoteUserId, StateChange } from '#adapter';
import type { Topic } from './topic.ts';

const KEY = 'topic/';

interface News {
  readonly events: readonly RemoteEvent<'title'>[];
  readonly save: readonly StateChange[];
}

/** What the core was last told of each topic: on disk, so that one that was set meanwhile is told at the next start. */
export class ToldTopics {
  private readonly state: AdapterState;
  private readonly told = new Map<RemoteChatId, string>();

  constructor(state: AdapterState) {
    this.state = state;
  }

  async load(chat: RemoteChatId): Promise<void> {
    const text = await this.state.get(KEY + chat);
    if (text) this.told.set(chat, Buffer.from(text).toString());
  }

  async forget(chat: RemoteChatId): Promise<void> {
    if (this.told.delete(chat)) await this.state.save([this.state.change(KEY + chat, null)]);
  }

  /**
   * What is to be told now, and written down with it. The first time nothing is told: it was so when
   * the channel was linked.
   *
   * @param sender absent: nobody knows, or one of ours.
   */
  news(chat: RemoteChatId, { text = '', atMs }: Topic, sender: RemoteUserId | undefined): News {
    const before = this.told.get(chat);
    if (before === text) return { events: [], save: [] };
    this.told.set(chat, text);
    const save = [this.state.change(KEY + chat, Buffer.from(text))];
    if (before === undefined) return { events: [], save };
    const who = sender !== undefined && { sender };
    return { events: [{ kind: 'title', chat, sentAtMs: atMs, ...who, topic: text }], save };
  }
}
