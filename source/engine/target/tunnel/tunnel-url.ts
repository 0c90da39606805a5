import {InvalidArgumentError} from '../../../pool/errors.js';
import {parseRedisUrl, type RedisTarget} from '../../../pool/redis-url.js';

/** The place at which the system's `ssh` logs in. */
export type SshPlace = {
	/** `host`, or `user@host`; the host may be an alias in the ssh configuration. */
	readonly destination: string;
	readonly port: number | undefined;
};

/** The parts of a URL that may begin with a tunnel. */
export type TunnelUrl = {
	readonly ssh: SshPlace | undefined;
	/** The URL of the Redis, as seen from the other end of the tunnel. */
	readonly url: string;
	readonly parts: RedisTarget;
};

// Names must not begin with a hyphen, since ssh would take them for options.
const tunnel = /^ssh:\/\/((?:\w[\w.+-]*@)?(?:\w[\w.-]*|\[[\da-f:.]+\]))(?::(\d{1,5}))?\/([a-z][a-z+]*:\/\/.*)$/i;

/**
 * Parses the URL of a Redis, optionally through a tunnel: `ssh://user@host/redis://127.0.0.1:6379`.
 *
 * @throws {InvalidArgumentError} It cannot be used. The message quotes no part of it.
 */
export function parseTunnelUrl(text: string): TunnelUrl {
	const written = text.trim();
	if (!/^ssh:\/\//i.test(written)) return {ssh: undefined, url: text, parts: parseRedisUrl(text)};
	const [, destination, port, url] = tunnel.exec(written) ?? [];
	if (destination === undefined || url === undefined)
		throw new InvalidArgumentError(
			'A tunnel is written before the URL of the Redis: ssh://user@host/redis://host:6379',
		);
	const parts = parseRedisUrl(url);
	if (parts.type !== 'tcp' && parts.type !== 'unix')
		throw new InvalidArgumentError(
			'A tunnel leads to one server: write redis://, rediss:// or unix:// after ssh://host/',
		);
	return {
		ssh: {destination: destination.replaceAll(/[[\]]/g, ''), port: port === undefined ? undefined : Number(port)},
		url,
		parts,
	};
}
