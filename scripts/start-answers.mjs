// Starts the playground as a newcomer would, and sees whether its page answers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const startWithinMs = 180_000;
const stopWithinMs = 20_000;

const say = (text) => process.stdout.write(`${text}\n`);

const dir = await mkdtemp(join(tmpdir(), 'drawbridge-start-'));
// A group of its own, so that what npm starts ends with npm.
const child = spawn('npm', ['start', '--', '--dir', dir], {
  detached: true,
  stdio: ['ignore', 'pipe', 'pipe'],
});
let printed = '';
for (const stream of [child.stdout, child.stderr]) {
  stream.setEncoding('utf8').on('data', (text) => {
    printed += text;
    process.stdout.write(text);
  });
}

const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
const address = () => /https?:\/\/(?:127\.0\.0\.1|localhost):\d+\S*/.exec(printed)?.[0];

async function pageAnswers() {
  const deadline = Date.now() + startWithinMs;
  while (Date.now() < deadline) {
    if (hasEnded()) throw new Error('npm start ended by itself');
    const url = address();
    const page = url && (await fetch(url).catch(() => undefined));
    if (page?.ok && (await page.text()).includes('<html')) return url;
    await wait(200);
  }
  throw new Error(`no page answered within ${startWithinMs / 1000} s`);
}

async function stop() {
  if (hasEnded()) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  const late = await Promise.race([ended, wait(stopWithinMs, 'late', { ref: false })]);
  if (late !== 'late') return;
  process.kill(-child.pid, 'SIGKILL');
  throw new Error('it did not stop when asked to');
}

try {
  say(`The page answers at ${await pageAnswers()}`);
  await stop();
  say('It stopped when asked to');
} catch (error) {
  say(`npm start: ${error.message}`);
  process.exitCode = 1;
  await stop().catch(() => undefined);
} finally {
  await rm(dir, { recursive: true, force: true });
}
