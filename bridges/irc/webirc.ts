import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

const ADDRESS_BITS = 128;
/** Wide enough that no two of some thousand people get one address. */
const FEWEST_FREE_BITS = 32;
const GROUP_BITS = 16;

/** Whether it is an IPv6 prefix, `2001:db8::/64`, with room for people. */
export function isPrefix(text: string): boolean {
  const [, network = '', length] = /^([0-9A-Fa-f:]+)\/(\d{1,3})$/.exec(text) ?? [];
  return isIPv6(network) && Number(length) <= ADDRESS_BITS - FEWEST_FREE_BITS;
}

/** The address of somebody in a prefix: the same at all times, and told to nobody else. Never with a colon first. */
export function addressFor(prefix: string, userId: string): string {
  const [network = '', length] = prefix.split('/');
  const freeBits = BigInt(ADDRESS_BITS - Number(length));
  const hash = BigInt(`0x${createHash('sha256').update(userId).digest('hex')}`);
  const own = hash & ((1n << freeBits) - 1n);
  const all = ((numberOf(network) >> freeBits) << freeBits) | own;
  const hex = all.toString(16).padStart(ADDRESS_BITS / 4, '0');
  const groups = hex.match(/.{4}/g) ?? [];
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}

function numberOf(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const groups = (text = '') => text.split(':').filter((group) => group !== '');
  const [first, last] = [groups(head), groups(tail)];
  const zeros = Array<string>(ADDRESS_BITS / GROUP_BITS - first.length - last.length).fill('0');
  const all = [...first, ...zeros, ...last].map((group) => group.padStart(4, '0'));
  return BigInt(`0x${all.join('')}`);
}
