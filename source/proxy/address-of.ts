/** A host and a port as one word: `127.0.0.1:6380`, `[::1]:6380`. */
export function addressOf({host, port}: {readonly host: string; readonly port: number}): string {
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
