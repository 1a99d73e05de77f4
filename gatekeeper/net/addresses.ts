import { BlockList, isIP } from 'node:net';

const special4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Of IPv6 only 2000::/3 is the internet, and of that not what is for documents, tunnels and the like. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const blocked = blockList(special4, 'ipv4');
const blocked6 = blockList(special6, 'ipv6');
const global6 = blockList(['2000::/3'], 'ipv6');

function blockList(subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = '', bits] = subnet.split('/');
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}

/** Whether an address is one of the internet, and not of this machine, its neighbours or a special kind. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !blocked.check(address, 'ipv4');
  if (isIP(address) === 6)
    return global6.check(address, 'ipv6') && !blocked6.check(address, 'ipv6');
  return false;
}
