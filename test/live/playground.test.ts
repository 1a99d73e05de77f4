import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isRunning, markProcess } from '../../src/playground/process-mark.ts';
import { cacheDir } from './servers/cache.ts';
import { requirePart } from './servers/require-part.ts';
import { built } from './support/build.ts';
import { launchChromium } from './support/chromium.ts';
import { freePort } from './support/free-port.ts';
import { ServerProcess } from './support/server-process.ts';
import { temporaryDir } from './support/temporary-dir.ts';

type SideName = 'matrix' | 'remote';

const part = await requirePart('chromium-headless-shell');
const screenshots = join(cacheDir, 'screenshots');
const WAIT_MS = 30_000;
const patient = { timeout: WAIT_MS };

part.describe('the playground', () => {
  let browser: Browser;
  let page: Page;
  let dir: string;
  let url: string;
  let playground: ServerProcess;
  const complaints: string[] = [];

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    browser = await launchChromium(part.root);
    dir = await temporaryDir('playground');
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    playground = await playgroundAt(dir, port);
    await playground.start();
    page = await openPage();
  });
  afterAll(async () => {
    await browser?.close();
    await playground?.stop();
    await rm(dir, { recursive: true, force: true });
    await rm(`${dir}.log`, { force: true });
  });
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  async function openPage(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(WAIT_MS);
    const opened = await context.newPage();
    opened.on('pageerror', (error) => complaints.push(error.message));
    // What cannot be reached while the playground is stopped is no fault of the page.
    opened.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE/.test(text))
        complaints.push(text);
    });
    await opened.goto(url);
    await standsAs('running', opened);
    return opened;
  }

  async function standsAs(is: string, on = page): Promise<void> {
    try {
      await on.locator(`.bridge[data-is="${is}"]`).waitFor({ timeout: WAIT_MS });
    } catch (error) {
      const shown = ((await on.locator('.bridge').textContent()) ?? '').replace(/\s+/g, ' ');
      throw new Error(`The bridge is not ${is}. The page shows: ${shown}`, { cause: error });
    }
  }
  const side = (name: SideName): Locator => page.locator(`.panel[data-side="${name}"]`);
  const line = (name: SideName, text: string): Locator =>
    side(name).locator('.line', { hasText: text });
  const shot = (name: string) => page.screenshot({ path: join(screenshots, `${name}.png`) });

  async function say(on: SideName, as: string, text: string): Promise<void> {
    await side(on).getByRole('radio', { name: as }).check({ force: true });
    const field = side(on).getByRole('textbox');
    await field.fill(text);
    await field.press('Enter');
  }

  async function press(on: SideName, text: string, button: string): Promise<void> {
    await line(on, text).hover();
    await line(on, text).getByRole('button', { name: button, exact: true }).click();
  }

  const counted = (towards: SideName, what: 'waiting' | 'delivered') =>
    page.locator(`.crossings [data-towards="${towards}"] .${what}`).textContent();

  it('begins with two people on each side and nothing said', async () => {
    for (const [name, people] of [
      ['matrix', ['Alice', 'Bob']],
      ['remote', ['Carol', 'Dave']],
    ] as const) {
      const radios = side(name).getByRole('radio');
      await expect.poll(() => radios.count(), patient).toBe(2);
      expect(await side(name).locator('.speaker').allTextContents()).toEqual(people);
      expect(await side(name).locator('.empty').isVisible()).toBe(true);
    }
    await shot('1-empty');
  });

  it('carries what is typed on one side to the other, under the name of who said it', async () => {
    await say('matrix', 'Alice', 'Good morning. Is anybody at the harbour?');
    await line('remote', 'Good morning').waitFor();
    await say('remote', 'Carol', 'Here we are. The bridge is down, come over.');
    await line('matrix', 'Here we are').waitFor();
    await say('remote', 'Dave', 'Mind the gap, though.');
    await line('matrix', 'Mind the gap').waitFor();
    expect(await line('remote', 'Good morning').locator('.name').textContent()).toBe('Alice');
    expect(await line('matrix', 'Here we are').locator('.name').textContent()).toBe('Carol');
    expect(await line('matrix', 'Here we are').locator('.origin').textContent()).toBe(
      'from Loopback',
    );
  });

  it('shows text as text, whatever it looks like', async () => {
    const text = '<img src=x onerror="document.title=1"> & <b>bold</b>';
    await say('matrix', 'Bob', text);
    await line('remote', text).waitFor();
    expect(await line('remote', text).locator('.text').textContent()).toBe(text);
    expect(await page.locator('.text img, .text b').count()).toBe(0);
  });

  it('carries edits, reactions and removals', async () => {
    await say('matrix', 'Bob', 'A typing eror');
    await line('remote', 'A typing eror').waitFor();
    await press('matrix', 'A typing eror', 'Edit');
    await side('matrix').getByRole('textbox').fill('A typing error');
    await side('matrix').getByRole('textbox').press('Enter');
    await line('remote', 'A typing error').locator('.edited').waitFor();

    await press('remote', 'A typing error', 'React with 👍');
    await line('matrix', 'A typing error').locator('.reaction', { hasText: '👍' }).waitFor();
    await press('matrix', 'Mind the gap', 'React with 🎉');
    await line('remote', 'Mind the gap').locator('.reaction', { hasText: '🎉' }).waitFor();
    await shot('2-conversation');

    await say('remote', 'Dave', 'Never mind this');
    await line('matrix', 'Never mind this').waitFor();
    await press('remote', 'Never mind this', 'Remove');
    await line('matrix', 'Message removed').waitFor();
    expect(await line('matrix', 'Never mind this').count()).toBe(0);
  });

  it('carries an answer as an answer', async () => {
    await press('matrix', 'Here we are', 'Reply');
    await side('matrix').getByRole('textbox').fill('On my way');
    await side('matrix').getByRole('textbox').press('Enter');
    const quote = line('remote', 'On my way').locator('.quote');
    await quote.waitFor();
    expect(await quote.textContent()).toContain('Carol: Here we are');
  });

  it('can be used with the keyboard alone', async () => {
    await side('matrix').getByRole('textbox').press('ArrowUp');
    await side('matrix').locator('.composer-about').waitFor();
    await side('matrix').getByRole('textbox').press('Escape');
    await side('matrix').locator('.lines').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('+');
    await line('remote', 'On my way').locator('.reaction', { hasText: '👍' }).waitFor();
    await page.keyboard.press('r');
    expect(await side('matrix').locator('.composer-about').textContent()).toContain('Replying');
    await page.keyboard.press('Escape');
  });

  it('keeps what is said while the bridge is killed, and brings it over afterwards', async () => {
    await page.getByRole('button', { name: 'Kill the bridge' }).click();
    await standsAs('killed');
    await say('matrix', 'Alice', 'The bridge is up. Can you hear me?');
    await say('remote', 'Carol', 'Nobody answers over there.');
    await line('matrix', 'Can you hear me?').locator('[data-fate="waiting"]').waitFor();
    await expect.poll(() => counted('remote', 'waiting'), patient).toBe('1');
    await expect.poll(() => counted('matrix', 'waiting'), patient).toBe('1');
    expect(await line('remote', 'Can you hear me?').count()).toBe(0);
    await shot('3-killed');

    await page.getByRole('button', { name: 'Start the bridge' }).click();
    await standsAs('running');
    await line('remote', 'Can you hear me?').waitFor();
    await line('matrix', 'Nobody answers').waitFor();
    await line('matrix', 'Can you hear me?').locator('[data-fate="delivered"]').waitFor();
    await expect.poll(() => counted('remote', 'waiting'), patient).toBe('0');
    expect(await line('remote', 'Can you hear me?').count()).toBe(1);
  });

  it('shows what could not be delivered, and what the bridge says about it', async () => {
    const config = parse(await readFile(join(dir, 'config.yaml'), 'utf8'));
    await fetch(`${config.networks.loopback.options.url}/_misbehave`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ is: 'refuse', on: 'POST /chats/harbour/messages' }),
    });
    await say('matrix', 'Bob', 'Nobody wants to hear this');
    await line('matrix', 'Nobody wants').locator('[data-fate="failed"]').waitFor();
    const notice = side('matrix').locator('.line[data-as="notice"]');
    await notice.waitFor();
    expect(await notice.locator('.origin').textContent()).toBe('the bridge');
    await expect.poll(() => counted('remote', 'waiting'), patient).toBe('0');
    expect(await line('remote', 'Nobody wants').count()).toBe(0);
    await shot('4-failed');
  });

  it('kills the bridge in mid-stream, and counts that nothing is lost, doubled or out of order', async () => {
    await page.getByRole('button', { name: 'Try it' }).click();
    await standsAs('killed');
    await shot('5-demonstration');
    const verdict = page.locator('.verdict[data-flawless]');
    await verdict.waitFor({ timeout: 90_000 });
    expect(await verdict.locator('.verdict-word').textContent()).toBe(
      'All 100 arrived: nothing lost, nothing doubled, all in order.',
    );
    expect(await verdict.locator('tbody tr', { hasText: 'Sent' }).allTextContents()).toEqual([
      'Sent5050',
    ]);
    await shot('6-verdict');
  });

  it('looks as well in the dark and in a narrow window', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('7-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    for (const width of [820, 400]) {
      await page.setViewportSize({ width, height: 800 });
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow).toBe(0);
      await shot(`8-narrow-${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('shows a bridge that ended by itself, with its last words', async () => {
    const config = join(dir, 'config.yaml');
    const good = await readFile(config, 'utf8');
    await page.getByRole('button', { name: 'Kill the bridge' }).click();
    await standsAs('killed');
    await writeFile(config, good.replace('homeserver:', 'homeservr:'));
    await page.getByRole('button', { name: 'Start the bridge' }).click();
    await standsAs('died');
    expect(await page.locator('.bridge-log pre').textContent()).toContain('homeservr');
    await shot('9-died');
    await writeFile(config, good);
    await page.getByRole('button', { name: 'Start the bridge' }).click();
    await standsAs('running');
  });

  it('says so when the playground is gone, and has the conversation again when it is back', async () => {
    await playground.stop();
    await page.locator('body[data-live="lost"]').waitFor();
    await shot('10-lost');
    await playground.start();
    await page.locator('body[data-live="open"]').waitFor();
    await standsAs('running');
    await line('matrix', '50 of 50').first().waitFor();
    await say('matrix', 'Alice', 'Still here');
    await line('remote', 'Still here').waitFor();
  });

  it('shows the same after a reload', async () => {
    const texts = () => side('matrix').locator('.text').allTextContents();
    const before = await texts();
    expect(before.length).toBeGreaterThan(100);
    await page.reload();
    await expect.poll(texts, patient).toEqual(before);
  });

  it('leaves no bridge behind, even when it is killed itself', async () => {
    const bridgeNow = async () => {
      const words = await page.locator('.standing-more').textContent();
      const mark = markProcess(Number(/process (\d+)/.exec(words ?? '')?.[1]));
      if (mark === undefined) throw new Error(`There is no ${words}`);
      return mark;
    };
    const orphan = await bridgeNow();
    await playground.kill();
    expect(isRunning(orphan)).toBe(true);
    await playground.start();
    expect(isRunning(orphan)).toBe(false);
    await page.locator('body[data-live="open"]').waitFor();
    await standsAs('running');
    const bridge = await bridgeNow();
    await playground.stop();
    expect(isRunning(bridge)).toBe(false);
  });
});

async function playgroundAt(dir: string, port: number): Promise<ServerProcess> {
  return new ServerProcess({
    program: process.execPath,
    args: [await built('bridges/main.js'), 'playground', '--dir', dir, '--port', String(port)],
    logFile: `${dir}.log`,
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/`)).ok,
  });
}
