import ipaddr from 'ipaddr.js';

/**
 * What limits by address count by: an IPv4 address, or the /64 of an IPv6 address, of which one caller has all.
 * `::ffff:192.0.2.1` is 192.0.2.1; what is no address stands for itself.
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
