/**
 * Looks for known weaknesses in what an installed bridge carries. Ends with 1 if there are any; where
 * the registry answers no such question, it says so and nothing is known.
 */
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const answer = JSON.parse(stdout || '{}');
const found = Object.values(answer.vulnerabilities ?? {});

if (answer.vulnerabilities === undefined)
  process.stdout.write(`NOT AUDITED: the registry does not answer (${answer.message})\n`);
else if (found.length === 0) process.stdout.write('No known weakness\n');
for (const { name, severity, range } of found)
  process.stdout.write(`${severity}: ${name} ${range}\n`);
process.exitCode = found.length === 0 ? 0 : 1;
