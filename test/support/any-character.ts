import fc from 'fast-check';

/**
 * Any Unicode character, those that mean something to a program more often than the rest. The unit
 * `binary` of fast-check is as wide, but takes two seconds to build in every process that asks for it.
 */
export const anyCharacter = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((codePoint) => String.fromCodePoint(codePoint));
