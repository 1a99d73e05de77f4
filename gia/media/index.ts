export { type Opened, type Opening, openFile } from './open.ts';
export { BadFile } from './refusal.ts';
export { newSeal, SEAL_BYTES, type SealedFile, type Sealing, sealFile } from './seal.ts';
