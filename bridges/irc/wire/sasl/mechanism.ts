import type { Account } from './account.ts';
import { external } from './external.ts';
import { plain } from './plain.ts';
import { scram } from './scram.ts';
import type { Turn } from './turn.ts';

/** @see https://ircv3.net/specs/extensions/sasl-3.1 */
export type MechanismName = 'EXTERNAL' | 'SCRAM-SHA-256' | 'PLAIN';

export const firstTurn: Readonly<Record<MechanismName, (account: Account) => Turn>> = {
  EXTERNAL: external,
  'SCRAM-SHA-256': scram,
  PLAIN: plain,
};

/**
 * What to try, the best first: a certificate gives nothing away, and PLAIN gives the password.
 *
 * @param offered as the server lists them, such as `PLAIN,EXTERNAL`. Absent: it does not say.
 */
export function mechanismsFor(account: Account, offered: string | undefined): MechanismName[] {
  const able: MechanismName[] = [
    ...(account.hasCertificate ? (['EXTERNAL'] as const) : []),
    ...(account.password === undefined ? [] : (['SCRAM-SHA-256', 'PLAIN'] as const)),
  ];
  if (!offered) return able;
  const names = offered.toUpperCase().split(',');
  return able.filter((name) => names.includes(name));
}
