import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

const ADDRESS_BITS = 128;
/** Wide enough that no two of some thousand people get one address. */
const FEWEST_FREE_BITS = 32;
const GROUP_BITS = 16;

const IPV4_BITS = 32;
/** Two of some may get one address then. */
const FEWEST_IPV4_BITS = 16;

/** Whether it is a prefix to bind addresses of: as `isPrefix`, or one of IPv4 with fewer. */
export function isBindPrefix(text: string): boolean {
  const [, network = '', length] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  return (isIPv4(network) && Number(length) <= IPV4_BITS - FEWEST_IPV4_BITS) || isPrefix(text);
}

/** The same for either: the address that somebody's connection comes from. */
export function sourceFor(prefix: string, userId: string): string {
  const [network = '', length] = prefix.split('/');
  if (!isIPv4(network)) return addressFor(prefix, userId);
  const number = network.split('.').reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
  const own = within(number, BigInt(IPV4_BITS - Number(length)), userId);
  return [24n, 16n, 8n, 0n].map((shift) => (own >> shift) & 255n).join('.');
}

/** Whether it is an IPv6 prefix, `2001:db8::/64`, with room for people. */
export function isPrefix(text: string): boolean {
  const [, network = '', length] = /^([0-9A-Fa-f:]+)\/(\d{1,3})$/.exec(text) ?? [];
  return isIPv6(network) && Number(length) <= ADDRESS_BITS - FEWEST_FREE_BITS;
}

/** The address of somebody in a prefix: the same at all times, and told to nobody else. Never with a colon first. */
export function addressFor(prefix: string, userId: string): string {
  const [network = '', length] = prefix.split('/');
  const freeBits = BigInt(ADDRESS_BITS - Number(length));
  const hex = within(numberOf(network), freeBits, userId).toString(16);
  const groups = hex.padStart(ADDRESS_BITS / 4, '0').match(/.{4}/g) ?? [];
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}

function within(network: bigint, freeBits: bigint, userId: string): bigint {
  const hash = BigInt(`0x${createHash('sha256').update(userId).digest('hex')}`);
  return ((network >> freeBits) << freeBits) | (hash & ((1n << freeBits) - 1n));
}

function numberOf(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const groups = (text = '') => text.split(':').filter((group) => group !== '');
  const [first, last] = [groups(head), groups(tail)];
  const zeros = Array<string>(ADDRESS_BITS / GROUP_BITS - first.length - last.length).fill('0');
  const all = [...first, ...zeros, ...last].map((group) => group.padStart(4, '0'));
  return BigInt(`0x${all.join('')}`);
}
