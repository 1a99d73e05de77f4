import type { AdapterState } from '#adapter';
import type { Server } from './servers.ts';
import type { Clock } from './wire/clock.ts';
import type { Sts } from './wire/sts.ts';

interface Policy {
  readonly port: number;
  readonly durationS: number;
  readonly untilMs: number;
}

const PREFIX = 'sts/';

/**
 * Servers that have said that they are to be talked to over TLS alone, whatever the config says: who stands
 * between us and them could otherwise keep that from us. On disk, for as long as they said.
 *
 * @see https://ircv3.net/specs/extensions/sts
 */
export class SecureHosts {
  readonly #state: AdapterState;
  readonly #clock: Clock;
  readonly #policies = new Map<string, Policy>();
  /** Where one said so without TLS: believed for this once, as it is not proved yet. */
  readonly #ports = new Map<string, number>();

  constructor(state: AdapterState, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    for await (const [key, value] of this.#state.list(PREFIX))
      this.#policies.set(key.slice(PREFIX.length), JSON.parse(Buffer.from(value).toString()));
  }

  /** How to talk to a server. @param tls what the config says. */
  wayTo({ host, port }: Server, tls: boolean): Server & { readonly tls: boolean } {
    if (tls) return { host, port, tls };
    const policy = this.#policies.get(host);
    const isHeld = policy !== undefined && policy.untilMs > this.#clock.now();
    const secure = isHeld ? policy.port : this.#ports.get(host);
    return secure === undefined ? { host, port, tls } : { host, port: secure, tls: true };
  }

  /** It said so without TLS. */
  wants(host: string, port: number): void {
    this.#ports.set(host, port);
  }

  /** It said so over TLS, where nobody else can. */
  async promised({ host, port }: Server, { durationS }: Sts): Promise<void> {
    if (durationS === undefined) return;
    const { untilMs: beforeMs = 0 } = this.#policies.get(host) ?? {};
    const untilMs = this.#clock.now() + durationS * 1000;
    const policy = { port, durationS, untilMs };
    if (durationS > 0) this.#policies.set(host, policy);
    else this.#policies.delete(host);
    this.#ports.delete(host);
    if (durationS === 0 && beforeMs === 0) return;
    const value = durationS > 0 ? Buffer.from(JSON.stringify(policy)) : null;
    await this.#state.save([this.#state.change(PREFIX + host, value)]);
  }
}
