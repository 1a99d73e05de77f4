import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeAttribute, escapeHtml, escapeRegex } from '../../../src/util/escape.ts';

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
  expect(escapeHtml('<a href="x">&\n')).toBe('&lt;a href="x"&gt;&amp;<br>');
});

it('escapeAttribute leaves nothing that ends the value', () => {
  expect(escapeAttribute('"><b>&quot;\n')).toBe('&quot;&gt;&lt;b&gt;&amp;quot;\n');
});
