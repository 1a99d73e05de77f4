/**
 * Whatever can be said of the sources without a network: `npm run check`. Ends with 1 if anything
 * is wrong. Each part is an npm script, to be run alone.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';

/** One after another in a lane; the lanes side by side, as tests leave a core idle now and then. */
const lanes = [['test:fast'], ['check:types', 'check:style', 'check:layers', 'check:unused']];

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const env = {
  ...process.env,
  PATH: [resolve('node_modules/.bin'), process.env.PATH].join(delimiter),
  ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
};

/** Says nothing of what is fine but how long it took, and all of what is not. */
function run(name) {
  const began = performance.now();
  const child = spawn(scripts[name], { env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(text));
  return new Promise((done) => {
    child.on('close', (code) => {
      const tookS = ((performance.now() - began) / 1000).toFixed(1);
      if (code !== 0) process.stdout.write(Buffer.concat(said));
      process.stdout.write(`${name}: ${code === 0 ? 'fine' : 'WRONG'} (${tookS} s)\n`);
      done(code === 0 ? [] : [name]);
    });
  });
}

async function runInTurn(names) {
  const wrong = [];
  for (const name of names) wrong.push(...(await run(name)));
  return wrong;
}

const wrong = (await Promise.all(lanes.map(runInTurn))).flat();
if (wrong.length > 0) {
  process.stdout.write(`\nWrong, see above: ${wrong.join(', ')}\n`);
  process.exitCode = 1;
}
