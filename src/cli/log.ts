import { pino } from 'pino';
import type { Log } from '../adapter/network.ts';
import type { BridgeConfig } from '../config/index.ts';

const secretKeys = ['as_token', 'hs_token', 'access_token', 'token', 'password', 'authorization'];

type Level = BridgeConfig['log']['level'];

/** A log whose least important line can be another one later. */
export type LevelledLog = Log & { setLevel(level: Level): void };

/**
 * The log of a running bridge.
 *
 * No secret gets into it: neither under a name that says it is one, nor any of `secrets`, wherever
 * it stands.
 */
export function createLog(
  { level, format }: BridgeConfig['log'],
  to: { write(line: string): void; readonly secrets?: readonly string[] },
): LevelledLog {
  const secrets = (to.secrets ?? []).filter((secret) => secret !== '');
  const clean = (line: string) =>
    secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '[secret]' },
    },
    {
      write: (line: string) =>
        to.write(clean(format === 'json' ? line.trimEnd() : pretty(JSON.parse(line)))),
    },
  );
  const setLevel = (to: Level) => {
    log.level = to;
  };
  const write: Log = (severity, message, fields = {}) =>
    log[severity](plain(fields, log.level), message);
  return Object.assign(write, { setLevel });
}

/** Errors as data. Their stacks are for whoever asked for details. */
function plain(fields: Readonly<Record<string, unknown>>, level: string) {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      // pino writes these four itself.
      ['level', 'time', 'msg', 'pid'].includes(key) ? `${key}_` : key,
      value instanceof Error ? errorData(value, level === 'debug') : value,
    ]),
  );
}

function errorData(error: Error, withStack: boolean): object {
  const code = 'code' in error ? { code: error.code } : {};
  return {
    type: error.name,
    message: error.message,
    ...code,
    ...(withStack ? { stack: error.stack } : {}),
    ...(error.cause instanceof Error ? { cause: errorData(error.cause, withStack) } : {}),
  };
}

function pretty(line: Readonly<Record<string, unknown>>): string {
  const { level, time, msg, ...fields } = line;
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${shown(value)}`);
  return `${time} ${String(level).padEnd(5)} ${msg}${rest.join('')}`;
}

const shown = (value: unknown) =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
