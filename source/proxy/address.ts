/** A host and a port as one word: `127.0.0.1:6380`, `[::1]:6380`. */
export function addressOf({host, port}: {readonly host: string; readonly port: number}): string {
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** True if only programs on this machine can connect to the host. */
export function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

const wildcards = new Set(['0.0.0.0', '::']);

/** True for a wildcard host (`0.0.0.0`, `::`): an address to listen on, but not to connect to. */
export function isWildcard(host: string): boolean {
	return wildcards.has(host);
}

/** The endpoint of an address as servers report it: `10.0.0.7:6379`, `fe80::7:6379`. */
export function endpointAt(address: string): {readonly host: string; readonly port: number} {
	const colon = address.lastIndexOf(':');
	return {host: address.slice(0, colon), port: Number(address.slice(colon + 1))};
}
