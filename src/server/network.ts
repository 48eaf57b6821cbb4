import ipaddr from 'ipaddr.js';

/**
 * What limits by address count by: an IPv4 address, or the /64 of an IPv6 address, of which one caller has all.
 * `::ffff:192.0.2.1` is 192.0.2.1. Some proxies write a port behind the address; it doesn't count. What is no address
 * stands for itself.
 */
export function networkOf(sent: string): string {
  const ip = ipaddr.isValid(sent) ? sent : sent.replace(/^(?:\[(.+)\]|([\d.]+))(?::\d+)?$/, '$1$2');
  if (!ipaddr.isValid(ip)) return sent.slice(0, 64);
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const { parts } = address as ipaddr.IPv6;
  return `${parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

/** The /48 that an IPv6 network lies in, which a customer of a provider often has whole; an IPv4 address itself. */
export const siteOf = (network: string): string =>
  network.endsWith('::/64') ? `${network.split(':').slice(0, 3).join(':')}::/48` : network;
