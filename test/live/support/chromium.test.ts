import { expect, it } from 'vitest';
import { requirePart } from '../servers/require-part.ts';
import { launchChromium } from './chromium.ts';

const part = await requirePart('chromium-headless-shell');

part.describe('launchChromium', () => {
  it('shows a page and draws letters', async () => {
    const browser = await launchChromium(part.root);
    try {
      const page = await browser.newPage();
      await page.setContent('<button onclick="this.textContent = \'pressed\'">press</button>');
      await page.getByRole('button').click();
      expect(await page.getByRole('button').textContent()).toBe('pressed');
      const width = await page.evaluate('document.querySelector("button").offsetWidth');
      expect(width).toBeGreaterThan(30);
    } finally {
      await browser.close();
    }
  });
});
