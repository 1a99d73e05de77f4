import { TextDecoder } from 'node:util';

/** What windows-1252 has where Latin-1 has control characters. */
const FROM_0X80 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Reads bytes as a character set says. */
export function decoderOf(charset: string): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder(charset);
  const decode = (bytes: Uint8Array) => decoder.decode(bytes);
  if (decoder.encoding !== 'windows-1252') return decode;
  // Node.js 20 decodes windows-1252 as if it were Latin-1. Remove when it does not.
  return (bytes) =>
    decode(bytes).replace(/[\x80-\x9f]/g, (char) => FROM_0X80[char.charCodeAt(0) - 0x80] ?? char);
}
