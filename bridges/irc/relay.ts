import type { NetworkSession, RemoteChatId, RemoteUserId } from '#adapter';
import type { IrcConfig } from './config.ts';
import { Correct } from './correct.ts';
import { Empower } from './empower.ts';
import { isChannelChat, userIdOf } from './ids.ts';
import { Imitate } from './imitate.ts';
import { Moderate } from './moderate.ts';
import { mouthOf, standing } from './mouths.ts';
import type { Observer } from './observer.ts';
import { React } from './react.ts';
import { Redact } from './redact.ts';
import { relayName } from './relay-name.ts';
import { Retitle } from './retitle.ts';
import { type NameOf, Say } from './say.ts';

/** The voice of those without a nick of their own: the bot, which says before their words whose they are. */
export class RelaySession implements NetworkSession {
  readonly on: NetworkSession['on'];
  private readonly observer: Observer;
  readonly imitates = true;
  private isClosed = false;

  constructor(observer: Observer, config: IrcConfig) {
    this.observer = observer;
    const mouth = mouthOf(observer, () => (this.isClosed ? undefined : observer.link.current));
    const name: NameOf = ({ speaker, body }) => relayName(config, speaker, body.as === 'emote');
    const { empowering } = observer;
    const say = new Say(mouth, name);
    this.on = {
      message: config.relayNicks ? new Imitate(say, mouth, name) : say,
      edit: new Correct(say, config.shortEdits),
      reaction: new React(mouth, name),
      removal: new Redact(mouth, name),
      member: new Moderate(mouth, config.bansFromMatrix),
      title: new Retitle(mouth),
      ...(empowering && { power: new Empower([mouth], empowering) }),
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
