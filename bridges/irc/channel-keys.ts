import type { Features } from './wire/isupport.ts';

/** What opens the channels that want a key. */
export class ChannelKeys {
  private readonly keys: Readonly<Record<string, string>>;

  /** @param keys by channel, as the operator writes its name. */
  constructor(keys: Readonly<Record<string, string>>) {
    this.keys = keys;
  }

  /** Names are compared as the server does. */
  of(name: string, features: Features): string | undefined {
    const isIt = ([own]: [string, string]) => features.fold(own) === features.fold(name);
    return Object.entries(this.keys).find(isIt)?.[1];
  }
}
