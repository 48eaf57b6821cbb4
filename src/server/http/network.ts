import ipaddr from 'ipaddr.js';

/**
 * The key of limits by address: an IPv4 address, or the /64 network of an IPv6 address, because one caller has a whole
 * /64. `::ffff:192.0.2.1` counts as 192.0.2.1. A text that isn't an address is its own key.
 */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip.slice(0, 64);
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const { parts } = address as ipaddr.IPv6;
  return `${parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
