// Stands in for the bridge: `run --config FILE`. It is healthy, and does nothing.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const config = readFileSync(process.argv[4] ?? '', 'utf8');
const port = Number(/port: (\d+)/.exec(config)?.[1]);
const mood = /mood: (\w+)/.exec(config)?.[1];

if (mood === 'sick') {
  process.stderr.write('drawbridge: the config is wrong\n');
  process.exit(2);
}
const server = createServer((_, response) => response.end('{}'));
server.listen(port, '127.0.0.1', () => process.stdout.write('info  The bridge is running\n'));
process.on('SIGTERM', () => {
  if (mood === 'stubborn') return;
  process.stdout.write('info  Stopped\n');
  process.exit(0);
});
