import type { ChangeOf } from './change.ts';

export interface Session {
  readonly userId: string;
  readonly deviceId: string;
}

type AccountChange = ChangeOf<
  'account' | 'password' | 'device' | 'device-gone' | 'token' | 'profile'
>;

/** Who is registered, with what devices, tokens and profile. */
export class Accounts {
  /** By user: what their password hashes to; `undefined` for a user of an appservice. */
  readonly #secrets = new Map<string, string | undefined>();
  readonly #sessions = new Map<string, Session>();
  readonly #devices = new Map<string, Map<string, string | undefined>>();
  readonly #profiles = new Map<string, Map<string, unknown>>();

  apply(change: AccountChange): void {
    const { userId } = change;
    switch (change.kind) {
      case 'account':
      case 'password':
        this.#secrets.set(userId, change.secret);
        return;
      case 'device':
        this.#devices.set(userId, this.#devicesOf(userId).set(change.deviceId, change.displayName));
        return;
      case 'device-gone':
        this.#removeDevice(change);
        return;
      case 'token':
        this.#sessions.set(change.token, { userId, deviceId: change.deviceId });
        return;
      case 'profile':
        this.#setProfile(change);
        return;
    }
  }

  #removeDevice({ userId, deviceId }: Session): void {
    this.#devices.get(userId)?.delete(deviceId);
    for (const [token, session] of this.#sessions)
      if (session.userId === userId && session.deviceId === deviceId) this.#sessions.delete(token);
  }

  #setProfile({ userId, field, value }: ChangeOf<'profile'>): void {
    const profile = this.#profiles.get(userId) ?? new Map();
    if (value === undefined) profile.delete(field);
    else profile.set(field, value);
    this.#profiles.set(userId, profile);
  }

  has(userId: string): boolean {
    return this.#secrets.has(userId);
  }

  userIds(): readonly string[] {
    return [...this.#secrets.keys()];
  }

  secretOf(userId: string): string | undefined {
    return this.#secrets.get(userId);
  }

  sessionOf(token: string): Session | undefined {
    return this.#sessions.get(token);
  }

  #devicesOf(userId: string): Map<string, string | undefined> {
    return this.#devices.get(userId) ?? new Map();
  }

  /** The display name of each device, by its id. */
  devicesOf(userId: string): ReadonlyMap<string, string | undefined> {
    return this.#devicesOf(userId);
  }

  /** `undefined` for somebody who never had one. */
  profileOf(userId: string): ReadonlyMap<string, unknown> | undefined {
    return this.#profiles.get(userId);
  }
}
