import { describe } from 'vitest';
import { accountedContract } from './store-contract/accounted.ts';
import { commitContract } from './store-contract/commit.ts';
import { deliveryContract } from './store-contract/delivery.ts';
import { echoContract } from './store-contract/echo.ts';
import { endingContract } from './store-contract/ending.ts';
import { type MakeStorage, openEach } from './store-contract/fixtures.ts';
import { lookupContract } from './store-contract/lookups.ts';
import { matrixEventContract } from './store-contract/matrix-event.ts';
import { noticeContract } from './store-contract/notice.ts';
import { portalContract } from './store-contract/portal.ts';
import { remoteEventContract } from './store-contract/remote-event.ts';
import { repairContract } from './store-contract/repair.ts';
import { stateContract } from './store-contract/state.ts';

export type { MakeStorage, OpenedStorage } from './store-contract/fixtures.ts';

/**
 * What every implementation of `Storage` promises. Call it within a `describe` of a vitest file.
 *
 * @param makeStorage Opens an empty storage. Called before each test.
 */
export function storeContract(makeStorage: MakeStorage): void {
  const open = openEach(makeStorage);
  describe('commit', () => commitContract(open));
  describe('events from the homeserver', () => matrixEventContract(open));
  describe('what was missed', () => accountedContract(open));
  describe('deliveries to a network', () => deliveryContract(open));
  describe('the end of a delivery', () => endingContract(open));
  describe('notices', () => noticeContract(open));
  describe('events from a network', () => remoteEventContract(open));
  describe('echoes', () => echoContract(open));
  describe('Repairs', () => repairContract(open));
  describe('PortalStore', () => portalContract(open));
  describe('StateStore and FactStore', () => stateContract(open));
  describe('ghosts, links and voices', () => lookupContract(open));
}
