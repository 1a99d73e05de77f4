import type { LoginFlow, LoginStep } from '../adapter/login.ts';
import type { Network } from '../adapter/network.ts';
import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { MatrixEvent } from '../ports/matrix.ts';
import type { VoiceRow } from '../ports/store.ts';
import { stateWrites } from './adapter-state.ts';
import type { Context } from './context.ts';
import { LoginWalk } from './login-walk.ts';
import type { Networks } from './networks.ts';
import type { NetworkOptions } from './options.ts';
import type { Speakers } from './speakers.ts';
import { voiceId } from './voice-choice.ts';
import type { Voices } from './voices.ts';

interface Parts {
  readonly networks: Networks;
  readonly voices: Voices;
  readonly speakers: Speakers;
  /** A login is there, new or again: what waits for it goes on, and it begins to listen. */
  readonly loggedIn: (row: VoiceRow) => void;
}

/** Own accounts of Matrix users: how one is got, whose there are, and how one is given up. */
export class Logins {
  readonly #context: Context;
  readonly #parts: Parts;

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** The ways to log in. None: the network, or the config, knows no own accounts. @throws {BridgeError} */
  flows({ id, adapter, voices }: NetworkOptions): readonly LoginFlow[] {
    const network = this.#parts.networks.get(id);
    const kind = kindIn(network);
    if (!voices.includes(kind) || !adapter.voices.includes(kind)) return [];
    return network.logins ?? [];
  }

  /** The voice that speaks with the account of a user. `undefined`: they have none. @throws {BridgeError} */
  async of(network: string, user: MatrixUserId): Promise<VoiceRow | undefined> {
    const open = this.#parts.networks.get(network);
    const row = await this.#context.storage.voices.byId(voiceId(network, kindIn(open), user));
    if (!row || !open.accounts) return row;
    const name = await open.accounts.of(this.#parts.voices.handle(row));
    return name === undefined ? undefined : row;
  }

  /** Whether somebody has an account that the network takes, as far as is known. */
  async isLoggedIn(network: string, user: MatrixUserId): Promise<boolean> {
    const row = await this.of(network, user);
    return row !== undefined && !this.#parts.voices.isLoggedOut(row.id);
  }

  /**
   * Takes the first step of a flow for whoever asked for it. Nothing of it is left after a restart.
   *
   * @throws {BridgeError} @throws {MatrixError} When the homeserver could not be asked who it is.
   */
  async begin(network: string, { roomId, sender }: MatrixEvent, flow: LoginFlow) {
    const kind = kindIn(this.#parts.networks.get(network));
    const id = voiceId(network, kind, sender);
    const known = await this.#context.storage.voices.byId(id);
    const row: VoiceRow = known ?? { id, network, kind, userId: sender, isOut: kind === 'login' };
    // What an earlier login left that was never done.
    if (known === undefined) await this.#context.storage.voices.remove(id);
    const speaker = await this.#parts.speakers.of(roomId, sender);
    const voice = this.#parts.voices.handle(row, speaker);
    const walk = new LoginWalk(this.#context.clock, (step) => this.#finish(row, step));
    await walk.go((signal) => flow.start(voice, signal));
    return walk;
  }

  async #finish(row: VoiceRow, { self, save }: Extract<LoginStep, { kind: 'done' }>) {
    const { storage, log } = this.#context;
    await storage.journal.commit(stateWrites(row.network, save));
    const now = (await storage.voices.byId(row.id)) ?? row;
    await storage.voices.save({ ...now, isOut: row.kind === 'login' || now.isOut });
    await this.#parts.voices.loggedIn(row);
    log('info', 'Somebody has logged in', { voice: row.id, self });
    this.#parts.loggedIn(row);
  }

  /**
   * Gives an account up: the network is told, and everything that was kept for it goes.
   *
   * What is on its way with it goes on with another voice, unless it may be there already.
   *
   * @throws {BridgeError} When the network could not be told: then it is opened again.
   */
  async out(row: VoiceRow): Promise<void> {
    const { voices, networks } = this.#parts;
    // While it is not open nothing has changed yet.
    const network = networks.get(row.network);
    if (network.accounts) await this.#forget(row, network.accounts);
    else
      await voices.giveUp(row, network).catch((error: unknown) => {
        this.#parts.loggedIn(row);
        throw error;
      });
    this.#context.log('info', 'Somebody has logged out', { voice: row.id });
  }

  /** The voice stays, and speaks without it. */
  async #forget(row: VoiceRow, accounts: NonNullable<Network['accounts']>): Promise<void> {
    const { voices } = this.#parts;
    const save = accounts.forget(voices.handle(row));
    await this.#context.storage.journal.commit(stateWrites(row.network, save));
    await voices.close(row.id);
    this.#parts.loggedIn(row);
  }
}

/** Which kind of voice an own account speaks with. */
const kindIn = ({ accounts }: Network): 'login' | 'enlisted' => (accounts ? 'enlisted' : 'login');
