import { describe } from 'vitest';
import { masqueradeClauses, registerClauses } from './accounts.ts';
import { aliasClauses } from './aliases.ts';
import { openBench, type StartHomeserver } from './bench.ts';
import { oddJsonClauses, sizeClauses } from './content.ts';
import { deliveryClauses } from './delivery.ts';
import { receiptClauses, typingClauses } from './ephemeral.ts';
import { contextClauses, eventClauses, messagesClauses } from './history.ts';
import { limitClauses } from './limits.ts';
import {
  forgetClauses,
  inviteClauses,
  joinClauses,
  kickClauses,
  leaveClauses,
  memberClauses,
} from './membership.ts';
import { pathClauses } from './paths.ts';
import { pingClauses } from './ping.ts';
import { profileClauses } from './profile.ts';
import { recoveryClauses } from './recovery.ts';
import { redactClauses } from './redacting.ts';
import { relationClauses } from './relations.ts';
import { restartClauses } from './restart.ts';
import { createClauses, powerClauses, stateClauses } from './rooms.ts';
import { sendClauses } from './sending.ts';
import { syncClauses } from './sync.ts';
import { upgradeClauses } from './upgrading.ts';

/**
 * What a bridge may expect of a homeserver, as Synapse does it. It is run on a real Synapse, which
 * says what is true, and on the dev homeserver, so that nobody tests against something that is not.
 */
export function homeserverContract(start: StartHomeserver): void {
  const open = openBench(start);
  describe('registering', () => registerClauses(open));
  describe('a request of an appservice', () => masqueradeClauses(open));
  describe('a new room', () => createClauses(open));
  describe('joining', () => joinClauses(open));
  describe('an invitation', () => inviteClauses(open));
  describe('leaving', () => leaveClauses(open));
  describe('forgetting', () => forgetClauses(open));
  describe('a kick', () => kickClauses(open));
  describe('membership', () => memberClauses(open));
  describe('power', () => powerClauses(open));
  describe('state', () => stateClauses(open));
  describe('an upgrade', () => upgradeClauses(open));
  describe('sending', () => sendClauses(open));
  describe('the largest size', () => sizeClauses(open));
  describe('the content of an event', () => oddJsonClauses(open));
  describe('a limit', () => limitClauses(open));
  describe('a path', () => pathClauses(open));
  describe('redacting', () => redactClauses(open));
  describe('GET /messages', () => messagesClauses(open));
  describe('GET /event', () => eventClauses(open));
  describe('GET /context', () => contextClauses(open));
  describe('a relation', () => relationClauses(open));
  describe('a profile', () => profileClauses(open));
  describe('an alias', () => aliasClauses(open));
  describe('GET /sync', () => syncClauses(open));
  describe('typing', () => typingClauses(open));
  describe('a receipt', () => receiptClauses(open));
  describe('a ping', () => pingClauses(open));
  describe('delivery', () => deliveryClauses(open));
  describe('an appservice that fails', () => recoveryClauses(open));
  describe('after a restart', () => restartClauses(open));
}
