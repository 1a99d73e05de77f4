import type { NetworkSession, RemoteChatId, RemoteUserId } from '#adapter';
import { isChannelChat, userIdOf } from './ids.ts';
import { Moderate } from './moderate.ts';
import { mouthOf, standing } from './mouths.ts';
import type { Observer } from './observer.ts';
import { Retitle } from './retitle.ts';
import { Say } from './say.ts';

/** The voice of those without a nick of their own: the bot. The core puts their names into the text. */
export class RelaySession implements NetworkSession {
  readonly on: NetworkSession['on'];
  private readonly observer: Observer;
  private isClosed = false;

  constructor(observer: Observer) {
    this.observer = observer;
    const mouth = mouthOf(observer, () => (this.isClosed ? undefined : observer.link.current));
    this.on = {
      message: new Say(mouth),
      member: new Moderate(mouth, observer.bansFromMatrix),
      title: new Retitle(mouth),
    };
  }

  get self(): RemoteUserId {
    return userIdOf(standing(this.observer.link.current).state.nick, this.observer.features);
  }

  async join(chat: RemoteChatId): Promise<void> {
    if (isChannelChat(chat, this.observer.features)) await this.observer.channels.visit(chat);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.observer.relay = undefined;
  }
}
