import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeHtml, escapeRegex } from '../../../src/util/escape.ts';

it('escapeRegex makes a text match itself and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const regex = new RegExp(`^${escapeRegex(text)}$`, 'u');
      expect(regex.test(text)).toBe(true);
      expect(regex.test(other)).toBe(text === other);
    }),
  );
});

it('escapeHtml leaves no markup, and breaks lines', () => {
  expect(escapeHtml('<a href="x">&\n')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;<br>');
});
