import type { Keys } from './keys.ts';
import type { Names } from './names.ts';
import type { EngineOptions } from './options.ts';

/** What every part of the engine works with. */
export interface Context extends EngineOptions {
  readonly keys: Keys;
  readonly names: Names;
}
