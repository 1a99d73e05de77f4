import type { Voice, VoiceId } from '#adapter';

/** Where somebody's wish not to be called is kept. */
const KEY = 'uncalled';

/** Whom a nick that is said on IRC may call: nobody on a network that does not want it, else who has not switched it off. */
export class Mentioning {
  readonly isOn: boolean;
  private readonly uncalled = new Set<VoiceId>();

  /** @param isOn on this network at all. */
  constructor(isOn: boolean) {
    this.isOn = isOn;
  }

  /** Before the voice has its nick: else somebody is called who does not want it. */
  async load({ id, state }: Voice): Promise<void> {
    if (await state.get(KEY)) this.uncalled.add(id);
  }

  mayCall(voice: VoiceId): boolean {
    return this.isOn && !this.uncalled.has(voice);
  }

  /** Resolves once it is on disk. */
  async set({ id, state }: Voice, mayCall: boolean): Promise<void> {
    await state.save([state.change(KEY, mayCall ? null : Buffer.from('1'))]);
    if (mayCall) this.uncalled.delete(id);
    else this.uncalled.add(id);
  }

  forget(voice: VoiceId): void {
    this.uncalled.delete(voice);
  }
}
