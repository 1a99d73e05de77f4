import type { SecurityLevel } from '#gia/schemas';
import type { DeviceRow } from '../store/devices.ts';

/** Who can read what is said between these devices: the worst of them counts. */
export function levelOf(suite: string, devices: readonly DeviceRow[]): SecurityLevel {
  if (suite !== 'mls10/1') return 'transport_only';
  const readers = devices.filter(({ kind }) => kind === 'bridge' || kind === 'bot');
  if (readers.some(({ operator }) => operator !== null)) return 'end_to_bridge';
  return readers.length > 0 ? 'end_to_user_bridge' : 'end_to_end';
}
